"""Amounts and money: one band of low, expected and high, one length of a month, one way to round dollars."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Literal

HOURS_PER_MONTH = Decimal(730)
"""365 days of 24 hours in twelve equal months."""
CENT = Decimal("0.01")
MILLIONTH = Decimal("0.000001")
_WIDE = Context(prec=100)
"""Rounding to cents fails on an amount of more than 28 digits, which quantities without sense may come to."""

Case = Literal["low", "expected", "high"]
CASES: tuple[Case, ...] = ("low", "expected", "high")


@dataclass(frozen=True, slots=True)
class Band:
    """An amount of a unit, or US dollars: at the least, as expected, at the most. Its owner names the unit."""

    low: Decimal
    expected: Decimal
    high: Decimal

    @classmethod
    def of(cls, amount: Decimal | int) -> Band:
        """The same amount in every case."""
        return cls(Decimal(amount), Decimal(amount), Decimal(amount))

    def each(self, change: Callable[[Decimal], Decimal]) -> Band:
        """The band of every case changed alike."""
        return Band(change(self.low), change(self.expected), change(self.high))

    def times(self, factor: Decimal | int) -> Band:
        """Every case multiplied."""
        return self.each(lambda case: case * factor)

    def above(self, amount: Decimal) -> Band:
        """What is more than `amount`, in every case."""
        return self.each(lambda case: max(case - amount, Decimal(0)))

    def at_most(self, amount: Decimal) -> Band:
        """No more than `amount`, in every case."""
        return self.each(lambda case: min(case, amount))

    @property
    def cases(self) -> tuple[Decimal, Decimal, Decimal]:
        """Low, expected, high."""
        return self.low, self.expected, self.high

    @property
    def is_flat(self) -> bool:
        """Whether every case is the same."""
        return self.low == self.expected == self.high

    def __add__(self, other: Band) -> Band:
        return Band(self.low + other.low, self.expected + other.expected, self.high + other.high)

    def __neg__(self) -> Band:
        return Band(-self.low, -self.expected, -self.high)


def trimmed(amount: Decimal, places: int) -> str:
    """The amount in digits, with thousands separated and at most so many decimals: as many as it has."""
    return f"{amount:,.{places}f}".rstrip("0").rstrip(".")


def months(days: int) -> Decimal:
    """Days as a part of a month, of which a year has twelve equal ones."""
    return Decimal(days) * 12 / 365


NO_USD = Band.of(Decimal("0.00"))


def cents(usd: Decimal) -> Decimal:
    """US dollars in whole cents, half a cent up. Each line is rounded once: totals are the sum of what is shown."""
    return usd.quantize(CENT, ROUND_HALF_UP, _WIDE)


def millionths(usd_per_unit: Decimal) -> Decimal:
    """US dollars for one unit, such as an hour, to a millionth of a dollar."""
    return usd_per_unit.quantize(MILLIONTH, ROUND_HALF_UP, _WIDE)


def percent_above(usd: Decimal, base: Decimal) -> Decimal:
    """By how many percent an amount is more than another, of which less than a millionth of a dollar counts as that."""
    return (usd - base) / max(base, MILLIONTH) * 100
