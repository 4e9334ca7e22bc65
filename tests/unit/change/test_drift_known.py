"""Drift that the spec, the configuration or an autoscaler answers for."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from groundplan.change.attribution import Attribution, Edits
from groundplan.change.drift.ignore import findings, holding, ignored
from groundplan.change.drift.model import Drifted, Fate, Value
from groundplan.change.drift.others import Left
from groundplan.change.drift.schemas import Schemas
from groundplan.change.drift.sort import Plans, Sorting
from groundplan.change.model import Entry, Kind
from groundplan.environment.lock import IgnoredRecord
from groundplan.terraform.effects import effects
from tests.unit.change.test_drift import AWS, one

TODAY = date(2026, 11, 30)
BUCKET = 'module.object_store.aws_s3_bucket.this["models"]'


def line(**given: Any) -> IgnoredRecord:
    told = {"name": "known", "at": "storage.buckets", "until": "2026-12-31", "reason": "finance tags buckets"}
    return IgnoredRecord.model_validate({**told, **given})


def drifted(*paths: str, kinds: tuple[Kind, ...] = (), fate: Fate = Fate.UNDONE) -> Drifted:
    values = tuple(Value(path, "a", "b", "a", undone=True) for path in paths)
    outside = tuple(Entry(kind, "bucket models") for kind in kinds)
    place = ("10-foundation", BUCKET, "aws_s3_bucket", "bucket models", "object_store", "storage.buckets")
    return Drifted(fate, *place, values=values, outside=outside)


@pytest.mark.parametrize("at", ["storage", "storage.buckets", "module.object_store", BUCKET, f"10-foundation/{BUCKET}"])
def test_a_line_hides_what_it_is_about(at: str) -> None:
    [said] = ignored(drifted("tags.a"), [line(at=at)]).ignored_by
    assert said == "drift.ignore.known until 2026-12-31: finance tags buckets"


@pytest.mark.parametrize("at", ["storage.bucket", "module.object", "20-platform/module.object_store", "serving"])
def test_a_line_hides_nothing_else(at: str) -> None:
    assert not ignored(drifted("tags.a"), [line(at=at)]).ignored_by


def test_attributes_are_hidden_one_by_one() -> None:
    found = ignored(drifted("tags.a", "policy"), [line(attributes=["tags.*"])])
    assert ([value.path for value in found.values], found.ignored_by) == (["policy"], ())
    assert ignored(drifted("tags.a", "tags.b"), [line(attributes=["tags"])]).ignored_by


def test_what_is_gone_is_not_hidden_by_attributes() -> None:
    assert not ignored(drifted(fate=Fate.REMOVED), [line(attributes=["*"])]).ignored_by
    assert ignored(drifted(fate=Fate.REMOVED), [line()]).ignored_by


@pytest.mark.parametrize("kind", [Kind.DESTROYS_DATA, Kind.CANNOT_BE_UNDONE, Kind.OPENS, Kind.UNKNOWN])
def test_lost_data_and_open_doors_are_hidden_only_by_their_class(kind: Kind) -> None:
    found = drifted("tags.a", kinds=(kind,))
    assert not ignored(found, [line(), line(attributes=["tags.*"])]).ignored_by
    assert ignored(found, [line(kind=kind.value)]).ignored_by


@pytest.mark.parametrize(("until", "code"), [("2026-11-29", "GP740"), ("2028-01-01", "GP740"), ("2026-11-30", None)])
def test_a_line_holds_until_its_day(until: str, code: str | None) -> None:
    lines = [line(until=until)]
    assert bool(holding(lines, TODAY)) is (code is None)
    assert [one.code for one in findings(lines, [drifted("tags.a")], TODAY, complete=True)] == ([code] if code else [])


def test_a_line_that_hides_nothing_is_told_where_everything_was_looked_at() -> None:
    lines = [line(attributes=["policy"])]
    [found] = findings(lines, [drifted("tags.a")], TODAY, complete=True)
    assert found.code == "GP744"
    assert not findings(lines, [drifted("tags.a")], TODAY, complete=False)


def test_many_wildcards_take_no_time() -> None:
    assert not ignored(drifted("a" * 200), [line(attributes=["*a" * 99 + "b"])]).ignored_by


def sorted_in(folder: Path, address: str, before: Any, after: Any, planned: Any = None) -> list[Drifted]:
    acts = "no-op" if planned is None else "update"
    changes = [one(after, after if planned is None else planned, acts, address=address)]
    plan = {"resource_drift": [one(before, after, "update", address=address)], "resource_changes": changes}
    left = Left(folder, ("10-foundation",))
    sorting = Sorting(Attribution(None, None, Edits()), effects(), Schemas(), left)
    return list(sorting.root(Plans("10-foundation", plan)).drifted)


POOL = "aws_eks_node_group.pool"


def pool(size: int) -> dict[str, Any]:
    return {"node_group_name": "a", "scaling_config": [{"desired_size": size, "min_size": 0, "max_size": 9}]}


def test_the_size_of_a_pool_is_the_autoscalers(tmp_path: Path) -> None:
    assert not sorted_in(tmp_path, POOL, pool(1), pool(5))
    assert sorted_in(tmp_path, POOL, pool(1), pool(5), pool(1))


def test_what_the_configuration_ignores_is_no_drift(tmp_path: Path) -> None:
    (tmp_path / "10-foundation").mkdir()
    text = (
        'resource "aws_sqs_queue" "jobs" {\n  lifecycle {\n    ignore_changes = [delay_seconds, tags["by"]]\n  }\n}\n'
    )
    (tmp_path / "10-foundation" / "main.tf").write_text(text)
    queue = "aws_sqs_queue.jobs"
    assert not sorted_in(tmp_path, queue, {"delay_seconds": 0, "tags": {}}, {"delay_seconds": 5, "tags": {"by": "x"}})
    [found] = sorted_in(tmp_path, queue, {"delay_seconds": 0, "tags": {}}, {"delay_seconds": 5, "tags": {"a": "x"}})
    assert [value.path for value in found.values] == ["tags.a"]


def test_a_refresh_alone_calls_things_by_their_names() -> None:
    was, now = [{"versioning_configuration": [{"status": word}], "bucket": "b"} for word in ("Enabled", "Suspended")]
    versioning, bucket = "module.s.aws_s3_bucket_versioning.this", "module.s.aws_s3_bucket.this"
    there = [{"address": bucket, "mode": "managed", "type": "aws_s3_bucket", "name": "this", "values": {"bucket": "b"}}]
    state = {"values": {"root_module": {"child_modules": [{"address": "module.s", "resources": there}]}}}
    drift = {**one(was, now, "update", address=versioning), "module_address": "module.s", "provider_name": AWS}
    plans = Plans("00-state", {"resource_drift": [drift], "prior_state": state}, refresh_only=True)
    [found] = Sorting(Attribution(None, None, Edits()), effects(), Schemas()).root(plans).drifted
    assert found.what == "bucket b"
    assert [entry.kind for entry in found.outside] == [Kind.CANNOT_BE_UNDONE]
