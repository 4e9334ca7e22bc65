"""Pools of nodes: one module call each."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.clouds.base import Cloud
from groundplan.components.base import POOL_LABEL, Arguments, CloudPart, Component, Holding, ModuleCall, Output
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.keys.component import key_id
from groundplan.components.network.component import NETWORK
from groundplan.components.node_pool.part import Pool, PoolKind, pools_of, workload_pools_of
from groundplan.components.node_pool.resolve import resolve_pools
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work


def call_name(pool: Pool) -> str:
    """Name of the pool's module block, such as `pool_training_finetune`: as the spec calls the pool."""
    return _block_name(pool.kind, pool.name)


def _block_name(kind: PoolKind, name: str) -> str:
    kinds = () if kind == "system" else (kind,)
    return "_".join(("pool", *kinds, name.replace("-", "_")))


def node_pool(pool: Pool) -> Ref:
    """What the pool's module gives."""
    return Ref(call_name(pool), "node_pool")


def system_pool(stack: Stack) -> Ref:
    """What the module of the system pool gives; there is one where there is a cluster."""
    return next(node_pool(pool) for pool in pools_of(stack) if pool.kind == "system")


class NodePoolPart(CloudPart):
    """How a cloud makes pools of nodes."""

    def machine_types(self, pool: Pool) -> Sequence[str]:
        """The pool's machine types as the module takes them."""
        return pool.instance_types

    def local_storage_gib(self, pool: Pool, cloud: Cloud) -> int:
        """Local storage of a node that the module must know of, in GiB; 0 for none."""
        return pool.local_storage_gib

    def nodes(self, pool: Pool, stack: Stack, cloud: Cloud) -> dict[str, Value]:
        """What the module's `nodes` takes beside the bounds: where nodes are, and how they are renewed."""
        return {}

    def placement(self, pool: Pool, stack: Stack, cloud: Cloud) -> Arguments:
        """Arguments that say where the pool's nodes may be, beside the network's own zones."""
        return {}


class NodePool(Component[NodePoolPart]):
    """The node pool module, once per pool, the system pool included."""

    name = "node_pool"
    anywhere = NodePoolPart()

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_pools(work)

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call per pool."""
        for pool in pools_of(stack):
            yield ModuleCall(
                component=self.name,
                name=call_name(pool),
                source=f"{stack.provider}/node_pool",
                layer=FOUNDATION,
                arguments=_arguments(pool, stack, cloud, self.on(cloud)),
                path=pool.path,
                outputs=() if pool.kind == "system" else (_output(pool),),
            )

    def assets(self, stack: Stack, cloud: Cloud) -> Iterable[Holding]:
        """The pools of the spec, which may change their names."""
        for pool in workload_pools_of(stack):
            was = (_block_name(pool.kind, pool.first_name),) if pool.first_name else ()
            yield Holding(Asset("pool", pool.id, pool.path, FOUNDATION, call_name(pool), was=was))


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
        "nodes": {"min": pool.nodes_min, "max": pool.nodes_max, **part.nodes(pool, stack, cloud)},
        "disk": disk,
    }
    if pool.gpu is not None:
        arguments["gpu"] = {"count": pool.gpu.count, "model": pool.gpu.type, **pool.gpu.options}
    if pool.kind == "training":
        # Nodes that are to vanish when idle must not be kept alive by pods that strayed onto them.
        arguments["taints"] = [{"key": POOL_LABEL, "value": pool.id, "effect": "NoSchedule"}]
    arguments["tags"] = Var("tags")
    return arguments | dict(part.placement(pool, stack, cloud)) | dict(part.arguments("node_pool", stack))


def _output(pool: Pool) -> Output:
    value: dict[str, Value] = {
        "node_selector": node_pool(pool).at("node_selector"),
        "tolerations": node_pool(pool).at("tolerations"),
        "namespace": pool.namespace,
        "service_account": pool.service_account,
    }
    return Output(call_name(pool), value, f"What workloads need to run on {pool.path}.")


COMPONENT = NodePool()
