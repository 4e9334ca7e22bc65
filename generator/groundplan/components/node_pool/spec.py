"""What a spec says of pools of nodes, for training and for serving."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from groundplan.catalog.catalog import Architecture
from groundplan.spec.base import Key, Model, Name
from groundplan.spec.document import Lookup

Capacity = Literal["on_demand", "spot", "spot_with_fallback"]

GpuType = Literal[
    "t4", "t4g", "v100", "p4", "p100", "a10g", "l4", "l40s", "a100", "a100-80", "h100", "h200", "b200", "b300",
    "rtx-pro-6000",
]  # fmt: skip
InstanceType = Annotated[str, StringConstraints(pattern=r"^[a-z0-9.+-]{3,40}$")]


def _no_mps(value: object) -> object:
    """GKE's MPS wants pods with hostIPC: https://docs.cloud.google.com/kubernetes-engine/docs/how-to/nvidia-mps-gpus."""
    if value == "mps":
        raise ValueError(
            "cannot be mps: GKE asks for pods with hostIPC then, which Pod Security of the pool's namespace refuses; "
            "use time_sharing, or partition"
        )
    return value


class GpuSharing(Model):
    """Several pods on one device."""

    strategy: Annotated[Literal["time_sharing"], BeforeValidator(_no_mps)]
    """`time_sharing`: pods take turns, without limits of memory; `partition` gives each its part of the memory."""
    clients: Annotated[int, Field(ge=2, le=48)]
    """Pods that share one device."""


class AwsGpu(Model):
    """What only EKS has."""

    only_on: ClassVar[str] = "aws"

    pods_per_gpu: Annotated[int, Field(ge=2, le=48)] | None = None
    """Pods that take turns on each device, without limits of memory; default: a device is a pod's alone."""


class GcpGpu(Model):
    """What only GKE has."""

    only_on: ClassVar[str] = "gcp"

    sharing: GpuSharing | None = None
    """Let several pods share each device."""
    partition: Annotated[str, StringConstraints(pattern=r"^[1-7]g\.[0-9]{1,3}gb$")] | None = None
    """Partition each device (MIG) into instances of this size, such as 1g.10gb; A100 and newer."""


class Gpu(Model):
    """GPUs of one node. State the model, or the memory each device must have; the cheapest type that fits is taken."""

    type: GpuType | None = None
    """GPU model."""
    memory_gib: Annotated[int, Field(ge=1, le=512)] | None = None
    """Least memory of each device, in GiB."""
    total_memory_gib: Annotated[int, Field(ge=1, le=4096)] | None = None
    """Least memory of all devices of a node together, in GiB."""
    count: Annotated[int, Field(ge=1, le=16)] = 1
    """Devices per node."""
    aws: AwsGpu | None = None
    """Settings that exist on AWS only."""
    gcp: GcpGpu | None = None
    """Settings that exist on GCP only."""


class GcpPool(Model):
    """What only GKE has."""

    only_on: ClassVar[str] = "gcp"

    local_ssds: Annotated[int, Field(ge=1, le=24)] | None = None
    """Local SSDs of 375 GiB to attach to each node, for images and scratch space: to N1, N2, N2D, C2, C2D, A2 and G2
    machines, which have none of their own, in the numbers that the type takes. Beside `local_storage_gib` they are what
    gives it on GCP."""


class TrainingNodes(Model):
    """Bounds of a training pool's autoscaling."""

    min: Annotated[int, Field(ge=0, le=1000)] = 0
    """Nodes that are always on."""
    max: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes at a time."""


class ServingNodes(Model):
    """Bounds of a serving pool's autoscaling."""

    min: Annotated[int, Field(ge=0, le=1000)] = 1
    """Nodes that are always on."""
    expected: Annotated[int, Field(ge=0, le=1000)] | None = None
    """Nodes on an average hour, for the estimate; default: halfway between min and max, rounded up."""
    max: Annotated[int, Field(ge=1, le=1000)]
    """Most nodes at a time."""


class Update(Model):
    """How nodes are renewed when their image, disk or Kubernetes version changes."""

    strategy: Literal["surge", "minimal"] | None = None
    """`surge`: new nodes first; `minimal`: old nodes first, for machines of which there is none to spare. Default:
    minimal for training with GPUs, else surge."""
    max_unavailable: Annotated[int, Field(ge=1, le=100)] = 1
    """Nodes at a time."""
    repair: bool = True
    """Replace nodes that are not healthy. GKE always does."""


class Pool(Model):
    """What every pool of nodes states: needs, not machine types."""

    renamed_from: Name | None = None
    """Name that the pool had first. Its nodes, namespace and identity keep it, so that nothing is replaced."""
    vcpus: Annotated[int, Field(ge=1, le=896)] | None = None
    """Least vCPUs of each node."""
    memory_gib: Annotated[int, Field(ge=1, le=32768)] | None = None
    """Least memory of each node, in GiB."""
    architecture: Architecture | None = None
    """CPU architecture of the container images; default x86_64."""
    gpu: Gpu | None = None
    """GPUs of each node."""
    local_storage_gib: Annotated[int, Field(ge=1, le=120000)] | None = None
    """Least local NVMe storage of each node, in GiB."""
    instance_types: Annotated[list[InstanceType], Field(min_length=1, max_length=15)] | None = None
    """Machine types to use as they are, in order of preference, instead of a choice by needs."""
    capacity: Capacity | None = None
    """Purchase option; default spot_with_fallback for training and on_demand for serving."""
    disk_gib: Annotated[int, Field(ge=20, le=16000)] | None = None
    """Size of each node's disk, in GiB; default 100, or 200 with GPUs."""
    update: Update = Field(default_factory=Update)
    """How nodes are renewed."""
    reads: Annotated[list[Name], Field(max_length=50)] = []
    """Buckets whose objects the pool's workloads may read."""
    writes: Annotated[list[Name], Field(max_length=50)] = []
    """Buckets whose objects the pool's workloads may read, write and delete."""
    gcp: GcpPool | None = None
    """Settings that exist on GCP only."""


class TrainingPool(Pool):
    """Nodes for jobs that start, run and end."""

    nodes: TrainingNodes
    """Bounds of autoscaling."""
    hours_per_month: Annotated[float, Field(ge=0, le=744)] | None = None
    """Hours a month that the pool is busy with all of its nodes, for the estimate; default 160."""


class ServingPool(Pool):
    """Nodes for services that answer requests around the clock."""

    nodes: ServingNodes
    """Bounds of autoscaling."""


class Training(Model):
    """Where models are trained."""

    pools: Annotated[dict[Name, TrainingPool], Field(min_length=1, max_length=20)]
    """Node pools by name."""


class Serving(Model):
    """Where models are served."""

    pools: Annotated[dict[Name, ServingPool], Field(min_length=1, max_length=20)]
    """Node pools by name."""


KEYS = (
    Key("training", Training, "Where models are trained.", asks=True),
    Key("serving", Serving, "Where models are served.", asks=True),
)

PATTERNS = {
    r"^[a-z0-9.+-]{3,40}$": "write the cloud's own name of the type, such as g6.xlarge or g2-standard-8",
    r"^[1-7]g\.[0-9]{1,3}gb$": "write a MIG profile such as 1g.10gb",
}


def wants_cluster(at: Lookup) -> bool:
    """Nodes belong to a cluster."""
    return at.has("training") or at.has("serving")
