"""Example workloads, one file for each pool: what selects the pool, tolerates its taints and fits its nodes."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

import yaml

from groundplan.clouds.base import Cloud
from groundplan.clouds.nodes import daemon_sets
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

_DISK_SHARE, _NVME_SHARE = Decimal("0.5"), Decimal("0.8")
"""Images and logs lie on the same disk as scratch space; local storage is larger than any image."""

_TMP_AND_LOGS_GIB = 2

_REPLICAS_PER_CPU_NODE = 2
"""Two on a node, so that an update has room without a further node."""

_MOST_PODS = 40
"""Workloads on a node: the clusters' nodes run 64 pods at the least, and some are daemon sets."""


@dataclass(frozen=True, slots=True)
class Share:
    """What each of the pods on a node may ask for: millicores, MiB of memory, GiB of scratch space."""

    cpu_millis: int
    memory_mib: int
    scratch_gib: int

    @property
    def storage_gib(self) -> int:
        """GiB of ephemeral storage that the pod asks for: scratch space, /tmp and its logs."""
        return self.scratch_gib + _TMP_AND_LOGS_GIB


def share(pool: Pool, cloud: Cloud, pods: int = 1) -> Share:
    """An equal share of a node in round numbers, when so many pods stand beside the daemon sets on it."""
    room = cloud.allocatable(pool.size).less(daemon_sets(pool.size))
    disk = pool.local_storage_gib * _NVME_SHARE if pool.local_storage_gib else pool.disk_gib * _DISK_SHARE
    scratch = min(int(disk) // pods, room.storage_gib // pods - _TMP_AND_LOGS_GIB)
    cpu, memory = room.cpu_millis // pods, room.memory_mib // pods
    return Share(max(cpu // 100 * 100, 100), max(memory // 256 * 256, 256), max(scratch, 1))


def pods_per_node(pool: Pool, cloud: Cloud) -> int:
    """Pods of a workload on one node: one for each GPU or share of one, or two that serve, or one job."""
    if pool.kind == "training" and not _shared(pool):
        return 1
    if pool.gpu is None:
        return _REPLICAS_PER_CPU_NODE
    disk = cloud.allocatable(pool.size).less(daemon_sets(pool.size)).storage_gib
    return min(pool.gpu.shares, _MOST_PODS, disk // (_TMP_AND_LOGS_GIB + 1))


def _shared(pool: Pool) -> bool:
    return pool.gpu is not None and pool.gpu.shares > pool.gpu.count


def render_workloads(context: Context) -> FileSet:
    """An example for every pool of the spec and a README; nothing without pools."""
    return workloads(context.composition.stack, context.cloud)


def workloads(stack: Stack, cloud: Cloud) -> FileSet:
    """The examples for the pools of `stack` on its cloud."""
    if not workload_pools_of(stack):
        return {}
    templates = environment(TEMPLATES / FOLDER, filters={"yaml": yaml_scalar})
    examples = [_context(pool, stack, cloud) for pool in workload_pools_of(stack)]
    files = {
        f"{FOLDER}/{pool.id}.yaml": templates.get_template(f"{pool.kind}.yaml.j2").render(example)
        for pool, example in zip(workload_pools_of(stack), examples, strict=True)
    }
    files |= {
        f"{FOLDER}/{example['budget_file']}": templates.get_template("training-budget.yaml.j2").render(example)
        for example in examples
        if example["budget_file"]
    }
    advice = [one.text for one in stack.needed(Advice)]
    readme = page(
        f"{FOLDER}/README.md.j2",
        examples=examples,
        all_advice=advice,
        services=stack.needed(ClusterService),
        has_budgets=any(example["budget_file"] for example in examples),
    )
    return files | {f"{FOLDER}/README.md": readme}


def yaml_scalar(value: str | int) -> str:
    """`value` on one line of YAML that every parser, old or new, reads back as the same string or integer."""
    style = None if isinstance(value, int) or _PLAIN.fullmatch(value) else '"'
    return yaml.safe_dump(value, default_style=style, width=float("inf")).removesuffix("\n...\n").rstrip("\n")


def _context(pool: Pool, stack: Stack, cloud: Cloud) -> Mapping[str, object]:
    per_node = pods_per_node(pool, cloud)
    most = per_node * pool.nodes_max
    room = share(pool, cloud, per_node)
    return {
        "pool": pool,
        "file": f"{pool.id}.yaml",
        "budget_file": f"{pool.id}-budget.yaml" if pool.kind == "training" else "",
        "kinds": KINDS[pool.kind],
        "name": f"example-{pool.name}",
        "image": IMAGE,
        "selector": {POOL_LABEL: pool.id, **_architecture(pool)},
        "tolerations": _tolerations(pool),
        "buckets": _buckets(pool, stack),
        "variables": [*_buckets(pool, stack), *stack.needed(Variable)],
        "room": room,
        "gpus": _gpus(pool),
        "per_node": per_node,
        "shared": per_node > 1,
        "spot_grace_seconds": cloud.spot.grace_seconds,
        "shared_memory_mib": room.memory_mib // 4,
        # One place stays free for the new replica of an update; where there is but one place, the old one goes first.
        "max_replicas": max(most - 1, 1),
        "min_replicas": min(max(pool.nodes_min, 1), max(most - 1, 1)),
        "places": most,
        # More than can ever run, of all purchase options and types.
        "budget_pods": most * 2 * len(pool.instance_types),
        "can_surge": most > 1,
    }


def _gpus(pool: Pool) -> int:
    """What a pod asks for: of shared devices no more than one share, which is all that GKE grants.

    https://docs.cloud.google.com/kubernetes-engine/docs/concepts/timesharing-gpus
    """
    if pool.gpu is None:
        return 0
    return 1 if pool.kind == "serving" or _shared(pool) else pool.gpu.count


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
