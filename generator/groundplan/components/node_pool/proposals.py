"""What pools of nodes could do with less."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan.catalog.catalog import Catalog, InstanceType
from groundplan.clouds.base import Cloud
from groundplan.components.node_pool.part import Pool, workload_pools_of
from groundplan.components.proposal import Proposal
from groundplan.prices.book import PurchaseOption
from groundplan.spec.model import Spec
from groundplan.stack.model import Stack


def proposals(spec: Spec, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    """Training that is always on or on demand, and types of a previous generation."""
    for pool in workload_pools_of(stack):
        yield from _of_pool(pool, stack, cloud)


def _of_pool(pool: Pool, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    if pool.kind == "training" and pool.nodes_min:
        nodes = "1 node of this pool is" if pool.nodes_min == 1 else f"{pool.nodes_min} nodes of this pool are"
        message = f"{nodes} always on; without them, jobs wait some minutes for a node"
        yield Proposal(f"{pool.path}.nodes.min", message, "nodes.min: 0", {f"{pool.path}.nodes.min": 0})
    if pool.kind == "training" and pool.capacity == "on_demand" and stack.purchase_option is None:
        message = "on-demand training, although jobs with checkpoints can run on spot"
        values = {f"{pool.path}.capacity": "spot_with_fallback"}
        yield Proposal(f"{pool.path}.capacity", message, "capacity: spot_with_fallback", values)
    instance = cloud.catalog.instance(pool.instance_types[0])
    if instance is not None and instance.generation == "previous":
        needs: dict[str, Any] = {"vcpus": instance.vcpus, "memory_gib": int(instance.memory_gib)}
        needs["architecture"] = instance.architecture
        if pool.gpu:
            needs["gpu"] = {"memory_gib": pool.gpu.memory_gib, "count": pool.gpu.count}
        text = ", ".join(f"{key}: {value}" for key, value in needs.items()).replace("'", "")
        changed: dict[str, Any] = {
            f"{pool.path}.{key}": value for key, value in {"instance_types": None, **needs}.items()
        }
        message = f"{instance.name} is of a previous generation; a current type of its size costs less"
        yield Proposal(f"{pool.path}.instance_types", message, f"instead of instance_types: {text}", changed)
    elif instance is not None:
        yield from _newer(pool, instance, stack, cloud)


def _newer(pool: Pool, old: InstanceType, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    """The cheapest type of a newer generation of the same line with as much of everything, where the pool names one."""
    option: PurchaseOption = "on_demand" if pool.capacity == "on_demand" else "spot"
    prices = {
        new.name: price.usd_expected
        for new in cloud.catalog.offered(stack.region)
        if _succeeds(new, old, cloud.catalog) and (price := cloud.prices.instance_price(stack.region, new.name, option))
    }
    if name := min(prices, key=lambda name: (prices[name], name), default=""):
        message = f"{old.name} has a successor of the same size that costs less"
        path = f"{pool.path}.instance_types"
        yield Proposal(path, message, f"instance_types: [{name}]", {path: [name]})


def _succeeds(new: InstanceType, old: InstanceType, catalog: Catalog) -> bool:
    """Whether a type has a newer generation of the machine, with as much of everything."""
    before, after = catalog.series(old.family), catalog.series(new.family)
    if before is None or after is None or before.line != after.line or before.generation >= after.generation:
        return False
    same = (new.architecture, new.gpu_type, new.gpu_count) == (old.architecture, old.gpu_type, old.gpu_count)
    enough = new.memory_gib >= old.memory_gib and new.local_storage_gib >= old.local_storage_gib
    return same and enough and new.vcpus == old.vcpus and new.burstable <= old.burstable
