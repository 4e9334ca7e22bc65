"""What a cloud gives away each month, and what that takes off an estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from groundplan.catalog.catalog import FreeAmount
from groundplan.components.base import Meter
from groundplan.components.cluster.part import cluster_of
from groundplan.cost.report import FreeTier, Line
from groundplan.prices.book import Price
from groundplan.quantities import CASES, Band, cents
from groundplan.stack.model import Stack

Billed = tuple[Meter, Price]
"""A meter with a quantity, and the list price of its item."""


def free_tiers(stack: Stack, amounts: Sequence[FreeAmount], billed: Sequence[Billed]) -> Iterator[FreeTier]:
    """The free amounts that this environment would use, if nothing else in the account does."""
    for free in amounts:
        if not _holds(free, stack):
            continue
        lines = [
            (meter.use.amount, price) for meter, price in billed if meter.use.item == free.item and meter.use.amount
        ]
        saves = _saved(free.amount, lines)
        if saves.high:
            used = min(free.amount, sum((quantity.expected for quantity, _ in lines), Decimal(0)))
            yield FreeTier(free.item, free.amount, free.unit, free.words, free.source, free.as_of, used, saves)


def credits(found: Sequence[FreeTier], lines: Sequence[Line]) -> Iterator[Line]:
    """A line that takes each free amount off, of the kind of the first line that it is for."""
    for free in found:
        first = next(line for line in lines if line.item == free.item)
        yield Line(
            component=first.component,
            item=free.item,
            option="free_tier",
            kind=first.kind,
            unit=free.unit,
            quantity=free.used,
            unit_usd=-free.saves.expected / free.used if free.used else Decimal(0),
            monthly_usd=-free.saves,
            assumption=f"free each month, {free.words}; nothing else in the account uses it",
            source=free.source,
            as_of=free.as_of,
            path=first.path,
            address=first.address,
        )


def _holds(free: FreeAmount, stack: Stack) -> bool:
    cluster = cluster_of(stack)
    if free.regions and stack.region not in free.regions:
        return False
    return not free.only or (cluster is not None and cluster.options.get("location") == free.only)


def _saved(amount: Decimal, lines: Sequence[tuple[Band, Price]]) -> Band:
    """What lines cost less when the first of them take from the amount until it is used up."""
    return Band(*(_saved_in(amount, [(getattr(q, case), price) for q, price in lines]) for case in CASES))


def _saved_in(amount: Decimal, lines: Sequence[tuple[Decimal, Price]]) -> Decimal:
    saved, left = Decimal(0), amount
    for quantity, price in lines:
        taken = min(quantity, left)
        saved += cents(price.total(quantity)) - cents(price.total(quantity - taken))
        left -= taken
    return saved
