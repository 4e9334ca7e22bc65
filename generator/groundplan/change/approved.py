"""What a plan of a root does that was not approved, or is missing, beside an earlier plan that was."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.change.drift.values import UNKNOWN, at, marked, shown
from groundplan.change.model import Entry, Interruption, Kind
from groundplan.change.planned import Path, written
from groundplan.terraform.effects.equality import same

_DEPTH = 24
_IDLE = (("no-op",), ("read",))
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Shown:
    """A plan of one root, and the entries that told what it does."""

    plan: Mapping[str, Any]
    entries: Sequence[Entry] = ()


def differences(approved: Shown, now: Shown) -> list[str]:
    """A line for each thing that differs: actions, what is forced by what, values, classes; none where it is the same.

    A value that was known only after apply is what was approved, whatever it is now. Sensitive ones are not compared.
    """
    before, after = _acted_on(approved.plan), _acted_on(now.plan)
    lines = [
        f"{_title(key)}: {line}"
        for key in sorted({*before, *after})
        for line in _of_resource(before.get(key, _NOTHING), after.get(key, _NOTHING))
    ]
    told = {_told(entry) for entry in approved.entries}
    return [*lines, *(f"{entry.kind}: {entry.what}" for entry in _weighed(now.entries) if _told(entry) not in told)]


def _weighed(entries: Sequence[Entry]) -> Iterator[Entry]:
    """Dollars follow from the values."""
    return (entry for entry in entries if entry.kind is not Kind.COSTS)


def _told(entry: Entry) -> tuple[Kind, str, str, tuple[str, ...], Interruption]:
    return entry.kind, entry.what, entry.address, tuple(entry.forced_by), entry.interruption


def _acted_on(plan: Mapping[str, Any]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """What something happens to, in the cloud or in the state, by address and key of what was deposed."""
    return {
        (one["address"], one.get("deposed", "")): one
        for one in plan.get("resource_changes") or ()
        if one.get("mode") == "managed" and (_actions(one) not in _IDLE or _origin(one))
    }


def _title(key: tuple[str, str]) -> str:
    address, deposed = key
    return f"{address} (deposed {deposed})" if deposed else address


def _actions(change: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(change.get("change", _NOTHING).get("actions", ()))


def _origin(change: Mapping[str, Any]) -> str:
    """What it is imported by, or was called before."""
    importing = change.get("change", _NOTHING).get("importing")
    moved = change.get("previous_address", "")
    imported = f"import of {shown(importing.get('id'), hidden=False)}" if isinstance(importing, dict) else ""
    return imported or (f"move of {moved}" if moved else "")


def _does(change: Mapping[str, Any]) -> str:
    words = [_origin(change), "" if _actions(change) in _IDLE else " and ".join(_actions(change))]
    return ", ".join(filter(None, words)) or "nothing"


def _of_resource(approved: Mapping[str, Any], now: Mapping[str, Any]) -> Iterator[str]:
    if _does(approved) != _does(now):
        yield f"{_does(now)}, approved was {_does(approved)}"
        return
    one, other = approved["change"], now["change"]
    forced, before = _forced(other), _forced(one)
    if forced != before:
        yield f"forced by {forced or 'nothing'}, approved was {before or 'nothing'}"
    yield from _Values(one, other).lines()


def _forced(change: Mapping[str, Any]) -> str:
    return ", ".join(sorted(written(tuple(path)) for path in change.get("replace_paths") or ()))


@dataclass(frozen=True, slots=True)
class _Values:
    """One resource in both plans, on which both act alike."""

    approved: Mapping[str, Any]
    now: Mapping[str, Any]

    def lines(self) -> Iterator[str]:
        """What it will be, and for what is updated in place, what it is."""
        unknown = self.approved.get("after_unknown"), self.now.get("after_unknown")
        for path, one, other in _differing(self._side("after"), unknown, ()):
            if self._counts(path):
                yield f"{written(path)} will be {other}, approved was {one}"
        if "update" in self.now["actions"]:
            for path, one, other in _differing(self._side("before"), (None, None), ()):
                if self._counts(path):
                    yield f"{written(path)} is {other}, was {one} when it was approved"

    def _side(self, name: str) -> tuple[Any, Any]:
        return self.approved.get(name), self.now.get(name)

    def _counts(self, path: Path) -> bool:
        """Whether an attribute is anybody's business: not sensitive, and of an update one that is changed by it."""
        pair = (self.approved, self.now)
        if any(marked(plan.get(f"{side}_sensitive"), path) for plan in pair for side in ("before", "after")):
            return False
        return "update" not in self.now["actions"] or any(_is_changed(plan, path) for plan in pair)


def _is_changed(plan: Mapping[str, Any], path: Path) -> bool:
    if marked(plan.get("after_unknown"), path):
        return True
    return not same(at(plan.get("before"), path), at(plan.get("after"), path))


def _differing(values: tuple[Any, Any], unknown: tuple[Any, Any], path: Path) -> Iterator[tuple[Path, str, str]]:
    """Paths, and both values as text, of what differs; what is unknown on the first side differs from nothing."""
    (one, other), (before, after) = values, unknown
    if before is True or (same(one, other) and not marked(after, ())):
        return
    keys = _keys(one, other) if len(path) < _DEPTH and after is not True else None
    if keys is not None:
        for key in keys:
            inner = (_in(one, key), _in(other, key)), (_in(before, key), _in(after, key))
            yield from _differing(*inner, (*path, key))
    elif after is True or not marked(before, ()):
        yield path, shown(one, hidden=False), UNKNOWN if after is True else shown(other, hidden=False)


def _keys(one: Any, other: Any) -> Sequence[str | int] | None:
    """What to compare two values by; None for values that are compared as they are."""
    if isinstance(one, dict) and isinstance(other, dict):
        return sorted({*one, *other})
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return range(len(one))
    return None


def _in(value: Any, key: str | int) -> Any:
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list) and isinstance(key, int) and key < len(value):
        return value[key]
    return True if value is True else None
