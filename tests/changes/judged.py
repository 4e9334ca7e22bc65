"""Whether a change has the entries that its edits must give, and no others."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundplan.change.model import Change, Entry, Kind
from tests.changes.rows import Expected, Row, meet

NOT_JUDGED = {Kind.COSTS.value, Kind.UNKNOWN.value}
"""Classes that may be there with any edit: what is dearer, and what nobody can tell."""


def wrong(change: Change, expected: Sequence[tuple[Row, Expected]]) -> Iterator[str]:
    """What is not as the rows have it, in words; nothing where all is."""
    for row, one in expected:
        there = [entry for entry in change.entries if leads_to(row, entry)]
        shared = [entry for entry in change.entries if not _alone(entry, expected)]
        missing = (kinds for kinds in one.must if not any(_has(there, kind, shared) for kind in kinds))
        yield from (f"{row.edit}: no {' or '.join(kinds)}" for kinds in missing)
        lost = (entry for entry in there if entry.kind in (Kind.DESTROYS_DATA, Kind.REPLACES))
        spared = [(entry, part) for entry in lost for part in row.spares if part in entry.address]
        yield from (f"{row.edit}: {entry.kind}, {entry.what} ({entry.address})" for entry, _ in spared)
    for entry in change.entries:
        allowed = [one.allowed for row, one in expected if leads_to(row, entry) or not entry.edits]
        if entry.kind.value not in NOT_JUDGED and not any(entry.kind.value in kinds for kinds in allowed):
            by = ", ".join(edit.path for edit in entry.edits) or "no edit"
            yield f"{by}: {entry.kind}, {entry.what} ({entry.address})"


def leads_to(row: Row, entry: Entry) -> bool:
    """Whether an edit of the row is one of those that the entry names."""
    return any(meet(path, edit.path) for path in row.paths for edit in entry.edits)


def _alone(entry: Entry, expected: Sequence[tuple[Row, Expected]]) -> bool:
    return sum(leads_to(row, entry) for row, _ in expected) == 1


def _has(entries: Sequence[Entry], kind: str, shared: Sequence[Entry]) -> bool:
    """Whether one of the entries has the class. What a row costs may be part of a sum that is `shared` with others."""
    if not kind.startswith("costs"):
        return any(entry.kind.value == kind for entry in entries)
    signs = {"costs+": (1,), "costs-": (-1,)}.get(kind, (1, -1))
    found = [entry for entry in entries if entry.kind is Kind.COSTS]
    right = any((entry.monthly_usd.expected > 0) - (entry.monthly_usd.expected < 0) in signs for entry in found)
    return right or any(entry.kind is Kind.COSTS for entry in shared)
