"""What a cloud says its prices are today, before it is a file: what passes between a cloud and `refresh`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from fnmatch import fnmatchcase
from typing import Literal, TypeAlias, get_args

from groundplan.catalog.catalog import Catalog, InstanceType
from groundplan.prices.book import Option, Payment

Kind: TypeAlias = Literal["on_demand", "spot", "commitments", "items"]
"""What can be asked for by itself."""
KINDS: tuple[Kind, ...] = get_args(Kind)
KIND_OF: Mapping[Option, Kind] = {
    "on_demand": "on_demand",
    "spot": "spot",
    "commit_1y": "commitments",
    "commit_3y": "commitments",
    "list": "items",
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to ask for: what the catalog offers in the regions, and the items of the price book."""

    catalog: Catalog
    units: Mapping[str, str]
    """Units of the items by name."""
    regions: tuple[str, ...]
    now: datetime
    kinds: Collection[Kind] = KINDS
    patterns: tuple[str, ...] = ()
    """Names of machine types and items, with `*` and `?`; empty: all."""
    places: Mapping[str, Collection[str]] = field(default_factory=dict)
    """Items that are sold in places beside the regions, such as `us`, by place."""
    api_key: str = field(default="", repr=False)
    """A key to ask with where the cloud takes one instead of credentials."""

    def machines(self, region: str) -> list[InstanceType]:
        """The machine types to ask for in a region."""
        return [machine for machine in self.catalog.offered(region) if self.names(machine.name)]

    @property
    def items(self) -> dict[str, str]:
        """Units of the items to ask for, by name."""
        chosen = self.units if "items" in self.kinds else {}
        return {item: unit for item, unit in chosen.items() if self.names(item)}

    def names(self, name: str) -> bool:
        """Whether a machine type or an item is asked for."""
        return not self.patterns or any(fnmatchcase(name, pattern) for pattern in self.patterns)


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
    sku: str = ""
    """What the cloud calls that which has this price."""
    rank: int = 0
    """Of several ways to commit to a machine for a term the one of the lowest rank counts."""
    as_of: date | None = None
    """The day it was read; None: today."""

    @property
    def kind(self) -> Kind:
        """What it was asked for as."""
        return KIND_OF[self.option]


@dataclass(frozen=True, slots=True)
class Unmapped:
    """Something that was asked for and found no price, and why. No region: it was not asked for in any."""

    item: str
    reason: str
    region: str = ""
    ambiguous: bool = False
    """Whether it has several prices of which none can be preferred."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A question that the cloud did not answer, and why."""

    question: str
    reason: str
    hint: str
    passing: bool = False
    """Whether it may be answered later, as it is: the cloud was busy, or could not be reached."""


class RefusedError(Exception):
    """The cloud did not answer; the refusal without the question."""

    def __init__(self, reason: str, hint: str, *, passing: bool = False) -> None:
        super().__init__(reason)
        self.hint = hint
        self.passing = passing


@dataclass(frozen=True, slots=True)
class Answer:
    """What a cloud says to one question."""

    prices: tuple[FreshPrice, ...] = ()
    unmapped: tuple[Unmapped, ...] = ()
    """What the answer shows to be without a price; what merely is not in it needs no mention."""


@dataclass(frozen=True, slots=True)
class Question:
    """One thing to ask a cloud, in words that are the same in every run."""

    title: str
    region: str
    """The region it is about; empty for all."""
    kinds: frozenset[Kind]
    ask: Callable[[], Answer]
    """May run beside others. Raises RefusedError, and `groundplan.preflight.model.UnreachableError` where no further
    question would be answered either."""
    only: frozenset[str] | None = None
    """Of what is no machine, the items that it is about; None: whatever it finds."""

    def covers(self, region: str, item: str, option: Option) -> bool:
        """Whether a price would be in its answer."""
        if KIND_OF[option] not in self.kinds or self.region not in ("", region):
            return False
        return option != "list" or self.only is None or item in self.only


@dataclass(frozen=True, slots=True)
class Fresh:
    """All that a cloud answered."""

    prices: tuple[FreshPrice, ...]
    unmapped: tuple[Unmapped, ...] = ()
    refused: tuple[Refusal, ...] = ()
    unanswered: tuple[Question, ...] = ()
    """The questions that were refused."""

    @property
    def ambiguous(self) -> tuple[Unmapped, ...]:
        """What has several prices of which none can be preferred."""
        return tuple(one for one in self.unmapped if one.ambiguous)


Ask = Callable[[Wanted], Sequence[Question]]
"""A cloud's part: what there is to ask it, with the credentials of the environment. Raises
`groundplan.preflight.model.UnreachableError` where no question can be asked at all."""
