"""What the plans of the roots open, as entries."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from groundplan.change.access.model import Opening, Severity
from groundplan.change.attribution import Attribution
from groundplan.change.avoid import avoidance
from groundplan.change.model import Edit, Entry, Kind
from groundplan.change.opens import openings
from groundplan.change.spec_paths import NAMED, below
from groundplan.environment.lock import Call, Lock


def opened(plans: Mapping[str, Mapping[str, Any]], attribution: Attribution) -> list[Entry]:
    """An entry for each thing in the roots that lets in more than before, the heaviest of all first."""
    found = [(one, root) for root, plan in plans.items() for one in openings(plan.get("resource_changes") or ())]
    return [entry for one, root in sorted(found) for entry in _entry(one, root, attribution)]


def _entry(one: Opening, root: str, attribution: Attribution) -> Iterator[Entry]:
    forced = tuple(filter(None, one.path.split(", ")))
    origin = attribution.origin(root, one.address, forced)
    if one.severity >= Severity.WIDER and not one.unknown and _asked_for(origin.edits, attribution):
        return
    yield Entry(
        kind=Kind.UNKNOWN if one.unknown else Kind.OPENS,
        what=one.what,
        component=origin.component,
        root=root,
        address=one.address,
        path=origin.path,
        edits=tuple(origin.edits),
        forced_by=forced,
        reason=one.detail,
        source=one.source,
        avoid=avoidance(origin.edits, (), attribution.edits.every),
    )


def _asked_for(edits: Sequence[Edit], attribution: Attribution) -> bool:
    """Whether nothing but what is new as a whole leads to it, such as a pool, which comes with what it needs."""
    calls = {call.path for one in _calls(attribution.after) for call in one.values()}
    calls -= {call.path for one in _calls(attribution.before) for call in one.values()}
    return bool(edits) and all(edit.before is None and _is_whole(edit.path, calls) for edit in edits)


def _calls(lock: Lock | None) -> Sequence[Mapping[str, Call]]:
    return list(lock.calls.values()) if lock else []


def _is_whole(path: str, calls: Collection[str]) -> bool:
    return path.rpartition(".")[0] in NAMED or any(below(call, path) for call in calls)
