"""How machines are bought, and what an hour of one comes to: spot with a fallback, commitments, steady use."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from groundplan.catalog.catalog import NO_DISCOUNT, Catalog, InstanceType
from groundplan.clouds.billing import MachineOption
from groundplan.prices.book import COMMITMENTS, PriceBook, PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, millionths

FALLBACK_SHARE = Decimal("0.2")
"""Hours of a spot pool with fallback that run on demand, as expected; none at the least, all at the most."""
COMMITTED: tuple[PurchaseOption, ...] = tuple(COMMITMENTS.values())


@dataclass(frozen=True, slots=True)
class Duty:
    """How much the nodes of a pool run in an expected month."""

    nodes_always: int
    nodes_max: int
    hours_above: Decimal
    """Node-hours beyond those of the nodes that are always on."""
    all_or_always: bool
    """Whether committing to every node is weighed too: for pools that work now and then at full size."""
    nodes_steady: int = 0
    """Nodes that an expected month has in every hour, where these are more than those that are always on."""

    @property
    def hours(self) -> Decimal:
        """Node-hours of the month."""
        return self.nodes_always * HOURS_PER_MONTH + self.hours_above


@dataclass(frozen=True, slots=True)
class Commit:
    """Nodes that are committed to, and what the pool costs a month with them, in US dollars."""

    nodes: int
    usd: Decimal


def commit(
    duty: Duty, on_demand: Decimal, committed: Decimal | None, full_month: Decimal = NO_DISCOUNT.full_month
) -> Commit | None:
    """The cheapest of committing to the nodes that are always on, to those expected in every hour, and to all.

    Prices are of a node-hour; a committed one is due in every hour of the month, and hours above are bought on demand.
    None where nodes are always on and no commitment to them is sold. `full_month` is the part of the price on demand
    that nodes cost which run all month: those expected in every hour are committed to where that is less.
    """
    if committed is None:
        return None if duty.nodes_always else Commit(0, duty.hours_above * on_demand)
    counts = {duty.nodes_always}
    if committed < on_demand * full_month:
        counts.add(max(duty.nodes_always, duty.nodes_steady))
    if duty.all_or_always:
        counts.add(duty.nodes_max)
    bills = [Commit(nodes, _bill(duty, nodes, on_demand, committed)) for nodes in counts]
    return min(bills, key=lambda bill: (bill.usd, bill.nodes))


def _bill(duty: Duty, nodes: int, on_demand: Decimal, committed: Decimal) -> Decimal:
    """US dollars of an expected month with so many nodes committed to."""
    more = (nodes - duty.nodes_always) * HOURS_PER_MONTH
    above = max(duty.hours_above - more, Decimal(0))
    return nodes * HOURS_PER_MONTH * committed + above * on_demand


@dataclass(frozen=True, slots=True)
class Market:
    """What a region offers, and at which prices."""

    region: str
    catalog: Catalog
    prices: PriceBook
    spot_types: int
    """Machine types that a spot pool takes at the most."""

    def zones(self, instance: InstanceType) -> frozenset[str]:
        """The zones for clusters that offer the type; none where a source names zones, but not those of the type."""
        return self.catalog.zones(self.region).get(instance.name, frozenset())

    def usd_per_hour(self, instance: InstanceType, option: PurchaseOption) -> Decimal | None:
        """The expected price of an hour, or None when it is unknown."""
        found = self.prices.instance_price(self.region, instance.name, option)
        return None if found is None else found.usd_expected


@dataclass(frozen=True, slots=True)
class Buying:
    """The purchase option of a pool, and its duty; without one, for one hour."""

    purchase_option: MachineOption
    duty: Duty | None = None

    def usd_per_hour(self, instance: InstanceType, market: Market) -> Decimal | None:
        """What an hour of the type in use comes to as expected, in US dollars; None when it cannot be bought so.

        That is the price by which types are compared, and by which the estimate is made.
        """
        if self.purchase_option == "spot":
            return market.usd_per_hour(instance, "spot")
        on_demand = market.usd_per_hour(instance, "on_demand")
        if on_demand is None:
            return None
        if self.purchase_option == "on_demand":
            return self._steady(on_demand, market.catalog.full_month_factors.get(instance.family, Decimal(1)))
        if self.purchase_option == "spot_with_fallback":
            spot = market.usd_per_hour(instance, "spot")
            return None if spot is None else blend(spot, on_demand)
        committed = market.usd_per_hour(instance, self.purchase_option)
        if self.duty is None or not self.duty.hours:
            return committed
        factor = market.catalog.full_month_factors.get(instance.family, Decimal(1))
        worth = commit(self.duty, on_demand, committed, factor)
        return None if worth is None else millionths(worth.usd / self.duty.hours)

    def _steady(self, on_demand: Decimal, full_month_factor: Decimal) -> Decimal:
        """An hour on demand, with the discount of the nodes that run all month."""
        if self.duty is None or not self.duty.hours or full_month_factor == 1:
            return on_demand
        always = self.duty.nodes_always * HOURS_PER_MONTH
        return millionths(on_demand * (always * full_month_factor + self.duty.hours_above) / self.duty.hours)

    @property
    def price_title(self) -> str:
        """What the price is called."""
        return PRICE_TITLES[self.purchase_option]


PRICE_TITLES = {
    "on_demand": "on-demand price",
    "spot": "expected spot price",
    "spot_with_fallback": "expected price of spot with on-demand fallback",
    "commit_1y": "effective hourly price with a 1-year commitment",
    "commit_3y": "effective hourly price with a 3-year commitment",
}


def blend(spot: Decimal, on_demand: Decimal) -> Decimal:
    """An expected hour of a spot pool with fallback."""
    return spot * (1 - FALLBACK_SHARE) + on_demand * FALLBACK_SHARE


def break_even_hours(
    on_demand: Decimal, committed: Decimal, quarters: Sequence[Decimal] = NO_DISCOUNT.quarters
) -> Decimal:
    """Hours a month from which on a node is cheaper committed to than on demand; over 730: never, at most a million.

    `quarters` are the parts of the price on demand in equal parts of the month, where the cloud takes off by itself.
    """
    hours, owed, part = Decimal(0), HOURS_PER_MONTH * committed, HOURS_PER_MONTH / len(quarters)
    for share in quarters:
        paid = part * share * on_demand
        if owed <= paid:
            break
        hours, owed = hours + part, owed - paid
    return min(hours + owed / (on_demand * share), Decimal(1_000_000)).quantize(Decimal("0.1"))
