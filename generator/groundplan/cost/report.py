"""What an environment costs: lines that add up exactly, each with its price, source and assumption."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from groundplan.components.base import MeterKind

Reason = Literal["no price in the book", "use not stated"]


@dataclass(frozen=True, slots=True)
class Band:
    """US dollars a month: at the least, as expected, at the most; whole cents."""

    low: Decimal
    expected: Decimal
    high: Decimal

    def __add__(self, other: Band) -> Band:
        return Band(self.low + other.low, self.expected + other.expected, self.high + other.high)


ZERO = Band(Decimal("0.00"), Decimal("0.00"), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class Line:
    """One priced line. `unit_usd` is the expected price of one `unit`; with tiers, the average over the quantity."""

    component: str
    item: str
    option: str | None
    kind: MeterKind
    unit: str
    quantity: Decimal
    unit_usd: Decimal
    monthly_usd: Band
    assumption: str
    source: str
    as_of: date
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Unpriced:
    """Something that will cost money but has no figure: the price is not in the book, or nobody stated the use."""

    component: str
    item: str
    unit: str
    reason: Reason
    hint: str
    path: str
    address: str


@dataclass(frozen=True, slots=True)
class Budget:
    """The limit, and by how much the expected total is over it (zero or less: within)."""

    monthly_usd: Decimal
    over_usd: Decimal
    drivers: tuple[str, ...]
    """The dearest lines, in words, dearest first."""


@dataclass(frozen=True, slots=True)
class CostReport:
    """The estimate of one stack, in US dollars a month of 730 hours."""

    provider: str
    region: str
    currency: Literal["USD"]
    as_of: date
    """Date of the oldest price used."""
    newest: date
    """Date of the newest price used."""
    lines: tuple[Line, ...]
    unpriced: tuple[Unpriced, ...]
    budget: Budget | None

    @property
    def total(self) -> Band:
        """The sum of all lines; "at least" when anything is unpriced."""
        return sum((line.monthly_usd for line in self.lines), ZERO)

    def total_of(self, kind: MeterKind) -> Band:
        """The sum of the lines of one kind."""
        return sum((line.monthly_usd for line in self.lines if line.kind == kind), ZERO)

    @property
    def complete(self) -> bool:
        """Whether every meter found a price and a quantity."""
        return not self.unpriced

    @property
    def over_budget(self) -> bool:
        """Whether there is a budget and the expected total is above it."""
        return self.budget is not None and self.budget.over_usd > 0
