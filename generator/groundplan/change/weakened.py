"""What a change takes off a thing that stays: protection, versions, backups, days of what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from groundplan import ranges
from groundplan.change.model import Kind
from groundplan.change.planned import Action, Planned, values_at
from groundplan.change.tables import Weakening, weakenings

_DECODED = "{}"
"""Part of a path that enters a text of JSON."""
_FOREVER = float("inf")


def weakened(planned: Planned) -> Iterator[Weakening]:
    """The rows of the table that hold for what happens to the resource, each once."""
    for row in weakenings().get(planned.type, ()):
        if _holds(row, planned):
            yield row


def expiring(planned: Planned) -> Iterator[Weakening]:
    """The rows for what makes something go after a time, or beyond a number, that the resource has afterwards."""
    for row in weakenings().get(planned.type, ()):
        if row.kind is Kind.DESTROYS_DATA and row.when in ("lower", "shorter") and any(_found(row, planned.after)):
            yield row


def _holds(row: Weakening, planned: Planned) -> bool:
    if not row.path:
        return planned.action is Action.DESTROY
    if planned.action is not Action.UPDATE or _undecided(row, planned.unknown):
        return False
    before, after = _found(row, planned.before), _found(row, planned.after)
    if row.when in ("lower", "shorter"):
        return _less(_lengths(before, row.when), _lengths(after, row.when), row.when)
    return _TESTS[row.when](before, after, row.value)


def _undecided(row: Weakening, unknown: Mapping[str, Any]) -> bool:
    """Whether what the row is about is known only after apply, so that nobody can say."""
    return any(found is True for end in range(1, len(row.path) + 1) for found in values_at(unknown, row.path[:end]))


_TESTS: Mapping[str, Callable[[list[Any], list[Any], str], bool]] = {
    "off": lambda before, after, _: True in before and True not in after,
    "on": lambda before, after, _: True in after and True not in before,
    "new": lambda before, after, _: bool(after) and not before,
    "gone": lambda before, after, _: bool(before) and not after,
    "changed": lambda before, after, _: bool(before) and bool(after) and before != after,
    "fewer": lambda before, after, _: bool(after) and not all(_admitted(value, after) for value in before),
    "from": lambda before, after, value: value in before and value not in after,
}


def _admitted(value: Any, after: list[Any]) -> bool:
    """Whether a range is within one of those that there are afterwards."""
    wanted = ranges.network(str(value))
    there = [ranges.network(str(one)) for one in after]
    return value in after or (
        wanted is not None and any(one is not None and ranges.within(wanted, one) for one in there)
    )


def _less(before: list[float], after: list[float], when: str) -> bool:
    """Whether one of the numbers is smaller now; where there are others than before, the least counts.

    What makes something go after a time makes it go sooner when it was not there before.
    """
    if len(before) == len(after):
        return any(new < old for old, new in zip(before, after, strict=True))
    if when == "shorter" and len(after) > len(before):
        return True
    return bool(after) and min(after) < min(before, default=0.0)


def _lengths(found: list[Any], when: str) -> list[float]:
    """The numbers; where a shorter time is meant, nought is for ever."""
    numbers = [float(value) for value in found if isinstance(value, int | float) and not isinstance(value, bool)]
    return [number or _FOREVER for number in numbers] if when == "shorter" else numbers


def _found(row: Weakening, attributes: Mapping[str, Any]) -> list[Any]:
    """What stands at the row's path, empty values left out."""
    return [value for value in _walk(attributes, row.path, row) if value is not None and value != ""]


def _walk(value: Any, path: tuple[str, ...], row: Weakening) -> Iterator[Any]:
    if not path:
        yield value
    elif path[0] == _DECODED:
        yield from _walk(_decoded(value), path[1:], row)
    elif path[0] == "*":
        for inner in value if isinstance(value, list) else ():
            if row.where is None or path != row.path[1:] or row.where[1] in values_at(inner, row.where[0]):
                yield from _walk(inner, path[1:], row)
    elif isinstance(value, dict):
        yield from _walk(value.get(path[0]), path[1:], row)


def _decoded(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None
