"""A user's price book: what a file says, with the place of every row."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Protocol

from groundplan.catalog.catalog import Catalog, InstanceType, Offer, Region
from groundplan.diagnostics import Diagnostic, Place, Snippet
from groundplan.prices.book import Option, Payment, PriceBook

LEAST_USD, MOST_USD = Decimal("0.000000001"), Decimal(10_000_000)
"""Between them lie the prices of any unit, from a request to a year of a machine, and what is paid upfront."""
MOST_UNITS = 10**15
"""A quantity from which a tier may hold."""
MOST_TIERS = 20
LONGEST_TEXT = 300
"""Characters of a name, a source or a pattern."""


class PricedCatalog(Protocol):
    """What a cloud offers and at which prices: as much as anything about prices needs to know of it."""

    @property
    def name(self) -> str:
        """The name that specs and price books call it by."""

    @property
    def catalog(self) -> Catalog:
        """What it offers."""

    @property
    def prices(self) -> PriceBook:
        """What that costs."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where something stands in a user's file."""

    place: Place
    snippet: Snippet

    def problem(self, code: str, message: str, hint: str | None = None) -> Diagnostic:
        """A finding about it."""
        return Diagnostic(code, message, hint=hint, place=self.place, snippet=self.snippet)


@dataclass(frozen=True, slots=True)
class Row:
    """One price of the user's. Amounts in US dollars a unit; with a `payment`, what an hour of the term costs.

    `upfront_usd` is what is paid once for the term, `tier_from` the month's quantity from which the price holds.
    """

    region: str
    item: str
    option: Option | None
    """None where the user leaves it to what the item is."""
    payment: Payment | None
    upfront_usd: Decimal
    usd_low: Decimal
    usd_expected: Decimal
    usd_high: Decimal
    unit: str | None
    tier_from: int
    as_of: date
    source: str
    spot: Spot


@dataclass(frozen=True, slots=True)
class Discount:
    """A percentage off every price that all patterns fit (`*` and `?` as in file names)."""

    percent: Decimal
    item: str
    family: str | None
    """None fits everything; a pattern fits no item that is not a machine."""
    region: str
    option: str
    source: str
    spot: Spot

    def fits_item(self, item: str, machine: InstanceType | None) -> bool:
        """Whether prices of the item are meant; `machine` is its type, None for an item that is no machine."""
        if self.family is not None and (machine is None or not fnmatchcase(machine.family, self.family)):
            return False
        return fnmatchcase(item, self.item)

    def fits_sale(self, region: str, option: Option) -> bool:
        """Whether prices of the region and the option are meant."""
        return fnmatchcase(region, self.region) and fnmatchcase(option, self.option)

    def off(self, usd: Decimal) -> Decimal:
        """What is left of an amount: nothing of nothing, never nothing of something, however often it is discounted."""
        return usd and max(usd * (1 - self.percent / 100), LEAST_USD)

    @property
    def words(self) -> str:
        """What it takes off, and says who."""
        return f"less {self.percent.normalize():f} % ({self.source})"


@dataclass(frozen=True, slots=True)
class UserBook:
    """What one file says about one cloud."""

    file: str
    cloud: str
    discounts: tuple[Discount, ...]
    rows: tuple[Row, ...]
    regions: Mapping[str, tuple[Region, Spot]]
    offers: tuple[tuple[Offer, Spot], ...]
    cloud_spot: Spot
    """Where the file says which cloud it is about."""
