"""What pools of nodes consume: hours of machines, and the disks of these."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.components.base import Meter, MeterKind
from groundplan.components.node_pool.component import node_pool
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Stack
from groundplan.stack.purchase import FALLBACK_SHARE

TRAINING_BAND = (Decimal("0.5"), Decimal("1.5"))
"""Hours above the nodes that are always on: half of what is expected, or half as much again."""

REPEATED = (Decimal(0), Decimal("0.05"), Decimal("0.15"))
"""Hours on spot that repeat lost work, as a part of the useful ones. An assumption: a node lost once a day, and an hour
since the last checkpoint and until the next node works, is 4 %."""


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """Node-hours, and the disks of the nodes."""
    for pool in pools_of(stack):
        hours = node_hours(pool)
        for use in _machines(pool, hours, billing):
            yield pool_meter(pool, replace(use, useful=useful_hours(pool)) if _interrupted(pool) else use)
        disks = Amount(hours.times(pool.disk_gib / HOURS_PER_MONTH), f"{pool.disk_gib} GiB for each running node")
        yield pool_meter(pool, billing.node_disk(pool.instance_types[0], disks))


def _machines(pool: Pool, hours: Band, billing: Billing) -> Iterable[Use]:
    """The machines: those committed to in every hour of the month, and the hours of the others."""
    name, words = pool.instance_types[0], _hours_in_words(pool)
    committed = pool.committed_nodes * HOURS_PER_MONTH
    if pool.commitment is None or not committed:
        always = pool.nodes_expected if pool.kind == "system" else pool.nodes_min
        steady = always * HOURS_PER_MONTH if pool.capacity == "on_demand" else Decimal(0)
        yield billing.machine(name, Amount(hours, words), pool.capacity, steady)
        return
    due = f"{_nodes(pool.committed_nodes)} committed to, due in every hour of the month"
    yield billing.machine(name, Amount.of(committed, due), pool.commitment)
    above = hours.above(committed)
    if above.high:
        yield billing.machine(name, Amount(above, f"hours above those: {words}"), pool.capacity)


def pool_meter(pool: Pool, use: Use) -> Meter:
    """A meter of a pool's module call."""
    kind: MeterKind = "fixed" if pool.kind == "system" else pool.kind
    return Meter(use, component="node_pool", kind=kind, path=pool.path, address=node_pool(pool).address)


def useful_hours(pool: Pool) -> Band:
    """Node-hours of a month that do work which nobody has to repeat."""
    most = pool.nodes_max * HOURS_PER_MONTH
    if pool.kind == "system":
        always = pool.nodes_expected * HOURS_PER_MONTH
        return Band(always, always, most)
    if pool.kind == "serving":
        return Band(pool.nodes_min * HOURS_PER_MONTH, pool.nodes_expected * HOURS_PER_MONTH, most)
    always = pool.nodes_min * HOURS_PER_MONTH
    busy = (pool.nodes_expected - pool.nodes_min) * pool.hours_per_month
    return Band(always + busy * TRAINING_BAND[0], always + busy, always + busy * TRAINING_BAND[1]).at_most(most)


def node_hours(pool: Pool) -> Band:
    """Node-hours of a month that are billed: on spot, jobs repeat what an interruption took from them."""
    useful, most = useful_hours(pool), pool.nodes_max * HOURS_PER_MONTH
    if not _interrupted(pool):
        return useful
    cases = zip(useful.cases, _repeated(pool), strict=True)
    return Band(*(min(hours * (1 + share), most) for hours, share in cases))


def _repeated(pool: Pool) -> tuple[Decimal, Decimal, Decimal]:
    """What is repeated of the useful hours: nothing of those on demand, which nobody interrupts."""
    least, usual, most = REPEATED
    return least, usual * (1 - FALLBACK_SHARE) if pool.capacity == "spot_with_fallback" else usual, most


def _interrupted(pool: Pool) -> bool:
    return pool.kind == "training" and pool.capacity != "on_demand"


def _hours_in_words(pool: Pool) -> str:
    if pool.kind == "training":
        busy = f"{_nodes(pool.nodes_max)} for {pool.hours_per_month:f} h, half to one and a half times that"
        words = f"{busy}; {pool.nodes_min} always on" if pool.nodes_min else busy
        _, usual, most = _repeated(pool)
        repeated = f"{usual:.0%} more to repeat work after interruptions, none to {most:.0%}"
        return f"{words}; {repeated}" if _interrupted(pool) else words
    if pool.kind == "serving":
        return f"{_nodes(pool.nodes_expected)} on average, {pool.nodes_min} to {pool.nodes_max}"
    return f"{_nodes(pool.nodes_expected)}, always on; {pool.nodes_max} all month at the most"


def _nodes(count: int) -> str:
    return f"{count} node" if count == 1 else f"{count} nodes"
