"""What a cloud says its prices are today, before it is a file: what passes between a cloud and `refresh`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.prices.book import Option, Payment


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for: everything the catalog offers in the regions, and every item of the price book."""

    catalog: Catalog
    units: Mapping[str, str]
    """Units of the items by name."""
    regions: tuple[str, ...]
    now: datetime


@dataclass(frozen=True, slots=True)
class FreshPrice:
    """One price as the cloud states it today, in US dollars a unit; see `groundplan.prices.csv_book.COLUMNS`."""

    region: str
    item: str
    option: Option
    unit: str
    source: str
    usd: Decimal
    usd_low: Decimal | None = None
    usd_high: Decimal | None = None
    payment: Payment | None = None
    upfront_usd: Decimal = Decimal(0)
    tier_from: int = 0


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something that was asked for and found no price, and why. No region: it was not asked for in any."""

    item: str
    reason: str
    region: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that the cloud did not answer, and why."""

    question: str
    reason: str
    hint: str


@dataclass(frozen=True, slots=True)
class Fresh:
    """All that a cloud answered."""

    prices: tuple[FreshPrice, ...]
    unmapped: tuple[Unmapped, ...] = ()
    refused: tuple[Refusal, ...] = ()


Refresh = Callable[[Wanted], Fresh]
"""A cloud's part: asks it, with the credentials of the environment. Raises
`groundplan.preflight.model.UnreachableError` where no question can be asked at all."""
