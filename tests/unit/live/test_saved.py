"""Saved plans are good for what they were made of, and for nothing else."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.live.digests import lock_digest, plan_digest, tree_digest
from groundplan.live.roots import Standing, standing_in
from groundplan.live.saved import Basis, Record, SavedRoot, actions_of, read_record, stale, write_record
from groundplan.live.state import State
from tests.unit.live.environments import rendered

STATE = State("lineage", 3, "1.11.4", 2, {}, {})


@pytest.fixture
def standing(tmp_path: Path) -> Standing:
    return standing_in(rendered(tmp_path / "modules"))


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    folder = tmp_path / "plans"
    folder.mkdir()
    (folder / "10-foundation.tfplan").write_bytes(b"plan")
    return folder


def _record(standing: Standing, plans: Path) -> Record:
    digest = plan_digest(plans / "10-foundation.tfplan")
    root = SavedRoot(root="10-foundation", sha256=digest, serial=3, lineage="lineage", pending=True)
    return Record(
        run="r1",
        made="2026-01-01T00:00:00+00:00",
        groundplan="0.1.0",
        terraform="terraform 1.11.4",
        environment=standing.name,
        account="123456789012",
        tree=tree_digest(standing.folder),
        lock=lock_digest(standing.folder),
        roots=(root,),
    )


def _now(standing: Standing) -> Basis:
    return Basis(standing, "123456789012", "terraform 1.11.4", "0.1.0", {"10-foundation": STATE})


def _codes(record: Record, plans: Path, now: Basis) -> list[str]:
    return [one.code for one in stale(record, plans, now)]


def test_a_record_is_read_as_it_was_written_and_good_for_what_there_is(standing: Standing, plans: Path) -> None:
    record = _record(standing, plans)
    write_record(plans, record)
    assert read_record(plans) == record
    assert _codes(record, plans, _now(standing)) == []


def test_what_changed_since_is_told(standing: Standing, plans: Path) -> None:
    record, now = _record(standing, plans), _now(standing)
    assert _codes(record, plans, replace(now, account="999999999999")) == ["GP413"]
    assert _codes(record, plans, replace(now, terraform="tofu 1.12.0")) == ["GP415"]
    assert _codes(record, plans, replace(now, states={"10-foundation": replace(STATE, serial=4)})) == ["GP414"]
    assert _codes(record, plans, replace(now, states={"10-foundation": replace(STATE, lineage="new")})) == ["GP414"]
    assert _codes(record, plans, replace(now, states={})) == ["GP414"]
    (plans / "10-foundation.tfplan").write_bytes(b"another")
    assert _codes(record, plans, now) == ["GP412"]
    (plans / "10-foundation.tfplan").unlink()
    assert _codes(record, plans, now) == ["GP412"]


def test_a_first_plan_holds_where_its_backend_has_made_an_empty_state(standing: Standing, plans: Path) -> None:
    """As that of Cloud Storage does when it is asked for a state that is not there."""
    record, now = _record(standing, plans), _now(standing)
    [root] = record.roots
    first = record.model_copy(update={"roots": (root.model_copy(update={"serial": 0, "lineage": ""}),)})
    empty = replace(STATE, serial=1, resources=0)
    assert _codes(first, plans, replace(now, states={"10-foundation": empty})) == []
    assert _codes(first, plans, now) == ["GP414"]
    assert _codes(record, plans, replace(now, states={"10-foundation": empty})) == ["GP414"]


@pytest.mark.parametrize("name", ["10-foundation/main.tf", "10-foundation/own.tf", "modules/aws/x/policy.json"])
def test_a_file_that_terraform_reads_and_that_changed_is_seen(standing: Standing, plans: Path, name: str) -> None:
    record = _record(standing, plans)
    file = standing.folder / name
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("# changed\n")
    assert _codes(record, plans, _now(standing)) == ["GP411"]


def test_state_data_and_documents_are_not_part_of_what_was_planned(standing: Standing, plans: Path) -> None:
    record = _record(standing, plans)
    for name in ("10-foundation/.terraform/modules/modules.json", "10-foundation/terraform.tfstate", "NOTES.md"):
        file = standing.folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("x")
    assert _codes(record, plans, _now(standing)) == []


@pytest.mark.parametrize(
    "text",
    ["", "[]", "{}", '{"roots": 1}', "\x00", "{" * 10_000, json.dumps({"format_version": "2"})],
)
def test_what_is_no_record_is_refused(plans: Path, text: str) -> None:
    (plans / "plan.json").write_text(text)
    with pytest.raises(DiagnosticsError) as error:
        read_record(plans)
    assert [one.code for one in error.value.diagnostics] == ["GP416"]


def test_a_root_cannot_lead_out_of_the_folder(standing: Standing, plans: Path) -> None:
    record = json.loads(_record(standing, plans).model_dump_json())
    record["roots"][0]["root"] = "../../etc"
    (plans / "plan.json").write_text(json.dumps(record))
    with pytest.raises(DiagnosticsError):
        read_record(plans)


def test_actions_have_no_values_and_leave_out_what_stays() -> None:
    changes = [
        {"address": "b.x", "change": {"actions": ["delete", "create"], "after": {"password": "secret"}}},
        {"address": "a.x", "change": {"actions": ["no-op"]}},
        {"address": "a.y", "change": {"actions": ["update"]}},
    ]
    found = actions_of({"resource_changes": changes})
    assert [(one.address, one.actions) for one in found] == [("a.y", ("update",)), ("b.x", ("delete", "create"))]
    assert "secret" not in str(found)


def test_what_is_imported_or_moved_is_applied_although_nothing_in_the_cloud_changes() -> None:
    changes = [
        {"address": "a.imported", "change": {"actions": ["no-op"], "importing": {"id": "x"}}},
        {"address": "b.changed", "change": {"actions": ["update"], "importing": {"id": "x"}}},
        {"address": "c.moved", "previous_address": "c.old", "change": {"actions": ["no-op"]}},
        {"address": "d.stays", "change": {"actions": ["no-op"]}},
    ]
    found = actions_of({"resource_changes": changes})
    assert [one.actions for one in found] == [("import",), ("import", "update"), ("move",)]
