"""What a change takes off a thing that stays: protection, versions, backups, days of what is kept."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from groundplan import ranges
from groundplan.change.model import Kind
from groundplan.change.planned import Action, Planned, values_at
from groundplan.change.retention import Rule, number, only_plans, scope, stricter
from groundplan.change.tables import Weakening, weakenings

_DECODED = "{}"
"""Part of a path that enters a text of JSON."""
_FOREVER = float("inf")
_AT_ONCE = 1.0
"""For a rule whose bounds are all part of what it applies to."""
_EXPIRING = ("lower", "shorter", "wider")
_AFTER_APPLY = "whether it does is known only after apply"


def weakened(planned: Planned, *, stands: bool = False) -> Iterator[Weakening]:
    """The rows of the table that hold for what happens to the resource, each once; of unknown kind where a plan
    cannot tell.

    `stands`: what the resource is a part of was there before, so that one that comes says something about it.
    """
    changed = planned.action is Action.UPDATE or (stands and planned.action in (Action.CREATE, Action.REPLACE))
    for row in weakenings().get(planned.type, ()):
        if not row.path:
            if planned.action is Action.DESTROY:
                yield row
        elif changed and _undecided(row, planned):
            yield replace(row, kind=Kind.UNKNOWN, reason=_AFTER_APPLY)
        elif changed and _holds(row, planned):
            yield row


def expiring(planned: Planned) -> Iterator[Weakening]:
    """The rows for what makes something go after a time, or beyond a number, that the resource has afterwards."""
    for row in weakenings().get(planned.type, ()):
        if row.kind is Kind.DESTROYS_DATA and row.when in _EXPIRING and any(_ends(row, planned.after)):
            yield row


def _ends(row: Weakening, state: Mapping[str, Any]) -> Iterator[Any]:
    """What a state has of what the row is about; of rules, those after a time or beyond a number."""
    return (rule.number for rule in _rules(row, state)) if row.within else iter(_found(row, state))


def _holds(row: Weakening, planned: Planned) -> bool:
    if row.where and "*" not in row.path and row.where[1] not in values_at(planned.after, row.where[0]):
        return False
    if row.within:
        before, after = (list(_rules(row, state)) for state in (planned.before, planned.after))
        return stricter(before, [rule for rule in after if rule.number], all_match=_DECODED in row.path)
    found, then = _found(row, planned.before), _found(row, planned.after)
    if row.when == "shorter":
        return _shorter(_lengths(found), _lengths(then))
    if row.when == "lower":
        return _lower(_numbers(found, row.value), _numbers(then, row.value))
    known_later = row.when in ("new", "gone") and any(_later(row, planned.unknown))
    return _TESTS[row.when](found, [*then, True] if known_later else then, row.value)


def _undecided(row: Weakening, planned: Planned) -> bool:
    """Whether what the row is about is known only after apply, and could be worse then.

    What is known later is there: that alone decides where only that counts.
    """
    if row.when in ("new", "gone") or not any(_later(row, planned.unknown)):
        return False
    there = _found(row, planned.before)
    return True not in there if row.when == "on" else bool(there) or row.when == "shorter"


def _later(row: Weakening, unknown: Mapping[str, Any]) -> Iterator[bool]:
    for end in range(1, len(row.path) + 1):
        yield from (found is True for found in values_at(unknown, row.path[:end]))


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


def _shorter(before: list[float], after: list[float]) -> bool:
    """Whether something goes sooner; what goes after a time and did not before goes sooner too."""
    return len(after) > len(before) or _any_less(before, after)


def _lower(before: list[float], after: list[float]) -> bool:
    """Whether less is asked for, or nothing any more."""
    return (bool(before) and not after) or (len(before) == len(after) and _any_less(before, after))


def _any_less(before: list[float], after: list[float]) -> bool:
    """Whether one of the numbers is smaller now, whatever their order."""
    return any(new < old for old, new in zip(sorted(before), sorted(after), strict=False))


def _numbers(found: list[Any], default: str) -> list[float]:
    """The numbers; where there are none, the one that then holds."""
    numbers = [value for value in map(number, found) if value is not None]
    return numbers or ([float(default)] if default else [])


def _lengths(found: list[Any]) -> list[float]:
    """The numbers, of which nought is for ever."""
    return [value or _FOREVER for value in map(number, found) if value is not None]


def _rules(row: Weakening, attributes: Mapping[str, Any]) -> Iterator[Rule]:
    """The rules at the first `*` of the row's path that delete something."""
    at = row.path.index("*")
    rest = row.path[at + 1 :]
    counted = tuple(part for part in rest if part != "*")
    for element in _walk(attributes, row.path[: at + 1], row):
        if not isinstance(element, dict) or (row.where and row.where[1] not in values_at(element, row.where[0])):
            continue
        taken = scope(element, row.within, counted)
        if (value := _counted(row, element, rest)) is not None and not only_plans(taken):
            yield Rule(taken, value)


def _counted(row: Weakening, element: Mapping[str, Any], rest: tuple[str, ...]) -> float | None:
    """After how long or many the rule deletes; nought where it does at once, None where it does not."""
    values = [value for value in values_at(element, rest) if value]
    if row.when == "wider":
        return _AT_ONCE if values else None
    numbers = [found for found in map(number, values) if found is not None]
    return min(numbers) if numbers else (0.0 if rest[0] in row.within else None)


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
