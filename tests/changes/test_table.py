"""Every edit of `table.yaml`: those that are refused are, and all others give the classes that the table has for them.

Many edits are tried at once, in one session for each cloud: entries name the edits that lead to them.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from groundplan.app.sides.model import SideFolder
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.terraform.effects import effects
from tests.changes.judged import wrong
from tests.changes.rehearsal import environment, rehearsals
from tests.changes.rows import BASES, CLOUDS, Batch, Row, base_spec, batches, meet, rows

ROWS = rows()
REFUSED = [row for row in ROWS if row.there.refused]
BATCHES = batches([row for row in ROWS if not row.there.refused])
FEW = {
    "owner",
    "one NAT",
    "public ranges wider",
    "vCPUs raised",
    "more GPUs",
    "no fallback",
    "smaller serving disk",
    "objects expire sooner",
    "bucket removed",
    "fewer images",
    "database vCPUs raised",
    "database unprotected",
}
"""Some of each kind that are tried at once, in every run of the fast tests."""


@dataclass(frozen=True)
class Standing:
    """Environments that stand, by base and cloud."""

    sides: Mapping[tuple[str, str], SideFolder]
    top: Path


@pytest.fixture(scope="module")
def standing(tmp_path_factory: pytest.TempPathFactory) -> Standing:
    top = tmp_path_factory.mktemp("standing")
    names = [(base, cloud) for base in BASES for cloud in CLOUDS]
    return Standing({(b, c): environment(base_spec(b, c), f"{b}-{c}", top) for b, c in names}, top)


def codes(caught: pytest.ExceptionInfo[DiagnosticsError]) -> set[str]:
    return {found.code for found in caught.value.diagnostics if found.severity is Severity.ERROR}


def test_the_table_is_large_enough() -> None:
    assert len({row.edit for row in ROWS}) >= 60
    assert {row.cloud for row in ROWS} == set(CLOUDS)
    assert len({(row.edit, row.cloud) for row in ROWS}) == len(ROWS)


def test_every_key_is_edited(repository: Path) -> None:
    rows_of_keys = re.findall(
        r"^\| `([^`]+)` \| (?!keys |names)", (repository / "docs/spec.md").read_text(), re.MULTILINE
    )
    keys = {key for key in rows_of_keys if not key.startswith("serving.")} - {"apiVersion", "cloud.provider"}
    assert sorted(keys - frozenset().union(*(row.keys for row in ROWS))) == []


@pytest.mark.parametrize("row", REFUSED, ids=str)
def test_what_a_cloud_refuses_is_refused(row: Row, standing: Standing, tmp_path: Path) -> None:
    last = standing.sides[row.base, row.cloud]
    with pytest.raises(DiagnosticsError) as caught:
        environment(row.applied(base_spec(row.base, row.cloud)), "refused", tmp_path, last)
    assert codes(caught) == {row.there.refused}
    assert all(found.place and found.hint for found in caught.value.diagnostics if found.severity is Severity.ERROR)


@pytest.mark.parametrize("row", [row for row in ROWS if row.back and row.back.refused], ids=str)
def test_what_cannot_be_taken_back_is_refused(row: Row, standing: Standing, tmp_path: Path) -> None:
    base = base_spec(row.base, row.cloud)
    there = environment(row.applied(base), "there", tmp_path, standing.sides[row.base, row.cloud])
    with pytest.raises(DiagnosticsError) as caught:
        environment(base, "back", tmp_path, there)
    assert row.back
    assert codes(caught) == {row.back.refused}


@pytest.mark.parametrize("row", [row for row in ROWS if row.facts], ids=str)
def test_what_the_table_goes_by_is_known(row: Row) -> None:
    assert [fact for fact in row.facts if not _known(fact)] == []


def _known(fact: str) -> bool:
    """Whether the type was studied, and a row of it is about the argument, a part of it or what it is in."""
    type_, _, argument = fact.partition(".")
    patterns = [".".join(row.pattern) for row in effects().changes(type_)]
    return bool(patterns) and (not argument or any(meet(argument, pattern) for pattern in patterns))


@pytest.mark.parametrize("cloud", CLOUDS)
def test_an_edit_of_each_kind(cloud: str, tmp_path: Path) -> None:
    [batch] = batches([row for row in ROWS if row.cloud == cloud and row.edit in FEW])
    assert len(batch.rows) == len(FEW)
    assert list(_tried([batch], tmp_path)) == []


@pytest.mark.slow
@pytest.mark.skipif("ALL_EDITS" not in os.environ, reason="takes four minutes: `make test-changes`")
@pytest.mark.parametrize("cloud", CLOUDS)
def test_every_edit(cloud: str, tmp_path: Path) -> None:
    assert list(_tried([batch for batch in BATCHES if batch.cloud == cloud], tmp_path)) == []


def _tried(tried: list[Batch], top: Path, *, back: bool = False) -> Iterator[str]:
    """What is not as the table has it, and with `back` what is not when the edits are taken back."""
    bases = {base: environment(base_spec(base, tried[0].cloud), base, top) for base in {batch.base for batch in tried}}
    sides = [_sides(batch, bases[batch.base], f"{n:02}", top, back=back) for n, batch in enumerate(tried)]
    with rehearsals(top) as rehearsed:
        for batch, (there, before) in zip(tried, sides, strict=True):
            found = rehearsed.change(bases[batch.base], there)
            yield from (f"{batch}: {one}" for one in wrong(found, [(row, row.there) for row in batch.rows]))
            returning = [(row, row.back) for row in batch.returning if row.back]
            if before and returning:
                yield from (f"{batch}, back: {one}" for one in wrong(rehearsed.change(there, before), returning))


def _sides(batch: Batch, base: SideFolder, name: str, top: Path, *, back: bool) -> tuple[SideFolder, SideFolder | None]:
    """The environment with the edits, and the one that they are taken back in."""
    there = environment(batch.there, f"{name}-there", top, base)
    return there, environment(batch.back, f"{name}-back", top, there) if back else None
