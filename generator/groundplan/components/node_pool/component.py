"""Pools of nodes: one module call each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import (
    FOUNDATION,
    POOL_LABEL,
    Arguments,
    CloudPart,
    Component,
    Meter,
    MeterKind,
    ModuleCall,
    Output,
)
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.keys.component import key_id
from groundplan.components.network.component import NETWORK
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Pool, Stack

TRAINING_BAND = (Decimal("0.5"), Decimal("1.5"))
"""Hours above the nodes that are always on: half of what is expected, or half as much again."""

REPEATED = (Decimal(0), Decimal("0.05"), Decimal("0.15"))
"""Hours on spot that repeat lost work, as a part of the useful ones. An assumption: a node lost once a day, and an hour
since the last checkpoint and until the next node works, is 4 %."""


def call_name(pool: Pool) -> str:
    """Name of the pool's module block, such as `pool_training_finetune`."""
    return f"pool_{pool.id.replace('-', '_')}"


def node_pool(pool: Pool) -> Ref:
    """What the pool's module gives."""
    return Ref(call_name(pool), "node_pool")


def system_pool(stack: Stack) -> Ref:
    """What the module of the system pool gives; there is one where there is a cluster."""
    return next(node_pool(pool) for pool in stack.pools if pool.kind == "system")


class NodePoolPart(CloudPart):
    """How a cloud makes pools of nodes."""

    def machine_types(self, pool: Pool) -> Sequence[str]:
        """The pool's machine types as the module takes them."""
        return pool.instance_types

    def local_storage_gib(self, pool: Pool, cloud: Cloud) -> int:
        """Local storage of a node that the module must know of, in GiB; 0 for none."""
        return pool.local_storage_gib

    def placement(self, pool: Pool, stack: Stack, cloud: Cloud) -> Arguments:
        """Arguments that say where the pool's nodes may be, beside the network's own zones."""
        return {}


class NodePool(Component[NodePoolPart]):
    """The node pool module, once per pool, the system pool included."""

    name = "node_pool"
    anywhere = NodePoolPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call per pool."""
        for pool in stack.pools:
            yield ModuleCall(
                component=self.name,
                name=call_name(pool),
                source=f"{stack.provider}/node_pool",
                layer=FOUNDATION,
                arguments=_arguments(pool, stack, cloud, self.on(cloud)),
                path=pool.path,
                outputs=() if pool.kind == "system" else (_output(pool),),
            )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Node-hours, and the disks of the nodes."""
        for pool in stack.pools:
            hours = node_hours(pool)
            yield from _machines(pool, hours)
            disks = hours.times(pool.disk_gib / HOURS_PER_MONTH)
            yield pool_meter(pool, "disk.general", "gib_month", disks, f"{pool.disk_gib} GiB for each running node")


def _machines(pool: Pool, hours: Band) -> Iterable[Meter]:
    """The machines: those committed to in every hour of the month, and the hours of the others."""
    nodes = pool_meter(pool, pool.instance_types[0], "hour", hours, _hours_in_words(pool))
    committed = pool.committed_nodes * HOURS_PER_MONTH
    if not committed:
        always = pool.nodes_expected if pool.kind == "system" else pool.nodes_min
        steady = always * HOURS_PER_MONTH if pool.capacity == "on_demand" else Decimal(0)
        yield replace(nodes, option=pool.capacity, steady=steady)
        return
    words = f"{_nodes(pool.committed_nodes)} committed to, due in every hour of the month"
    yield replace(nodes, option=pool.commitment, quantity=Band.of(committed), assumption=words)
    above = hours.above(committed)
    if above.high:
        yield replace(nodes, option=pool.capacity, quantity=above, assumption=f"hours above those: {nodes.assumption}")


def pool_meter(pool: Pool, item: str, unit: str, quantity: Band, assumption: str) -> Meter:
    """A meter of a pool's module call."""
    kind: MeterKind = "fixed" if pool.kind == "system" else pool.kind
    return Meter(
        component=NodePool.name,
        item=item,
        unit=unit,
        quantity=quantity,
        assumption=assumption,
        kind=kind,
        path=pool.path,
        address=node_pool(pool).address,
    )


def useful_hours(pool: Pool) -> Band:
    """Node-hours of a month that do work which nobody has to repeat."""
    most = pool.nodes_max * HOURS_PER_MONTH
    if pool.kind == "system":
        return Band.of(pool.nodes_expected * HOURS_PER_MONTH)
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
    cases = zip(useful.cases, REPEATED, strict=True)
    return Band(*(min(hours * (1 + share), most) for hours, share in cases))


def _interrupted(pool: Pool) -> bool:
    return pool.kind == "training" and pool.capacity != "on_demand"


def _hours_in_words(pool: Pool) -> str:
    if pool.kind == "training":
        busy = f"{_nodes(pool.nodes_max)} for {pool.hours_per_month:f} h, half to one and a half times that"
        words = f"{busy}; {pool.nodes_min} always on" if pool.nodes_min else busy
        repeated = f"{REPEATED[1]:.0%} more to repeat work after interruptions, none to {REPEATED[2]:.0%}"
        return f"{words}; {repeated}" if _interrupted(pool) else words
    if pool.kind == "serving":
        return f"{_nodes(pool.nodes_expected)} on average, {pool.nodes_min} to {pool.nodes_max}"
    return f"{_nodes(pool.nodes_expected)}, always on"


def _nodes(count: int) -> str:
    return f"{count} node" if count == 1 else f"{count} nodes"


def _arguments(pool: Pool, stack: Stack, cloud: Cloud, part: NodePoolPart) -> dict[str, Value]:
    disk: dict[str, Value] = {"size_gib": pool.disk_gib, "kms_key": key_id("cluster")}
    if local := part.local_storage_gib(pool, cloud):
        disk["local_nvme_gib"] = local
    arguments: dict[str, Value] = {
        "name": pool.id,
        "cluster": CLUSTER,
        "network": NETWORK,
        "architecture": pool.architecture,
        "capacity": pool.capacity,
        "instance_types": list(part.machine_types(pool)),
        "nodes": {"min": pool.nodes_min, "max": pool.nodes_max},
        "disk": disk,
    }
    if pool.gpu is not None:
        arguments["gpu"] = {"count": pool.gpu.count, "model": pool.gpu.type, **pool.gpu.options}
    if pool.kind == "training":
        # Nodes that are to vanish when idle must not be kept alive by pods that strayed onto them.
        arguments["taints"] = [{"key": POOL_LABEL, "value": pool.id, "effect": "NoSchedule"}]
    arguments["tags"] = Var("tags")
    return arguments | dict(part.placement(pool, stack, cloud))


def _output(pool: Pool) -> Output:
    value: dict[str, Value] = {
        "node_selector": node_pool(pool).at("node_selector"),
        "tolerations": node_pool(pool).at("tolerations"),
        "namespace": pool.namespace,
        "service_account": pool.service_account,
    }
    return Output(call_name(pool), value, f"What workloads need to run on {pool.path}.")


COMPONENT = NodePool()
