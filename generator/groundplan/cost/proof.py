"""The worst month against the budget: what the environment itself limits, and what the user says of the rest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from groundplan.clouds.base import Cloud
from groundplan.components.base import AnyComponent, Meter
from groundplan.components.budget.part import Limits
from groundplan.components.node_pool.meters import node_hours
from groundplan.components.node_pool.part import Pool, Pools, pools_of
from groundplan.prices.book import Price, PriceBook, PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, cents, millionths
from groundplan.stack.model import Stack

Why = Literal["always there", "nodes.max", "its own limit", "budget.bounds", "budget.unpriced_usd"]
"""What keeps a month from taking more."""


@dataclass(frozen=True, slots=True)
class Term:
    """One term of the sum: the most of something, at its highest price."""

    item: str
    path: str
    quantity: Decimal
    unit: str
    unit_usd: Decimal
    usd: Decimal
    why: Why


@dataclass(frozen=True, slots=True)
class Open:
    """An item that nothing limits, or whose price nobody knows."""

    item: str
    unit: str
    paths: tuple[str, ...]
    assumed: Decimal | None
    """The high of the estimate; None where it has none."""
    priced: bool


@dataclass(frozen=True, slots=True)
class TooLow:
    """A bound of the user's below what the estimate expects."""

    item: str
    unit: str
    bound: Decimal
    expected: Decimal


@dataclass(frozen=True, slots=True)
class Proof:
    """Whether no month can cost more than the limit, in US dollars at the prices of the book."""

    limit_usd: Decimal
    terms: tuple[Term, ...]
    open: tuple[Open, ...]
    too_low: tuple[TooLow, ...]

    @property
    def most_usd(self) -> Decimal:
        """The sum of the terms."""
        return sum((term.usd for term in self.terms), Decimal("0.00"))

    @property
    def over_usd(self) -> Decimal:
        """By how much the terms are over the limit; zero or less: within."""
        return self.most_usd - self.limit_usd

    @property
    def holds(self) -> bool:
        """Whether the inequality holds, and says all."""
        return self.over_usd <= 0 and not self.open and not self.too_low


def prove(stack: Stack, cloud: Cloud, components: Sequence[AnyComponent], limits: Limits) -> Proof:
    """The most that a month can cost against the limit.

    Nodes run all month, as many as their pool may have, at the highest price of its types; disks and servers are as
    large and as many as they can become. Data, traffic and requests have no such end: they count as `budget.bounds`
    says, at the price of their dearest tier, and are open without that.
    """
    region, prices = stack.region, cloud.prices
    terms: list[Term] = []
    free: dict[str, list[Meter]] = {}
    pools = {pool.path: pool for pool in pools_of(stack)}
    for pool in pools.values():
        terms += _machines(pool, region, prices)
    opened: list[Open] = []
    for unknown in _without_price(pools.values(), region, prices):
        if unknown.item in limits.unpriced_usd:
            terms.append(_unpriced(unknown.item, unknown.paths, limits))
        else:
            opened.append(unknown)
    for meter in (meter for component in components for meter in component.consumption(stack, cloud)):
        if meter.use.option is not None:
            continue
        most = _most(meter, pools.get(meter.path) if meter.component == Pools.component else None)
        price = prices.item_price(meter.use.item, region)
        if most is None or price is None:
            free.setdefault(meter.use.item, []).append(meter)
        else:
            terms.append(_term(meter.use.item, meter.path, most[0], meter.use.unit, _dearest(price), most[1]))
    for item, meters in free.items():
        price = prices.item_price(item, region)
        bound = _bounded(item, meters, limits, price)
        if bound is None:
            opened.append(_open(item, meters, price))
        else:
            terms.append(bound)
    return Proof(limits.monthly_usd, tuple(terms), tuple(opened), tuple(_too_low(free, limits.bounds)))


def _machines(pool: Pool, region: str, prices: PriceBook) -> Iterator[Term]:
    """Every node of a pool, all month: those committed to, and the others at the highest price they may have."""
    committed, others = pool.committed_nodes, _nodes(pool)
    name = pool.instance_types[0]
    if pool.commitment is not None and committed:
        price = prices.instance_price(region, name, pool.commitment)
        if price is not None:
            hours = committed * HOURS_PER_MONTH
            yield _term(name, pool.path, hours, "hour", price.usd_high, "nodes.max")
            others -= committed
    dearest = _dearest_type(pool, region, prices)
    if dearest is not None and others > 0:
        yield _term(dearest[0], pool.path, others * HOURS_PER_MONTH, "hour", dearest[1], "nodes.max")


def _nodes(pool: Pool) -> int:
    """The most nodes of the pool; with a fallback each of its two groups may grow to `nodes.max`."""
    return pool.nodes_max * (2 if pool.capacity == "spot_with_fallback" else 1)


def _dearest_type(pool: Pool, region: str, prices: PriceBook) -> tuple[str, Decimal] | None:
    """The type of the pool whose hour may cost the most; None when the price of any is unknown.

    A spot price may rise to the price on demand, where the cloud stops it: what is sold on demand costs no more.
    """
    options: tuple[PurchaseOption, ...] = ("on_demand",) if pool.capacity == "on_demand" else ("on_demand", "spot")
    found = {}
    for name in pool.instance_types:
        sold = [price.usd_high for option in options if (price := prices.instance_price(region, name, option))]
        if not sold:
            return None
        found[name] = max(sold)
    return max(found.items(), key=lambda each: each[1])


def _without_price(pools: Iterable[Pool], region: str, prices: PriceBook) -> list[Open]:
    return [
        Open(pool.instance_types[0], "hour", (pool.path,), _nodes(pool) * HOURS_PER_MONTH, priced=False)
        for pool in pools
        if _dearest_type(pool, region, prices) is None
    ]


def _most(meter: Meter, pool: Pool | None) -> tuple[Decimal, Why] | None:
    """The most that a month can take, and what sees to it; None where nothing does."""
    amount = meter.use.amount
    if amount is None:
        return None
    high = amount.high if meter.use.most is None else meter.use.most
    if pool is not None:
        hours = node_hours(pool).high
        return (millionths(high * _nodes(pool) * HOURS_PER_MONTH / hours), "nodes.max") if hours else None
    if meter.use.most is not None:
        return high, "its own limit"
    return (amount.high, "always there") if meter.kind == "fixed" and amount.is_flat else None


def _bounded(item: str, meters: Sequence[Meter], limits: Limits, price: Price | None) -> Term | None:
    """The term that the user's bound makes of all that takes the item."""
    paths = ", ".join(_paths(meters))
    if price is None and item in limits.unpriced_usd:
        return _unpriced(item, _paths(meters), limits)
    if price is not None and item in limits.bounds:
        return _term(item, paths, limits.bounds[item], meters[0].use.unit, _dearest(price), "budget.bounds")
    return None


def _unpriced(item: str, paths: Sequence[str], limits: Limits) -> Term:
    """What an item without a price may cost, as the user says."""
    usd = limits.unpriced_usd[item]
    return Term(item, ", ".join(paths), Decimal(1), "month", usd, cents(usd), "budget.unpriced_usd")


def _open(item: str, meters: Sequence[Meter], price: Price | None) -> Open:
    highs = [meter.use.amount.high if meter.use.amount else None for meter in meters]
    known = None if None in highs else sum((high for high in highs if high is not None), Decimal(0))
    return Open(item, meters[0].use.unit, _paths(meters), known, priced=price is not None)


def _paths(meters: Sequence[Meter]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(meter.path for meter in meters))


def _too_low(free: Mapping[str, Sequence[Meter]], bounds: Mapping[str, Decimal]) -> Iterator[TooLow]:
    for item, meters in free.items():
        expected = sum((meter.use.amount.expected for meter in meters if meter.use.amount), Decimal(0))
        if item in bounds and bounds[item] < expected:
            yield TooLow(item, meters[0].use.unit, bounds[item], expected)


def _dearest(price: Price) -> Decimal:
    """The highest price of a unit, whatever the quantity."""
    return max((price.usd_high, *(tier.usd for tier in price.tiers)))


def _term(item: str, path: str, quantity: Decimal, unit: str, unit_usd: Decimal, why: Why) -> Term:  # noqa: PLR0913, PLR0917 - its fields
    return Term(item, path, quantity, unit, unit_usd, cents(quantity * unit_usd), why)
