"""What EKS leaves of a node to pods.

https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go
"""

from __future__ import annotations

from decimal import Decimal

from groundplan.clouds.nodes import NodeSize, Room, kubelet_cpu_millis

MEMORY_MIB, MEMORY_MIB_PER_POD, EVICTION_MIB = 255, 11, 100
"""Reserved for the kubelet, and what must be free before pods are evicted."""
STORAGE_RESERVE_GIB, STORAGE_SHARE = 1, Decimal("0.9")
"""The kubelet's reserve; pods are evicted when a tenth is left."""
KERNEL_MIB, KERNEL_SHARE = 310, Decimal("0.02")
"""Memory that the kernel does not show, from published nodes: 467 MiB of 8 GiB on m5.large, 610 of 16 on t4g.xlarge."""
FILE_SYSTEM_SHARE = Decimal("0.99")
"""XFS without its own tables."""


def allocatable(node: NodeSize) -> Room:
    """What the node offers to pods, daemon sets included."""
    return allocatable_with(node, max_pods(node.vcpus))


def max_pods(vcpus: int) -> int:
    """The most pods on a machine of the size: with prefixes of addresses 110, or 250 from 30 vCPUs on, and without.

    Without them the largest machines take 737: https://github.com/awslabs/amazon-eks-ami, eni-max-pods.txt.
    """
    return next(most for limit, most in ((15, 110), (63, 250), (10_000, 737)) if vcpus <= limit)


def allocatable_with(node: NodeSize, pods: int) -> Room:
    """The same for a node that takes so many pods."""
    capacity = node.memory_gib * 1024 * (1 - KERNEL_SHARE) - KERNEL_MIB
    memory = capacity - MEMORY_MIB - MEMORY_MIB_PER_POD * pods - EVICTION_MIB
    disk = node.local_storage_gib or node.disk_gib
    storage = disk * FILE_SYSTEM_SHARE * STORAGE_SHARE - STORAGE_RESERVE_GIB
    return Room(node.vcpus * 1000 - kubelet_cpu_millis(node.vcpus), int(memory), int(storage))
