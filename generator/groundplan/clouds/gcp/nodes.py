"""What GKE leaves of a node to pods: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import cache

from groundplan.clouds.gcp.facts import LOCAL_SSD_GIB
from groundplan.clouds.nodes import NodeSize, Room, kubelet_cpu_millis

SHARED_CORE = ("e2-micro", "e2-small", "e2-medium")
SHARED_CORE_MILLIS = 1060
"""What GKE keeps of machines that have a part of two cores."""

MEMORY_STEPS = ((4, "0.25"), (4, "0.2"), (8, "0.1"), (112, "0.06"))
"""GiB, and the part of them that is reserved; of what is above 2 %."""
MEMORY_FURTHER, EVICTION_MIB = Decimal("0.02"), 100
SMALL_MIB, SMALL_RESERVE_MIB = 1024, 255
"""Below so much memory, this is reserved."""
KERNEL_MIB, KERNEL_SHARE = 200, Decimal("0.02")
"""Memory that the kernel does not show, from published nodes: 388 MiB of 16 GiB on n2-standard-4."""

STORAGE_SHARE = Decimal("0.9")
"""Pods are evicted when a tenth of the file system is left."""
SYSTEM_GIB, FILE_SYSTEM_SHARE = 5, Decimal("0.98")
"""Container-Optimized OS and the file system's own tables: of 100 GiB, 94.3 are left for pods and images."""
LOCAL_SSD_RESERVE_GIB = {1: 50, 2: 75}
LOCAL_SSD_RESERVE_MOST_GIB = 100
"""By the number of SSDs; the last from three on."""


@cache
def allocatable(node: NodeSize) -> Room:
    """What the node offers to pods, daemon sets included."""
    kept = SHARED_CORE_MILLIS if node.machine in SHARED_CORE else kubelet_cpu_millis(node.vcpus)
    capacity = node.memory_gib * 1024 * (1 - KERNEL_SHARE) - KERNEL_MIB
    memory = int(capacity - memory_reserve_mib(capacity) - EVICTION_MIB)
    return Room(node.vcpus * 1000 - kept, memory, int(_storage_gib(node)))


def memory_reserve_mib(capacity_mib: Decimal) -> Decimal:
    """What GKE reserves of so much memory."""
    if capacity_mib < SMALL_MIB:
        return Decimal(SMALL_RESERVE_MIB)
    reserve, rest = Decimal(0), capacity_mib
    for gib, share in MEMORY_STEPS:
        step = min(rest, Decimal(gib * 1024))
        reserve, rest = reserve + step * Decimal(share), rest - step
    return reserve + rest * MEMORY_FURTHER


def _storage_gib(node: NodeSize) -> Decimal:
    if node.local_storage_gib:
        ssds = math.ceil(node.local_storage_gib / LOCAL_SSD_GIB)
        reserve = LOCAL_SSD_RESERVE_GIB.get(ssds, LOCAL_SSD_RESERVE_MOST_GIB)
        return node.local_storage_gib * FILE_SYSTEM_SHARE * STORAGE_SHARE - reserve
    disk = Decimal(node.disk_gib)
    return (disk * FILE_SYSTEM_SHARE - SYSTEM_GIB) * STORAGE_SHARE - storage_reserve_gib(disk)


def storage_reserve_gib(disk_gib: Decimal) -> Decimal:
    """What GKE reserves of a boot disk: half of it, 6 GiB and 35 %, or 100 GiB, whichever is least."""
    return min(disk_gib / 2, 6 + disk_gib * Decimal("0.35"), Decimal(100))
