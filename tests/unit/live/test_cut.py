"""What is taken over of an apply that was killed, with what Terraform and the state answer given."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundplan.app.live.cut import IMPORTS_FILE, dead_lock, overtaken, planned_after_cut, was_cut
from groundplan.clouds.aws.live.imports import IMPORTS
from groundplan.diagnostics import Diagnostic
from groundplan.live.cloud import StateLock, time_of
from groundplan.live.copied import OVERRIDE
from groundplan.live.terraform import RunResult
from groundplan.live.trace import Origin, Trace, begin_line, this_host, trace_of
from tests.unit.hostile import BREAKS, COMMANDS, CONTROLS
from tests.unit.live.test_trace import SUMMARY, VERSION, hook, told

ROOT = "10-foundation"
VPC, SUBNET = "module.network.aws_vpc.this", 'module.network.aws_subnet.private["us-east-1a"]'
ATTACHED = "module.nodes.aws_iam_role_policy_attachment.node"
BUCKET, ALIAS, KEY = "aws_s3_bucket.a", "aws_kms_alias.a", "aws_kms_key.a"
KEPT = "acme/10-foundation.tfstate"
PLACE = f"acme-states/{KEPT}"
STATE: Any = SimpleNamespace(root=ROOT, bucket="acme-states", file=Path("/nowhere"))
_BLOCK = re.compile(r"import \{\n  to = (.+)\n  id = (.+)\n\}")


def made(address: str, id_: str, key: str = "id") -> dict[str, Any]:
    return hook("apply_complete", address, id_key=key, id_value=id_)


def begun(address: str) -> dict[str, Any]:
    return hook("apply_start", address)


def state(*resources: tuple[str, dict[str, Any]], lineage: str = "own") -> Any:
    found = []
    for address, attributes in resources:
        module, type_, name = re.fullmatch(r"(?:(module\.\w+)\.)?(\w+)\.(\w+)", address).groups()  # type: ignore[union-attr]
        one = {"mode": "managed", "type": type_, "name": name, "instances": [{"attributes": attributes}]}
        found.append({**one, "module": module} if module else one)
    return SimpleNamespace(fields={"resources": found}, lineage=lineage, resources=len(found))


class Terraform:
    """Answers of `Live`: plans, and what of an account is there to be imported."""

    def __init__(
        self, folder: Path, trace: Trace | None, values: dict[str, Any], gone: Sequence[str] = (), quotes: bool = False
    ) -> None:
        """`quotes`: what is gone is told in the text of the error alone, quoted as Go does."""
        self.folder, self._trace, self.values, self.gone, self._quotes = folder, trace, values, set(gone), quotes
        self.imports: list[dict[str, str]] = []
        self.forgotten = False
        self._copy: Path | None = None

    def place(self, root: str) -> Path:
        return (self._copy or self.folder) / root

    def trace(self, _root: str) -> Trace | None:
        return self._trace

    def forget(self, _root: str) -> None:
        self.forgotten = True

    @contextmanager
    def copied(self, root: str) -> Iterator[Path]:
        folder = self.folder.parent / "copy"
        (folder / root).mkdir(parents=True)
        yield folder

    def elsewhere(self, copies: dict[str, Path]) -> Terraform:
        self._copy = copies[ROOT]
        return self

    def init(self, root: str) -> RunResult:
        return RunResult(root, True, (), 0)

    def plan(self, root: str, _file: Path, *, origin: Origin) -> RunResult:
        assert origin.place == PLACE or origin.place.endswith(".tfstate")
        file = self.place(root) / IMPORTS_FILE
        found = dict(_BLOCK.findall(file.read_text("utf-8"))) if file.exists() else {}
        self.imports.append({to: json.loads(id_) for to, id_ in found.items()})
        missing = [self._missing(to) for to in found if to in self.gone]
        return RunResult(root, not missing, tuple(missing), 0)

    def _missing(self, to: str) -> Diagnostic:
        message = "Cannot import non-existent remote object"
        if not self._quotes:
            return Diagnostic("GP922", message, address=to)
        return Diagnostic("GP922", f"{message}: While attempting to import an existing object to {json.dumps(to)}, the")

    def show(self, _root: str, _file: Path) -> dict[str, Any]:
        changes = {address: {"after": after} for address, after in self.values.items()}
        for to, id_ in (self.imports[-1] if self.imports else {}).items():
            changes[to] = {**changes.get(to, {}), "importing": {"id": id_}}
        return {"resource_changes": [{"address": address, "change": change} for address, change in changes.items()]}


def account(folder: Path) -> Any:
    return SimpleNamespace(
        standing=SimpleNamespace(folder=folder), cloud=SimpleNamespace(imports=IMPORTS), key=lambda _state: KEPT
    )


class Cut:
    """A plan after an apply that told these lines."""

    def __init__(self, tmp_path: Path, lines: bytes | None, **more: Any) -> None:
        folder = tmp_path / "acme"
        (folder / ROOT).mkdir(parents=True)
        now = more.pop("now", None)
        begin = begin_line(more.pop("origin", Origin(PLACE, now.lineage if now else "")))
        trace = None if lines is None else trace_of(begin + lines)
        self.live = Terraform(folder, trace, more.pop("values", {}), **more)
        live: Any = self.live
        self.result, self.told = planned_after_cut(account(folder), live, STATE, now, tmp_path / "plan")
        self.imported = self.live.imports[-1]
        self.codes = [one.code for one in self.told]


def test_what_was_made_is_imported_by_the_id_that_was_told(tmp_path: Path) -> None:
    cut = Cut(tmp_path, told(VERSION, made(VPC, "vpc-1"), made(SUBNET, "subnet-1")))
    assert cut.imported == {VPC: "vpc-1", SUBNET: "subnet-1"}
    assert cut.codes == ["GP745"]
    assert VPC in cut.told[0].message


def test_what_its_page_names_takes_its_arguments_once_the_plan_knows_them(tmp_path: Path) -> None:
    values = {ATTACHED: {"role": "nodes", "policy_arn": "arn:aws:iam::aws:policy/P"}}
    cut = Cut(tmp_path, told(VERSION, made(ATTACHED, "nodes-20261130")), values=values)
    assert cut.live.imports == [{}, {ATTACHED: "nodes/arn:aws:iam::aws:policy/P"}]


def test_an_id_that_is_a_name_is_not_taken_for_an_id(tmp_path: Path) -> None:
    cut = Cut(tmp_path, told(VERSION, made(KEY, "a", "name")))
    assert cut.imported == {}
    assert cut.codes == ["GP746"]


def test_what_no_import_takes_is_named_with_what_to_do(tmp_path: Path) -> None:
    task = "aws_ecs_task_definition.this"
    cut = Cut(tmp_path, told(VERSION, made(task, "family")), values={task: {"family": "family"}})
    assert (cut.imported, cut.codes) == ({}, ["GP746"])
    assert "deregister-task-definition" in cut.told[0].hint


@pytest.mark.parametrize("address", ["terraform_data.a", "aws_default_security_group.a", "kubernetes_annotations.a"])
def test_what_is_made_again_is_not_told_of(tmp_path: Path, address: str) -> None:
    cut = Cut(tmp_path, told(VERSION, made(address, "x"), begun("aws_default_route_table.b")))
    assert (cut.imported, cut.codes) == ({}, [])
    assert cut.live.forgotten


def test_what_the_state_has_is_not_imported(tmp_path: Path) -> None:
    now = state((VPC, {"id": "vpc-1"}), (BUCKET, {"id": "a"}))
    cut = Cut(tmp_path, told(VERSION, made(VPC, "vpc-1"), begun(BUCKET)), now=now)
    assert (cut.imported, cut.codes, cut.live.forgotten) == ({}, [], True)


REPLACE = {"type": "planned_change", "change": {"action": "replace", "resource": {"addr": VPC}}}
GOING, GONE = hook("apply_start", VPC, "delete", id_key="id", id_value="vpc-1"), hook("apply_complete", VPC, "delete")


@pytest.mark.parametrize(
    ("lines", "remedy"),
    [
        ([GOING, GONE, begun(VPC), made(VPC, "vpc-2")], "the old one is gone: `terraform state rm"),
        ([begun(VPC), made(VPC, "vpc-2"), GOING, GONE], "the old one is gone: `terraform state rm"),
        ([begun(VPC), made(VPC, "vpc-2"), GOING], "delete vpc-2 by hand"),
        ([begun(VPC), made(VPC, "vpc-2")], "delete vpc-2 by hand"),
    ],
)
def test_a_successor_of_what_the_state_names_is_not_imported_and_told(
    tmp_path: Path, lines: list[dict[str, Any]], remedy: str
) -> None:
    """Terraform passes over an import to an address that the state has: the plan has nothing of it."""
    cut = Cut(tmp_path, told(VERSION, REPLACE, *lines), now=state((VPC, {"id": "vpc-1"})))
    assert (cut.imported, cut.codes) == ({}, ["GP746"])
    assert "vpc-2" in cut.told[0].message
    assert remedy in cut.told[0].hint


def test_a_successor_takes_the_place_of_what_was_removed_from_the_state(tmp_path: Path) -> None:
    cut = Cut(tmp_path, told(VERSION, REPLACE, GOING, GONE, begun(VPC), made(VPC, "vpc-2")), now=state())
    assert (cut.imported, cut.codes) == ({VPC: "vpc-2"}, ["GP745"])


@pytest.mark.parametrize("lines", [[GOING, GONE, begun(VPC)], [begun(VPC)]])
def test_a_successor_that_was_begun_may_be_there(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    cut = Cut(tmp_path, told(VERSION, REPLACE, *lines), now=state((VPC, {"id": "vpc-1"})), values={VPC: {"id": ""}})
    assert (cut.imported, cut.codes) == ({}, ["GP747"])
    assert VPC in cut.told[0].message


@pytest.mark.parametrize("lines", [[GOING], [GOING, GONE, begun(VPC), hook("apply_errored", VPC)]])
def test_a_replacement_that_made_nothing_leaves_nothing(tmp_path: Path, lines: list[dict[str, Any]]) -> None:
    cut = Cut(tmp_path, told(VERSION, REPLACE, *lines), now=state((VPC, {"id": "vpc-1"})))
    assert (cut.imported, cut.codes) == ({}, [])


def test_what_a_state_has_deposed_is_not_its_resource(tmp_path: Path) -> None:
    now = state((VPC, {"id": "vpc-2"}))
    now.fields["resources"][0]["instances"].append({"deposed": "0a1b2c3d", "attributes": {"id": "vpc-1"}})
    cut = Cut(tmp_path, told(VERSION, REPLACE, begun(VPC), made(VPC, "vpc-2")), now=now)
    assert (cut.imported, cut.codes, cut.live.forgotten) == ({}, [], True)


def test_an_import_that_the_plan_does_not_have_is_not_told_as_one(tmp_path: Path) -> None:
    class Passing(Terraform):
        def show(self, _root: str, _file: Path) -> dict[str, Any]:
            return {"resource_changes": []}

    folder = tmp_path / "acme"
    (folder / ROOT).mkdir(parents=True)
    live: Any = Passing(folder, trace_of(begin_line(Origin(PLACE, "")) + told(VERSION, made(VPC, "vpc-1"))), {})
    _, found = planned_after_cut(account(folder), live, STATE, None, tmp_path / "plan")
    assert [one.code for one in found] == ["GP746"]


def test_what_is_gone_is_left_out_and_named(tmp_path: Path) -> None:
    cut = Cut(tmp_path, told(VERSION, made(VPC, "vpc-1"), made(SUBNET, "subnet-1")), gone=[VPC])
    assert cut.result.ok
    assert cut.imported == {SUBNET: "subnet-1"}
    assert [(one.code, one.address) for one in cut.told] == [("GP745", None), ("GP746", VPC)]


@pytest.mark.parametrize("gone", [VPC, SUBNET])
def test_what_is_gone_is_left_out_where_the_text_alone_names_it(tmp_path: Path, gone: str) -> None:
    cut = Cut(tmp_path, told(VERSION, made(VPC, "vpc-1"), made(SUBNET, "subnet-1")), gone=[gone], quotes=True)
    assert cut.imported.keys() == {VPC, SUBNET} - {gone}
    assert [(one.code, one.address) for one in cut.told] == [("GP745", None), ("GP746", gone)]


def test_what_was_begun_is_looked_for_by_its_name(tmp_path: Path) -> None:
    values = {BUCKET: {"bucket": "a"}, ALIAS: {"name": "alias/a"}, KEY: {}}
    cut = Cut(tmp_path, told(VERSION, begun(BUCKET), begun(ALIAS), begun(KEY)), values=values, gone=[ALIAS])
    assert cut.imported == {BUCKET: "a"}
    assert cut.codes == ["GP745", "GP747"]
    assert ALIAS in cut.told[1].message and KEY in cut.told[1].message


@pytest.mark.parametrize(
    "lines",
    [
        None,
        b"",
        told(VERSION, made(VPC, "vpc-1"), SUMMARY),
        told(VERSION, made(VPC, "vpc-1"), hook("apply_complete", VPC, "delete")),
        told(VERSION, made(VPC, "vpc-1"))[:-20],
    ],
)
def test_nothing_is_taken_over_where_nothing_was_left(tmp_path: Path, lines: bytes | None) -> None:
    cut = Cut(tmp_path, lines)
    assert (cut.imported, cut.codes) == ({}, [])


def test_a_line_that_was_cut_off_leaves_what_was_begun(tmp_path: Path) -> None:
    whole, rest = told(VERSION, begun(BUCKET)), told(made(BUCKET, "a"))[:-9]
    assert Cut(tmp_path, whole + rest, values={BUCKET: {"bucket": "a"}}).imported == {BUCKET: "a"}


def test_applies_that_were_killed_one_after_another_are_taken_together(tmp_path: Path) -> None:
    cut = Cut(tmp_path, told(VERSION, made(VPC, "vpc-1")) + told(VERSION, made(SUBNET, "subnet-1")))
    assert cut.imported == {VPC: "vpc-1", SUBNET: "subnet-1"}


@pytest.mark.parametrize(
    "address", ['aws_vpc.a\n}\nresource "x" "y" {', "aws_vpc.${a}", "aws_vpc", "", "aws_vpc.a[x\n]"]
)
def test_an_address_that_is_none_is_not_written(tmp_path: Path, address: str) -> None:
    line = {"type": "apply_complete", "hook": {"resource": {"addr": address, "resource_type": "aws_vpc"}}}
    line["hook"] |= {"action": "create", "id_key": "id", "id_value": "vpc-1"}  # type: ignore[operator]
    cut = Cut(tmp_path, told(VERSION, line), values={address: {"id": "vpc-1"}})
    assert (cut.imported, cut.codes) == ({}, ["GP746"])


def test_an_id_is_written_as_a_text(tmp_path: Path) -> None:
    id_ = 'a"\n}\n${file("/etc/passwd")} %{ if true }'
    cut = Cut(tmp_path, told(VERSION, made(VPC, id_)))
    written = (tmp_path / "copy" / ROOT / IMPORTS_FILE).read_text("utf-8")
    assert len(written.splitlines()) == 4
    assert "$${file" in written and "%%{" in written
    assert cut.codes == ["GP745"]


@pytest.mark.parametrize(
    "data",
    [
        b"\x00\xff\xfe{",
        b'{"type":"apply_complete","hook":{"resource":null,"action":"create"}}',
        b'{"type":"apply_start","hook":{"resource":{"addr":["x"],"resource_type":{}},"action":"create"}}',
        b'{"type":"apply_complete","hook":{"resource":{"addr":1e999},"action":"create","id_key":[],"id_value":{}}}',
        b"{" * 5_000,
        *(told(made(f"aws_vpc.{text}", text), begun(f"{text}.aws_vpc.a")) for text in (*COMMANDS, *CONTROLS, *BREAKS)),
    ],
)
def test_lines_of_any_kind_are_taken(tmp_path: Path, data: bytes) -> None:
    cut = Cut(tmp_path, told(VERSION) + data + b"\n" + told(made(VPC, "vpc-1")))
    assert cut.result.ok
    assert cut.imported == {VPC: "vpc-1"}


BEGAN = time_of(VERSION["@timestamp"])


def test_of_another_state_nothing_is_imported_and_it_is_told(tmp_path: Path) -> None:
    lines = told(VERSION, made(VPC, "vpc-1"), begun(BUCKET))
    anew = state((VPC, {"id": "vpc-2"}), lineage="another")
    for number, (origin, now) in enumerate(
        (
            (Origin(PLACE, "gone"), anew),
            (Origin(PLACE, "gone"), None),
            (Origin(PLACE, ""), anew),
            (Origin("other-states/acme", ""), None),
            (Origin("other-states/acme", "another"), anew),
        )
    ):
        cut = Cut(tmp_path / str(number), lines, now=now, origin=origin)
        assert (cut.imported, cut.codes, cut.live.forgotten) == ({}, ["GP747"], True)
        assert f"it had made {VPC} and begun {BUCKET}" in cut.told[0].message


def test_a_state_that_was_first_written_by_the_killed_apply_is_its_own(tmp_path: Path) -> None:
    lines = told(VERSION, made(VPC, "vpc-1"), made(SUBNET, "subnet-1"))
    cut = Cut(tmp_path, lines, now=state((VPC, {"id": "vpc-1"})), origin=Origin(PLACE, ""))
    assert (cut.imported, cut.codes) == ({SUBNET: "subnet-1"}, ["GP745"])
    assert Cut(tmp_path / "b", lines, now=state(), origin=Origin(PLACE, "")).imported.keys() == {VPC, SUBNET}


def test_what_a_destruction_says_settles_nothing_of_an_earlier_apply(tmp_path: Path) -> None:
    destroyed = begin_line(Origin(PLACE, "own", destroys=True)) + told(
        VERSION, hook("apply_complete", VPC, "delete"), SUMMARY
    )
    lines = told(VERSION, made(VPC, "vpc-1"), made(SUBNET, "subnet-1")) + destroyed
    assert Cut(tmp_path, lines, now=state()).imported == {SUBNET: "subnet-1"}
    assert not trace_of(destroyed).owes


def test_a_state_in_a_file_stays_where_it_is_in_the_copy(tmp_path: Path) -> None:
    file = tmp_path / "kept.tfstate"
    kept: Any = SimpleNamespace(root=ROOT, bucket="", file=file)
    folder = tmp_path / "acme"
    (folder / ROOT).mkdir(parents=True)
    terraform = Terraform(folder, trace_of(begin_line(Origin(str(file), "")) + told(VERSION, made(VPC, "vpc-1"))), {})
    live: Any = terraform
    planned_after_cut(account(folder), live, kept, None, tmp_path / "plan")
    assert terraform.imports[-1] == {VPC: "vpc-1"}
    assert str(file) in (tmp_path / "copy" / ROOT / OVERRIDE).read_text("utf-8")


HERE = begin_line(Origin(PLACE, "")) + told(VERSION)
OTHERS = begin_line(Origin("other-states/acme", "")) + told(VERSION)


@pytest.mark.parametrize(
    ("data", "created", "who", "ours"),
    [
        (HERE, BEGAN, f"me@{this_host()}", True),
        (HERE, BEGAN - timedelta(seconds=5), f"me@{this_host()}", True),  # type: ignore[operator]
        (HERE, BEGAN - timedelta(minutes=5), f"me@{this_host()}", False),  # type: ignore[operator]
        (HERE, BEGAN + timedelta(minutes=4), f"me@{this_host()}", True),  # type: ignore[operator]
        (HERE, BEGAN + timedelta(minutes=10), f"me@{this_host()}", False),  # type: ignore[operator]
        (HERE, BEGAN, "ci@runner-7", False),
        (HERE, None, f"me@{this_host()}", False),
        (OTHERS, BEGAN, f"me@{this_host()}", False),
        (HERE.replace(this_host().encode(), b"runner-7"), BEGAN, "me@runner-7", False),
        (HERE + told(SUMMARY), BEGAN, f"me@{this_host()}", False),
        (b"", BEGAN, f"me@{this_host()}", False),
        (None, BEGAN, f"me@{this_host()}", False),
    ],
)
def test_a_lock_is_this_machine_s_when_its_dead_run_took_it(
    tmp_path: Path, data: bytes | None, created: Any, who: str, ours: bool
) -> None:
    read = None if data is None else trace_of(data)
    for live in (
        SimpleNamespace(trace=lambda _root: read, planning=lambda _root: None),
        SimpleNamespace(trace=lambda _root: None, planning=lambda _root: read),
    ):
        _judged(tmp_path, live, created, who, ours)


def _judged(tmp_path: Path, live: Any, created: Any, who: str, ours: bool) -> None:
    held = StateLock("1234", who, "OperationTypeApply", created, "x")
    found = dead_lock(account(tmp_path), live, STATE, held)
    assert (found is not None) is ours
    assert found is None or "--id 1234 --force" in found.hint


def test_a_lock_of_a_run_that_is_at_work_is_left(tmp_path: Path) -> None:
    trace = SimpleNamespace(runs=True, ended=False, began=BEGAN)
    live: Any = SimpleNamespace(trace=lambda _root: trace, planning=lambda _root: trace)
    assert dead_lock(account(tmp_path), live, STATE, StateLock("1", "me", "x", BEGAN, "x")) is None


def test_a_plan_from_before_a_kill_is_not_applied_once_more() -> None:
    """The state is as it was when it was planned: nothing of what was made is in there."""
    lines = HERE + told(made(VPC, "vpc-1"))
    at: Any = account(Path("/nowhere"))
    at.standing.states = [STATE]

    def refused(planned: timedelta, data: bytes, now: Any = None) -> list[str]:
        assert BEGAN
        record: Any = SimpleNamespace(
            made=(BEGAN + planned).isoformat(), of=lambda _root: SimpleNamespace(pending=True)
        )
        live: Any = SimpleNamespace(trace=lambda _root: trace_of(data))
        return [one.code for one in overtaken(at, live, record, {ROOT: now})]

    assert refused(-timedelta(minutes=1), lines) == ["GP414"]
    assert refused(timedelta(minutes=1), lines) == [], "it imports what was made"
    assert refused(-timedelta(minutes=1), lines, state((VPC, {"id": "vpc-1"}))) == []
    assert refused(-timedelta(minutes=1), lines + told(SUMMARY)) == []


@pytest.mark.parametrize(
    ("data", "cut"), [(HERE, True), (OTHERS, False), (HERE + told(SUMMARY), False), (b"", False), (None, False)]
)
def test_whether_an_apply_of_the_environment_was_killed_here(data: bytes | None, cut: bool) -> None:
    at: Any = account(Path("/nowhere"))
    at.standing.states = [STATE]
    live: Any = SimpleNamespace(trace=lambda _root: None if data is None else trace_of(data))
    assert was_cut(at, live) is cut
