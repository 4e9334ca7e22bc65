"""What the machines of a stack come to: hours in use, dollars for one of them, and what commitments would change."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groundplan.catalog.catalog import SustainedUse
from groundplan.clouds.base import Cloud
from groundplan.components.node_pool.meters import useful_hours
from groundplan.components.node_pool.part import Pool, pools_of, workload_pools_of
from groundplan.cost.report import NO_USAGE, CommitmentOffer, Line, Unpriced, Usage
from groundplan.prices.book import COMMITMENTS, Payment, PurchaseOption
from groundplan.quantities import NO_USD, Band, millionths
from groundplan.stack.model import Stack
from groundplan.stack.purchase import COMMITTED, break_even_hours


def machine_use(stack: Stack, lines: Sequence[Line], unpriced: Sequence[Unpriced], *, gpu: bool) -> Usage:
    """Useful hours of single GPUs, or of single vCPUs in pools without GPUs, and the lines of those pools' machines.

    Nothing when a machine among them has no price: half a sum would look like a low rate.
    """
    pools = {pool.path: pool for pool in workload_pools_of(stack) if (pool.gpu is not None) == gpu}
    if any(item.path in pools and item.item in pools[item.path].instance_types for item in unpriced):
        return NO_USAGE
    bought = [line.monthly_usd for line in lines if line.path in pools and line.option is not None]
    hours = [useful_hours(pool).times(Decimal(_units(pool))) for pool in pools.values()]
    return Usage(sum(hours, Band.of(0)), sum(bought, NO_USD))


def _units(pool: Pool) -> int:
    return pool.gpu.count if pool.gpu else pool.vcpus


def commitment_offers(stack: Stack, cloud: Cloud) -> Iterator[CommitmentOffer]:
    """Every known way to commit to a node of each pool, with the hours from which on it pays off."""
    prices = cloud.prices
    for pool in pools_of(stack):
        name = pool.instance_types[0]
        on_demand = prices.instance_price(stack.region, name, "on_demand")
        if on_demand is None:
            continue
        node = _Node(pool.path, name, on_demand.usd_expected, cloud.catalog.sustained_use_of(name))
        commitments = prices.commitments(stack.region, name)
        for option in COMMITTED:
            offers = [commitment for commitment in commitments if COMMITMENTS[commitment.term_years] == option]
            for offer in offers:
                yield _offer(node, option, offer.usd_effective, offer.payment, offer.upfront_usd)
            plain = None if offers else prices.instance_price(stack.region, name, option)
            if plain is not None:
                yield _offer(node, option, plain.usd_expected, None, Decimal(0))


@dataclass(frozen=True, slots=True)
class _Node:
    """A node of a pool, and what an hour of it costs on demand."""

    path: str
    instance_type: str
    usd_per_hour: Decimal
    discount: SustainedUse


def _offer(
    node: _Node, option: PurchaseOption, effective: Decimal, payment: Payment | None, upfront: Decimal
) -> CommitmentOffer:
    return CommitmentOffer(
        path=node.path,
        instance_type=node.instance_type,
        option=option,
        payment=payment,
        upfront_usd=upfront,
        usd_per_hour=millionths(effective),
        on_demand_usd_per_hour=node.usd_per_hour,
        full_month_usd_per_hour=millionths(node.usd_per_hour * node.discount.full_month),
        break_even_hours=break_even_hours(node.usd_per_hour, effective, node.discount.quarters),
    )
