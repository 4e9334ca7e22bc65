"""Attributes that show what other resources are: a security group its rules, a bucket its policy.

After an apply that made both, the state has the attribute as it was before the other resource came, and the next
refresh finds it changed. That is no drift; what no resource of the states explains is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from groundplan.catalog.tables import filled, read_table
from groundplan.change.drift.values import Differing
from groundplan.change.planned import Planned
from groundplan.terraform.effects.equality import canonical, empty

_COLUMNS = ("type", "attribute", "by", "named_by", "fields", "source")
_WHOLE = "*"
_UNSET = (False, 0)


@dataclass(frozen=True, slots=True)
class Mirror:
    """An attribute, the type whose resources it shows, and which of their arguments its fields are."""

    attribute: str
    by: str
    argument: str
    """Of the other resource: what it belongs to."""
    name: str
    """Of this one: what the other one calls it."""
    fields: tuple[tuple[str, str], ...]
    """None where the other resource tells all of it by itself. A field that ends in `*` lists several of them."""

    def explains(self, element: Any, others: Iterable[Mapping[str, Any]]) -> bool:
        """Whether an element is what some of the other resources are."""
        there = list(others)
        single = [(name, argument) for name, argument in self.fields if not name.endswith("*")]
        listed = [(name[:-1], argument) for name, argument in self.fields if name.endswith("*")]
        fitting = [one for one in there if all(_equal(_field(element, n), one.get(a)) for n, a in single)]
        values = [(value, argument) for name, argument in listed for value in _field(element, name) or ()]
        return bool(fitting) and all(any(_equal(value, one.get(a)) for one in fitting) for value, a in values)


@cache
def mirrors() -> Mapping[str, Sequence[Mirror]]:
    """The attributes of each type."""
    found: dict[str, list[Mirror]] = defaultdict(list)
    for _, (type_, row) in read_table(files("groundplan.change.drift") / "mirrors.csv", _COLUMNS, _row):
        found[type_].append(row)
    return found


def _row(  # noqa: PLR0913, PLR0917 - one parameter per column
    type_: str, attribute: str, by: str, named_by: str, fields: str, source: str
) -> tuple[str, Mirror]:
    filled(source)
    argument, _, name = filled(named_by).partition("=")
    pairs = (
        () if filled(fields) == _WHOLE else tuple((f, a) for f, _, a in (one.partition("=") for one in fields.split()))
    )
    return filled(type_), Mirror(filled(attribute), filled(by), argument, name, pairs)


class Explained:
    """What the resources of all roots explain of each other."""

    def __init__(self, planned: Iterable[Planned]) -> None:
        self._by_type: dict[str, list[Planned]] = defaultdict(list)
        for one in planned:
            self._by_type[one.type].append(one)

    def rest(self, planned: Planned, each: Differing) -> Differing | None:
        """The difference without what others explain; None where that is all of it."""
        mirror = next((one for one in mirrors().get(planned.type, ()) if one.attribute == each.path[0]), None)
        others = list(self._others(planned, mirror)) if mirror else []
        if mirror is None or not others:
            return each
        if not mirror.fields:
            return None
        if len(each.path) > 1 or not all(isinstance(side, list | None) for side in (each.before, each.after)):
            return each
        before, after = _without(each.before, each.after), _without(each.after, each.before)
        left = [[one for one in side if not mirror.explains(one, others)] for side in (before, after)]
        return Differing(each.path, *left) if any(left) else None

    def _others(self, planned: Planned, mirror: Mirror) -> Iterable[Mapping[str, Any]]:
        """Values of the other resources, as they were and as they are."""
        names = {side.get(mirror.name) for side in (planned.before, planned.after)} - {None}
        for one in self._by_type[mirror.by]:
            yield from (side for side in (one.before, one.after) if side.get(mirror.argument) in names)


def _without(these: list[Any] | None, those: list[Any] | None) -> list[Any]:
    there = {canonical(one) for one in those or ()}
    return [one for one in these or () if canonical(one) not in there]


def _field(element: Any, name: str) -> Any:
    if not name:
        return element
    return element.get(name) if isinstance(element, dict) else None


def _equal(one: Any, other: Any) -> bool:
    """Whether two values are the same; what says nothing is its zero."""
    if empty(one) or one in _UNSET:
        return empty(other) or other in _UNSET
    return canonical(one) == canonical(other)
