"""Example workloads, one file for each pool: what selects the pool, tolerates its taints and fits its nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import yaml

from groundplan.components.base import POOL_LABEL
from groundplan.components.needs import Advice, ClusterService, Variable
from groundplan.components.node_pool.part import Pool, PoolKind, workload_pools_of
from groundplan.components.object_store.part import buckets_of
from groundplan.environment.files import FileSet
from groundplan.render.context import Context
from groundplan.render.jinja import TEMPLATES, environment
from groundplan.render.pages import page
from groundplan.stack.model import Stack

FOLDER = "workloads"

IMAGE = "docker.io/library/busybox:1.37.0@sha256:bdf57e528e45e4433820e045b29b4597825a1c9e38353532d90a01445013f82e"
"""Placeholder for the user's image: public, 2 MB, built for x86_64 and arm64, pinned by the digest of its index."""

GPU_TAINT = "nvidia.com/gpu"
ARCHITECTURE_LABEL = "kubernetes.io/arch"

KINDS: Mapping[PoolKind, Sequence[str]] = {
    "training": ("Job",),
    "serving": ("Deployment", "HorizontalPodAutoscaler", "Service", "PodDisruptionBudget"),
}
"""What a pool's file holds."""

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_./-]{2,}|[0-9]+(m|Mi|Gi)")
"""Text that needs no quotes, unless it is one of the words that YAML reads as something else."""

_CPU_SHARE, _CPU_DAEMONS = Decimal("0.97"), 500
"""Of a node's cores the kubelet takes 3 % at most (6 % of the first, 1 % of the second, less of the others), and
daemon sets (network, volumes, logs, metrics) ask for up to 500 millicores."""

_MEMORY_SHARE, _MEMORY_DAEMONS = Decimal("0.9"), Decimal(2)
"""Kernel and kubelet (255 MiB and 11 MiB for each pod on EKS) take up to a tenth of a node's memory and a fixed part;
with the daemon sets that part stays below 2 GiB. Of very small nodes half is left."""

_DISK_SHARE, _NVME_SHARE = Decimal("0.5"), Decimal("0.8")
"""Images and logs lie on the same disk as scratch space; local storage is larger than any image."""

_TMP_AND_LOGS_GIB = 2

_REPLICAS_PER_CPU_NODE = 2
"""Two on a node, so that an update has room without a further node."""


@dataclass(frozen=True, slots=True)
class Room:
    """What one node has for pods: millicores, MiB of memory, GiB of disk."""

    cpu_millis: int
    memory_mib: int
    scratch_gib: int

    def part(self, parts: int) -> Room:
        """An equal share of it, in round numbers."""
        cpu, memory, scratch = self.cpu_millis // parts, self.memory_mib // parts, self.scratch_gib // parts
        return Room(max(cpu // 100 * 100, 100), max(memory // 256 * 256, 256), max(scratch, 1))


def room(pool: Pool) -> Room:
    """What pods may ask for on one node of the pool, daemon sets and the kubelet's reserve taken off."""
    cores = pool.vcpus * 1000
    cpu = max(int(cores * _CPU_SHARE) - _CPU_DAEMONS, cores // 2)
    memory = max(pool.memory_gib * _MEMORY_SHARE - _MEMORY_DAEMONS, pool.memory_gib / 2)
    scratch = pool.local_storage_gib * _NVME_SHARE if pool.local_storage_gib else pool.disk_gib * _DISK_SHARE
    return Room(cpu, int(memory * 1024), int(scratch)).part(1)


def replicas_per_node(pool: Pool) -> int:
    """Replicas of a service on one node: one for each GPU, or two."""
    return pool.gpu.count if pool.gpu else _REPLICAS_PER_CPU_NODE


def render_workloads(context: Context) -> FileSet:
    """An example for every pool of the spec and a README; nothing without pools."""
    return workloads(context.composition.stack, context.cloud.spot.grace_seconds)


def workloads(stack: Stack, spot_grace_seconds: int) -> FileSet:
    """The examples for the pools of `stack`, on a cloud that gives so long a notice before it takes a machine back."""
    if not workload_pools_of(stack):
        return {}
    templates = environment(TEMPLATES / FOLDER, filters={"yaml": yaml_scalar})
    grace = {"spot_grace_seconds": spot_grace_seconds}
    examples = [{**_context(pool, stack), **grace} for pool in workload_pools_of(stack)]
    files = {
        f"{FOLDER}/{pool.id}.yaml": templates.get_template(f"{pool.kind}.yaml.j2").render(example)
        for pool, example in zip(workload_pools_of(stack), examples, strict=True)
    }
    advice = [one.text for one in stack.needed(Advice)]
    readme = page(f"{FOLDER}/README.md.j2", examples=examples, all_advice=advice, services=stack.needed(ClusterService))
    return files | {f"{FOLDER}/README.md": readme}


def yaml_scalar(value: str | int) -> str:
    """`value` on one line of YAML that every parser, old or new, reads back as the same string or integer."""
    style = None if isinstance(value, int) or _PLAIN.fullmatch(value) else '"'
    return yaml.safe_dump(value, default_style=style, width=float("inf")).removesuffix("\n...\n").rstrip("\n")


def _context(pool: Pool, stack: Stack) -> Mapping[str, object]:
    per_node = replicas_per_node(pool) if pool.kind == "serving" else 1
    most = per_node * pool.nodes_max
    share = room(pool).part(per_node)
    return {
        "pool": pool,
        "file": f"{pool.id}.yaml",
        "kinds": KINDS[pool.kind],
        "name": f"example-{pool.name}",
        "image": IMAGE,
        "selector": {POOL_LABEL: pool.id, **_architecture(pool)},
        "tolerations": _tolerations(pool),
        "buckets": _buckets(pool, stack),
        "variables": [*_buckets(pool, stack), *stack.needed(Variable)],
        "room": share,
        "gpus": pool.gpu.count // per_node if pool.gpu else 0,
        "storage_gib": share.scratch_gib + _TMP_AND_LOGS_GIB,
        "shared_memory_mib": share.memory_mib // 4,
        # One place stays free for the new replica of an update; where there is but one place, the old one goes first.
        "max_replicas": max(most - 1, 1),
        "min_replicas": min(max(pool.nodes_min, 1), max(most - 1, 1)),
        "places": most,
        "can_surge": most > 1,
    }


def _tolerations(pool: Pool) -> Sequence[Mapping[str, str]]:
    """One for each taint that the node pool module and its call put on the nodes."""
    taints = [(GPU_TAINT, "present")] if pool.gpu else []
    if pool.kind == "training":
        taints.append((POOL_LABEL, pool.id))
    return [{"key": key, "value": value} for key, value in taints]


def _architecture(pool: Pool) -> Mapping[str, str]:
    """What says that the image is built for Arm: GKE keeps pods that do not say so off such nodes.

    https://docs.cloud.google.com/kubernetes-engine/docs/how-to/prepare-arm-workloads-for-deployment
    """
    return {} if pool.architecture == "x86_64" else {ARCHITECTURE_LABEL: pool.architecture}


def _buckets(pool: Pool, stack: Stack) -> Sequence[Variable]:
    """The buckets that the pool's identity reaches; who may write may read."""
    names = {bucket.name: bucket.bucket for bucket in buckets_of(stack)}
    access = {**dict.fromkeys(pool.reads, "read"), **dict.fromkeys(pool.writes, "read, write and delete")}
    return [Variable(f"{name.upper().replace('-', '_')}_BUCKET", names[name], verbs) for name, verbs in access.items()]
