"""Attributes of resources that are billed: what a rule for a plan must have read before its line is complete.

A cloud's `billed_attributes.csv` holds them, with the page that says so. What a rule did not read is found by the
engine (`cost/plan/billed.py`) and reported, so that no rule can forget one in silence.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import Any

from groundplan.catalog.tables import filled, read_table

COLUMNS = ("resource_type", "attribute", "billed_as", "free", "costs", "source", "as_of")
_BOUND = re.compile(r"(<=|>)([0-9]+(?:\.[0-9]+)?)")
_NOTHING: tuple[Any, ...] = (None, False, "", 0, [], {})


@dataclass(frozen=True, slots=True)
class BilledAttribute:
    """An attribute that changes what a resource costs.

    `free` are values that cost nothing, `costs` the only ones that do where it is not empty; each is the value's text
    in lower case, `<=N` or `>N`. What is absent, false, empty or zero costs nothing unless `costs` says so.
    """

    path: tuple[str, ...]
    """Names from the resource to the attribute; entries of lists on the way are all looked at."""
    billed_as: str
    free: tuple[str, ...]
    costs: tuple[str, ...]
    source: str

    @property
    def name(self) -> str:
        """The path as it is written."""
        return ".".join(self.path)

    def costly(self, values: Mapping[str, Any]) -> Any:
        """The first value at the path that costs something; None where none does."""
        top = values.get(self.path[0])
        if top is None or (top is False and not self.costs):
            return None
        return next((value for value in reached(values, self.path) if self._costs(value)), None)

    def _costs(self, value: Any) -> bool:
        if self.costs:
            return any(_matches(value, one) for one in self.costs)
        return value not in _NOTHING and not any(_matches(value, one) for one in self.free)


def reached(values: Any, path: tuple[str, ...]) -> Iterator[Any]:
    """Every value at the path, through all entries of the lists on the way."""
    if isinstance(values, list) and path:
        for entry in values:
            if isinstance(entry, dict):
                yield from reached(entry, path)
    elif not path:
        yield values
    elif isinstance(values, dict) and path[0] in values:
        yield from reached(values[path[0]], path[1:])


def _matches(value: Any, condition: str) -> bool:
    bound = _BOUND.fullmatch(condition)
    if bound is None:
        return isinstance(value, str | bool | int | float) and str(value).lower() == condition
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:  # noqa: PLR0124 - NaN
        return False
    return value <= Decimal(bound[2]) if bound[1] == "<=" else value > Decimal(bound[2])


def read_billed_attributes(table: Traversable) -> Mapping[str, tuple[BilledAttribute, ...]]:
    """The rows of a table by the type of the resource. Raises DiagnosticsError (GP705) for one that is none."""
    found: dict[str, list[BilledAttribute]] = {}
    for _, (type_, attribute) in read_table(table, COLUMNS, _row):
        found.setdefault(type_, []).append(attribute)
    return {type_: tuple(attributes) for type_, attributes in found.items()}


def _row(  # noqa: PLR0913, PLR0917 - one parameter per column
    type_: str, attribute: str, billed_as: str, free: str, costs: str, source: str, _as_of: str
) -> tuple[str, BilledAttribute]:
    path = tuple(filled(attribute).split("."))
    made = BilledAttribute(path, filled(billed_as), _conditions(free), _conditions(costs), filled(source))
    return filled(type_), made


def _conditions(cell: str) -> tuple[str, ...]:
    return tuple(cell.lower().split("|")) if cell else ()
