"""The pools that were decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from groundplan.catalog.catalog import Architecture
from groundplan.clouds.nodes import NodeSize
from groundplan.hcl.write import Value
from groundplan.prices.book import PurchaseOption
from groundplan.stack.model import Capacity, Part, Stack

PODS_PER_GPU = "pods_per_gpu"
"""An option of a GPU: pods that take turns on each device."""
PoolKind = Literal["system", "training", "serving"]


@dataclass(frozen=True, slots=True)
class Gpu:
    """GPUs of one node: model, devices, memory of each device in GiB."""

    type: str
    count: int
    memory_gib: int
    shares: int
    """Pods that one node's devices serve, each with one of them, a part of one or a turn on one."""
    options: Mapping[str, Value]
    """Settings that only this cloud has, by the name of the attribute of the module's `gpu`."""


@dataclass(frozen=True, slots=True)
class Update:
    """How nodes are renewed: which come or go first, how many at a time, and whether broken ones are replaced."""

    strategy: Literal["surge", "minimal"] = "surge"
    max_unavailable: int = 1
    repair: bool = True


@dataclass(frozen=True, slots=True)
class Pool:
    """One pool of equal nodes, or of spot nodes that are at least as large as the first type."""

    kind: PoolKind
    name: str
    path: str
    """Where the pool stands in the spec; the system pool has the path `cluster`."""
    instance_types: tuple[str, ...]
    """In order of preference; the first is the one priced and the smallest."""
    architecture: Architecture
    vcpus: int
    memory_gib: Decimal
    gpu: Gpu | None
    capacity: Capacity
    nodes_min: int
    nodes_expected: int
    """Nodes on an average hour of a serving pool; nodes of a busy hour of a training pool."""
    nodes_max: int
    hours_per_month: Decimal
    """Hours a month that the nodes above `nodes_min` run; 730 for pools that serve."""
    disk_gib: int
    local_storage_gib: int
    """Local NVMe storage to use for images and scratch space, attached or the type's own; 0 when none is asked for."""
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    local_ssds: int = 0
    """Local SSDs attached to each node, which are billed apart; their size is part of `local_storage_gib`."""
    commitment: PurchaseOption | None = None
    """How the committed nodes are bought, for an estimate that asks for it."""
    committed_nodes: int = 0
    """Nodes paid for in every hour of the month; hours of other nodes are on demand."""
    update: Update = Update()
    first_name: str = ""
    """Name that the pool had first and keeps in the cloud; empty where it always had the one it has."""

    @property
    def size(self) -> NodeSize:
        """One node, to ask the cloud what it offers to pods."""
        gpus = self.gpu.count if self.gpu else 0
        machine = self.instance_types[0]
        return NodeSize(machine, self.vcpus, self.memory_gib, self.disk_gib, self.local_storage_gib, gpus)

    @property
    def id(self) -> str:
        """Name in the cloud and on the cluster, unique within the environment, such as `training-finetune`."""
        return self.name if self.kind == "system" else f"{self.kind}-{self.first_name or self.name}"

    @property
    def namespace(self) -> str:
        """Namespace in which the pool's identity is valid: one per pool, as pods may name any account of theirs."""
        return self.id

    @property
    def service_account(self) -> str:
        """Kubernetes service account that carries the pool's identity."""
        return self.first_name or self.name


@dataclass(frozen=True, slots=True)
class Pools(Part):
    """Every pool, the system pool first; none without a cluster."""

    component: ClassVar[str] = "node_pool"
    key: ClassVar[str] = ""
    pools: tuple[Pool, ...]


def pools_of(stack: Stack) -> tuple[Pool, ...]:
    """Every pool of the stack, the system pool first."""
    part = stack.part(Pools)
    return part.pools if part else ()


def workload_pools_of(stack: Stack) -> tuple[Pool, ...]:
    """The pools that the spec asks for, without the system pool."""
    return tuple(pool for pool in pools_of(stack) if pool.kind != "system")


def has_gpu(stack: Stack) -> bool:
    """Whether any pool has GPUs."""
    return any(pool.gpu for pool in pools_of(stack))
