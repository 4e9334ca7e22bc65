"""What of a node is left to pods: the terms in which every cloud answers that."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

DAEMON_CPU_MILLIS, DAEMON_MEMORY_MIB, DAEMON_STORAGE_GIB = 500, 1536, 1
"""What daemon sets ask for on a node: network, volumes, logs, metrics, identity, DNS cache, GPU plugin."""
DAEMON_MEMORY_MIB_PER_GPU = 128
"""The exporter of GPU metrics takes more, the more GPUs it watches."""

KUBELET_CPU = (Decimal("0.06"), Decimal("0.01"), Decimal("0.005"), Decimal("0.005"))
"""Parts of the first cores that are reserved, on EKS as on GKE; of each further one 0.25 %."""
KUBELET_CPU_FURTHER = Decimal("0.0025")


@dataclass(frozen=True, slots=True)
class NodeSize:
    """A machine and its disks; with `local_storage_gib` above 0 pods' files lie on local SSD instead of the disk."""

    machine: str
    vcpus: int
    memory_gib: Decimal
    disk_gib: int
    local_storage_gib: int = 0
    gpus: int = 0


@dataclass(frozen=True, slots=True)
class Room:
    """CPU in millicores, memory in MiB, and GiB of ephemeral storage."""

    cpu_millis: int
    memory_mib: int
    storage_gib: int

    def less(self, other: Room) -> Room:
        """What is left when `other` is taken off."""
        return Room(
            self.cpu_millis - other.cpu_millis,
            self.memory_mib - other.memory_mib,
            self.storage_gib - other.storage_gib,
        )


def daemon_sets(node: NodeSize) -> Room:
    """What daemon sets ask for on the node, at the most."""
    memory = DAEMON_MEMORY_MIB + DAEMON_MEMORY_MIB_PER_GPU * node.gpus
    return Room(DAEMON_CPU_MILLIS, memory, DAEMON_STORAGE_GIB)


def kubelet_cpu_millis(vcpus: int) -> int:
    """Millicores that the kubelet keeps for itself and the system, rounded up.

    https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes and
    https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go.
    """
    kept = sum(KUBELET_CPU[:vcpus], Decimal(0)) + max(vcpus - len(KUBELET_CPU), 0) * KUBELET_CPU_FURTHER
    return int(-(-kept * 1000 // 1))
