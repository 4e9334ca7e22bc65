"""The monthly difference of two environments, from their specs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from groundplan.app.change_costs import change_costs
from groundplan.app.leading import leading_edits
from groundplan.app.pipeline import resolve_spec
from groundplan.app.sides.model import SideFolder
from groundplan.change.attribution import Edits
from groundplan.change.costs import CostChange
from groundplan.diagnostics import Severity
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.lock import Lock
from groundplan.quantities import NO_USD
from tests.unit.app.test_change import SPEC

TODAY = date(2026, 11, 30)


def side(folder: Path, text: str) -> SideFolder:
    folder.mkdir()
    spec = folder / "groundplan.yaml"
    spec.write_text(text, encoding="utf-8")
    resolved = resolve_spec(spec)
    return SideFolder(folder, folder.name, "", None, resolved.document, resolved)


def costs(tmp_path: Path, before: str, after: str) -> CostChange:
    sides = side(tmp_path / "before", before), side(tmp_path / "after", after)
    return change_costs(sides, leading_edits(sides[0].document, sides[1].document, sides[1].resolved), TODAY)


def test_each_difference_has_the_edit_that_leads_to_it(tmp_path: Path) -> None:
    text = SPEC.replace("b: {vcpus: 4", "b: {vcpus: 16").replace("datasets: {}", "datasets: {size_gib: 4000}")
    found = costs(tmp_path, SPEC, text)
    told = {one.path: [edit.path for edit in one.edits] for one in found.entries}
    assert told == {
        "storage.buckets.datasets": ["storage.buckets.datasets.size_gib"],
        "training.pools.b": ["training.pools.b.vcpus"],
    }
    assert found.monthly_usd.low <= found.monthly_usd.expected <= found.monthly_usd.high
    assert sum(one.monthly_usd.expected for one in found.entries) == found.monthly_usd.expected > 0


def test_the_same_spec_costs_the_same(tmp_path: Path) -> None:
    assert costs(tmp_path, SPEC, SPEC) == CostChange(entries=[])


def test_a_side_without_a_spec_is_no_side_that_costs_nothing(tmp_path: Path) -> None:
    known = side(tmp_path / "known", SPEC)
    unknown = replace(known, document=None, resolved=None)
    assert change_costs((unknown, known), Edits(), TODAY) == CostChange(entries=[])
    (tmp_path / "empty").mkdir()
    first = change_costs((replace(unknown, folder=tmp_path / "empty"), known), Edits(), TODAY)
    assert first.monthly_usd.expected > 100


def test_what_leaves_the_spec_and_stays_in_the_cloud_is_still_paid(tmp_path: Path) -> None:
    sized = SPEC.replace("datasets: {}", "datasets: {size_gib: 4000}, models: {size_gib: 90}")
    gone = sized.replace("datasets: {size_gib: 4000}, ", "")
    sides = side(tmp_path / "before", sized), side(tmp_path / "after", gone)
    records = {}
    for one, last in zip(sides, (None, sides[0].folder), strict=True):
        files = resolve_spec(one.folder / "groundplan.yaml", last).render(one.folder)
        (one.folder / LOCK_FILE).write_text(files[LOCK_FILE], encoding="utf-8")
        records[one.label] = replace(one, lock=Lock.model_validate_json(files[LOCK_FILE]))
    found = change_costs((records["before"], records["after"]), Edits(), TODAY)
    resolved = sides[0].resolved
    assert resolved is not None
    paid = [line for line in resolved.estimate(today=TODAY).lines if line.path.startswith("storage.buckets.datasets")]
    usd = sum(line.monthly_usd.expected for line in paid)
    assert usd > 90
    [entry] = found.entries
    assert entry.what.startswith("bucket acme-datasets-")
    assert entry.what.endswith(f"is left behind and still paid: ${usd} a month")
    assert found.monthly_usd == NO_USD


@pytest.mark.parametrize(
    ("budget", "severity", "words"),
    [(90_000, Severity.NOTE, "under the budget of $90,000.00"), (10, Severity.WARNING, "over the budget of $10.00")],
)
def test_where_the_new_estimate_stands_against_its_budget_is_told(
    budget: int, severity: Severity, words: str, tmp_path: Path
) -> None:
    text = SPEC + f"budget: {{monthly_usd: {budget}}}\n"
    [found] = costs(tmp_path, text, text.replace("b: {vcpus: 4", "b: {vcpus: 16")).notices
    assert (found.code, found.severity, found.path) == ("GP739", severity, "budget.monthly_usd")
    assert words in found.message and found.place
