"""Pools as they would be with commitments to the nodes that an expected month has in every hour."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.node_pool.part import Pool, Pools, pools_of
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, cents
from groundplan.stack.model import Stack
from groundplan.stack.purchase import COMMITTED

YEARS = {"commit_1y": "one year", "commit_3y": "three years"}


@dataclass(frozen=True, slots=True)
class Committed:
    """A stack with commitments for one pool, and what a reader is told of them."""

    stack: Stack
    path: str
    message: str
    change: str
    discount_usd: Decimal
    """What the cloud takes off by itself for full months of nodes that the estimate does not count on to be there."""


def committed(stack: Stack, cloud: Cloud) -> Iterator[Committed]:
    """For each pool that is bought on demand, the shortest commitment that costs less than its hours."""
    pools = pools_of(stack) if stack.purchase_option is None else ()
    for pool in pools:
        steady = pool.nodes_min if pool.kind == "training" else pool.nodes_expected
        if pool.capacity == "on_demand" and steady:
            options = (option for option in COMMITTED if _pays(pool, option, stack.region, cloud))
            yield from (_with(stack, pool, steady, option, cloud) for option in list(options)[:1])


def _pays(pool: Pool, option: PurchaseOption, region: str, cloud: Cloud) -> bool:
    """Whether an hour costs less than one on demand of a machine that runs all month."""
    name = pool.instance_types[0]
    on_demand, price = (cloud.prices.instance_price(region, name, one) for one in ("on_demand", option))
    if on_demand is None or price is None:
        return False
    return price.usd_expected < on_demand.usd_expected * cloud.catalog.sustained_use_of(name).full_month


def _discount_usd(pool: Pool, nodes: int, region: str, cloud: Cloud) -> Decimal:
    name = pool.instance_types[0]
    price = cloud.prices.instance_price(region, name, "on_demand")
    more = nodes - (nodes if pool.kind == "system" else pool.nodes_min)
    off = 1 - cloud.catalog.sustained_use_of(name).full_month
    return cents(price.usd_expected * off * more * HOURS_PER_MONTH) if price else Decimal(0)


def _with(stack: Stack, pool: Pool, nodes: int, option: PurchaseOption, cloud: Cloud) -> Committed:
    name, years = pool.instance_types[0], YEARS[option]
    bought = replace(pool, commitment=option, committed_nodes=nodes)
    pools = tuple(bought if other is pool else other for other in pools_of(stack))
    count = "1 node runs" if nodes == 1 else f"{nodes} nodes run"
    return Committed(
        stack.with_part(Pools(pools)),
        pool.path,
        f"{count} in every hour of an expected month; committed to for {years} they cost less",
        f"buy a commitment for {nodes} {name}, {years}, due whether they run or not; the spec stays as it is",
        _discount_usd(pool, nodes, stack.region, cloud),
    )
