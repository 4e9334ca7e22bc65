"""Rules by which a cloud deletes what is kept: whether those of a change take more, or take it sooner."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.components.state_store.part import PLANS

_DURATION = re.compile(r"(\d{1,12})(?:\.\d{1,9})?s")
_MOST_PAIRS = 1_000_000
"""Of rules that are compared one by one; a service takes a thousand rules at most."""
_FEWER_IS_LESS = ("less_than", "newer_than")
"""Ends of the names of bounds from above."""
_PREFIX = "prefix"

Scope = Mapping[tuple[str, ...], Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """What one rule takes: `scope` says of what, each value narrowing it, and `number` after how long or many."""

    scope: Scope
    number: float


def stricter(before: Sequence[Rule], after: Sequence[Rule], *, all_match: bool) -> bool:
    """Whether a rule takes what none took before; the order of rules says nothing.

    `all_match`: of several patterns in a list all have to match, not one.
    """
    if len(before) * len(after) > _MOST_PAIRS:
        return before != after
    left = sorted(before, key=lambda rule: rule.number)
    for rule in sorted(after, key=lambda rule: rule.number):
        same = next((old for old in left if old.scope == rule.scope and old.number <= rule.number), None)
        if same is not None:
            left.remove(same)
        elif not any(_wider(old, rule, all_match) for old in before):
            return True
    return False


def _wider(old: Rule, new: Rule, all_match: bool) -> bool:
    """Whether the old rule took everything that the new one takes, by another scope."""
    return (
        old.scope != new.scope
        and old.number <= new.number
        and all(_within(path, new.scope.get(path), value, all_match) for path, value in old.scope.items())
    )


def _within(path: tuple[str, ...], new: Any, old: Any, all_match: bool) -> bool:
    """Whether a narrower or equal value stands where the old rule had one."""
    if new is None or type(new) is not type(old):
        return False
    if isinstance(new, frozenset):
        return bool(old <= new if all_match else new <= old)
    if isinstance(new, float):
        return bool(new <= old if path[-1].endswith(_FEWER_IS_LESS) else new >= old)
    return new == old or (path[-1] == _PREFIX and str(new).startswith(str(old)))


def number(value: Any) -> float | None:
    """A number, also one written as a duration of `864000s`; None for anything else."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    found = _DURATION.fullmatch(value) if isinstance(value, str) else None
    return float(found[1]) if found else None


def scope(element: Mapping[str, Any], names: Sequence[str], counted: tuple[str, ...]) -> Scope:
    """What narrows a rule: the values under `names` but for the one at `counted`, empty ones and `any` left out."""
    found = {path: value for name in names for path, value in _flat(element.get(name), (name,))}
    return {path: value for path, value in found.items() if path != counted}


def only_plans(of: Scope) -> bool:
    """Whether it takes nothing but saved plans of pipelines: they come with the rule, and are made again at need."""
    values = [value for path, value in of.items() if path[-1].endswith(_PREFIX)]
    named = [name for value in values for name in (value if isinstance(value, frozenset) else (value,))]
    return bool(named) and all(str(name).endswith(f"/{PLANS}/") for name in named)


def _flat(value: Any, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(inner, path if name == "and" else (*path, name))
    elif isinstance(value, list) and value and all(isinstance(one, str) for one in value):
        yield path, frozenset(value)
    elif isinstance(value, list):
        for inner in value:
            yield from _flat(inner, path)
    elif value and str(value).lower() != "any":
        counted = number(value)
        yield path, value if counted is None else counted
