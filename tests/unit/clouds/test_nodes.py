"""What nodes offer to pods, held against nodes that somebody published; never more than those, and not much less."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.aws.nodes import allocatable_with, max_pods
from groundplan.clouds.gcp.nodes import allocatable, memory_reserve_mib, storage_reserve_gib
from groundplan.clouds.nodes import NodeSize, Room, daemon_sets

GIB, KIB_PER_MIB = 1 << 30, 1024


def node(machine: str, vcpus: int, memory_gib: int, disk_gib: int = 100, local_storage_gib: int = 0) -> NodeSize:
    return NodeSize(machine, vcpus, Decimal(memory_gib), disk_gib, local_storage_gib)


GKE = {
    # https://docs.cloud.google.com/kubernetes-engine/docs/concepts/plan-node-sizes
    "the example of the documentation": (node("e2-standard-4", 4, 16), 3920, 13_498_416, 47_060_071_478),
    # `kubectl describe node` of GKE 1.36.3, 1.29.6 and 1.2x, in public repositories.
    "n2-standard-4": (node("n2-standard-4", 4, 16), 3920, 13_591_652, 47_060_071_478),
    "e2-medium": (node("e2-medium", 2, 4), 940, 2_877_136, 47_060_071_478),
    "e2-small": (node("e2-small", 2, 2), 940, 1_397_472, 47_060_071_478),
}
EKS = {
    # https://github.com/aws/karpenter-provider-aws, its test of allocatable resources against nodes, with the pods of
    # eni-max-pods.txt; the disk is that of an m5.large with 20 GiB.
    "m5.large": (node("m5.large", 2, 8, 20), 29, 1930, 7_220_184, 18_242_267_924),
    "t4g.medium": (node("t4g.medium", 2, 4, 20), 17, 1930, 3_377_496, 18_242_267_924),
    "t4g.xlarge": (node("t4g.xlarge", 4, 16, 20), 58, 3920, 15_136_012, 18_242_267_924),
}


def holds(found: Room, cpu_millis: int, memory_kib: int, storage_bytes: int) -> None:
    """The published figures, or a little less."""
    assert found.cpu_millis == cpu_millis
    published_mib = memory_kib / KIB_PER_MIB
    assert published_mib * 0.9 <= found.memory_mib <= published_mib
    published_gib = storage_bytes / GIB
    assert published_gib * 0.94 <= found.storage_gib <= published_gib


@pytest.mark.parametrize("name", GKE)
def test_gke(name: str) -> None:
    size, cpu, memory, storage = GKE[name]
    holds(allocatable(size), cpu, memory, storage)


@pytest.mark.parametrize("name", EKS)
def test_eks(name: str) -> None:
    size, pods, cpu, memory, storage = EKS[name]
    holds(allocatable_with(size, pods), cpu, memory, storage)
    assert pods <= max_pods(size.vcpus)


def test_the_reserves_are_those_of_the_documentation() -> None:
    """To the byte: 0.9 of the file system's 98,831,908 KiB less 41 GiB, and 2,723 of 15,996 MiB of n2-standard-4."""
    assert storage_reserve_gib(Decimal(100)) == 41
    assert abs(98_831_908 * 1024 * 9 // 10 - 41 * GIB - 47_060_071_478) < KIB_PER_MIB
    assert [storage_reserve_gib(Decimal(gib)) for gib in (20, 40, 200, 1000)] == [10, 20, 76, 100]
    capacity = Decimal(16_380_004) / KIB_PER_MIB
    assert abs(memory_reserve_mib(capacity) + 100 - Decimal(16_380_004 - 13_591_652) / KIB_PER_MIB) < 1
    assert memory_reserve_mib(Decimal(512)) == 255


def test_local_ssds_have_reserves_of_their_own() -> None:
    found = [allocatable(node("n2-standard-8", 8, 32, 100, 375 * ssds)).storage_gib for ssds in (1, 2, 3, 8)]
    assert found == [int(375 * n * 0.98 * 0.9) - r for n, r in ((1, 50), (2, 75), (3, 100), (8, 100))]


@pytest.mark.parametrize("name", CLOUDS)
def test_more_of_everything_offers_more(name: str) -> None:
    cloud = find_cloud(name)
    assert cloud
    for machine in cloud.catalog.instances.values():
        small = NodeSize(machine.name, machine.vcpus, machine.memory_gib, 100)
        large = NodeSize("", machine.vcpus + 1, machine.memory_gib + 8, 200)
        one, other = cloud.allocatable(small), cloud.allocatable(large)
        assert one.cpu_millis < other.cpu_millis
        assert one.storage_gib < other.storage_gib
        assert other.memory_mib > one.memory_mib or max_pods(machine.vcpus + 1) > max_pods(machine.vcpus)


def test_daemon_sets_of_gpu_nodes_take_more() -> None:
    plain = node("a2-highgpu-8g", 96, 680)
    assert daemon_sets(plain).memory_mib < daemon_sets(replace(plain, gpus=8)).memory_mib
