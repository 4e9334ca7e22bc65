"""What a resource of a Terraform plan uses of what a cloud bills: the words that both clouds answer in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groundplan.catalog.catalog import Catalog
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

MOST = 10**12
"""Above it a number is a mistake, and not a finite amount of anything."""


@dataclass(frozen=True, slots=True)
class Use:
    """What a resource uses of one item a month; `amount` None where the plan does not say how much."""

    item: str
    unit: str
    amount: Band | None
    words: str
    option: PurchaseOption | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource of a plan, and where it will be; values that are known only after apply are absent."""

    address: str
    type: str
    region: str
    values: Mapping[str, Any]

    def text(self, *keys: str) -> str:
        """The text at the place; empty when there is none."""
        found = self._at(keys)
        return found if isinstance(found, str) else ""

    def number(self, *keys: str) -> Decimal | None:
        """The number at the place; None when there is none, a negative one, or one that no cloud has so much of."""
        found = self._at(keys)
        if isinstance(found, bool) or not isinstance(found, int | float):
            return None
        return Decimal(str(found)) if 0 <= found <= MOST else None

    def flag(self, *keys: str) -> bool:
        """Whether the value at the place is true."""
        return self._at(keys) is True

    def items(self, *keys: str) -> list[Any]:
        """The list at the place; empty when there is none."""
        found = self._at(keys, descend=False)
        return found if isinstance(found, list) else []

    def _at(self, keys: tuple[str, ...], *, descend: bool = True) -> Any:
        """The value; a block, which a plan writes as a list, is its first entry."""
        value: Any = self.values
        for key in keys:
            if isinstance(value, list):
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, Mapping) else None
        return value[0] if descend and isinstance(value, list) and value else value


Uses = Callable[[Planned, Catalog], Iterable[Use]]


@dataclass(frozen=True)
class PlanPrices:
    """What a cloud bills for by the type of a resource; types in `free` are never billed by themselves.

    `prefix` is what its types begin with. `region_of` finds the region in a resource's own values. A name in `free`
    that ends in `*` stands for every type that begins so.
    """

    prefix: str
    uses: Mapping[str, Uses]
    free: tuple[str, ...]
    region_of: Callable[[Mapping[str, Any]], str]

    def is_free(self, type_: str) -> bool:
        """Whether the type is known to cost nothing by itself."""
        return any(type_.startswith(name[:-1]) if name.endswith("*") else type_ == name for name in self.free)


def hourly(item: str, words: str, count: Decimal | int = 1, option: PurchaseOption | None = None) -> Use:
    """Something that is there around the clock."""
    return Use(item, "hour", Band.of(HOURS_PER_MONTH * count), words, option)


def unstated(item: str, unit: str, words: str) -> Use:
    """Something that is billed by a use which no plan says."""
    return Use(item, unit, None, words)


def nodes(low: Decimal | None, expected: Decimal | None, high: Decimal | None) -> tuple[Band | None, str]:
    """Node-hours of a group that scales, and the words for them; None when the plan says no number of nodes."""
    if expected is None:
        expected = low
    if expected is None:
        return None, "the number of nodes is known only after apply"
    low, high = min(expected if low is None else low, expected), max(expected if high is None else high, expected)
    return Band(low, expected, high).times(HOURS_PER_MONTH), f"{expected:f} nodes, {low:f} to {high:f}"
