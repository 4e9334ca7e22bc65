"""Nodes are in zones that offer all of a pool's machine types, in every region, and a volume finds one in its zone."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from groundplan.clouds import find_cloud
from groundplan.components.base import Arguments
from groundplan.components.network.part import network_of
from groundplan.components.node_pool.aws import PART
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.components.node_pool.zones import check_zones
from groundplan.diagnostics import DiagnosticsError, Severity
from groundplan.stack.model import Stack
from groundplan.stack.work import Work
from tests.unit.stack.specs import aws, cloud_in, spec_of, stack_of, training

CATALOG = aws().catalog
GPUS = {"t4": 1, "a10g": 1, "l4": 1, "a100": 8, "h100": 8}


def placed(stack: Stack, pool: Pool) -> Arguments:
    return PART.nodes(pool, stack, aws())


def zones(stack: Stack, pool: Pool) -> Sequence[str]:
    named = placed(stack, pool).get("zones")
    return [str(zone) for zone in named] if isinstance(named, list) else network_of(stack).zones  # type: ignore[union-attr]


def not_offered(stack: Stack) -> list[tuple[str, str, str]]:
    """Pool, type and zone of every place where EKS refuses to make a node group."""
    found = []
    for pool in pools_of(stack):
        assert zones(stack, pool), pool.path
        for name in pool.instance_types:
            offer = CATALOG.offer(stack.region, name)
            assert offer is not None
            found += [(pool.path, name, zone) for zone in zones(stack, pool) if zone not in offer.zones]
    return found


@pytest.mark.parametrize("region", [name for name, one in CATALOG.regions.items() if len(one.cluster_zones) > 1])
@pytest.mark.parametrize("capacity", ["on_demand", "spot_with_fallback"])
def test_nodes_are_where_all_types_are_offered(region: str, capacity: str) -> None:
    tried = 0
    for gpu in (None, *GPUS):
        needs = {"gpu": {"type": gpu, "count": GPUS[gpu]}} if gpu else {"vcpus": 4}
        try:
            stack = stack_of(cloud=cloud_in(region), training=training(capacity=capacity, nodes={"max": 4}, **needs))
        except DiagnosticsError:
            continue
        tried += 1
        assert not not_offered(stack), gpu
    assert tried


def test_a_pool_in_one_zone_is_said_where_it_stands() -> None:
    name = next(
        offer.instance_type
        for (region, _), offer in CATALOG.offers.items()
        if region == "us-east-1"
        and len(offer.zones) == 1
        and set(offer.zones) <= set(CATALOG.regions[region].cluster_zones)
    )
    stack = stack_of(training=training(instance_types=[name], nodes={"max": 4}))
    [found] = [notice for notice in stack.notices if notice.code == "GP310"]
    assert (found.severity, found.path) == (Severity.WARNING, "training.pools.main")
    assert name in found.message


def test_types_without_a_zone_in_common_are_refused() -> None:
    """Tokyo has c5a in az1 and az4, t3a.medium in az2 and az4: in a network without az4, no zone has both."""
    parts = {"cloud": cloud_in("ap-northeast-1"), "training": training(instance_types=["c5a.xlarge", "t3a.medium"])}
    work = Work(spec_of(**parts), aws())
    check_zones(work, [pools_of(stack_of(**parts))[1]], ("apne1-az1", "apne1-az2"))
    [found] = work.diagnostics
    assert (found.code, found.path) == ("GP302", "training.pools.main")
    assert found.message == "none of the zones apne1-az1, apne1-az2 offers all types: c5a.xlarge, t3a.medium"


class TestSystemPool:
    """Its nodes carry servers with volumes, each of which is in one zone."""

    def test_a_group_in_each_of_two_zones_with_a_node_always_on(self) -> None:
        stack = stack_of(training=training(vcpus=4, nodes={"max": 4}))
        system = pools_of(stack)[0]
        assert placed(stack, system)["group_per_zone"] is True
        assert len(zones(stack, system)) == 2
        assert (system.nodes_min, system.nodes_max) == (2, 4)

    def test_in_each_zone_of_an_existing_network(self) -> None:
        existing = {"id": "vpc-0a1b2c3d4e5f60718", "private_subnets": [f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)]}
        stack = stack_of(network={"existing": existing}, training=training(vcpus=4, nodes={"max": 4}))
        system = pools_of(stack)[0]
        assert placed(stack, system)["group_per_zone"] is True
        assert system.nodes_max == 6

    def test_gke_starts_nodes_in_any_zone_of_one_pool(self) -> None:
        gcp = find_cloud("gcp")
        assert gcp is not None
        assert not gcp.network.zonal_subnets


def test_an_existing_network_names_the_zones_that_may_be_used() -> None:
    existing = {"id": "vpc-0a1b2c3d4e5f60718", "private_subnets": [f"subnet-0aaaaaaaaaaaaaaa{n}" for n in range(3)]}
    stack = stack_of(
        cloud=cloud_in("ap-northeast-1"),
        network={"existing": existing},
        training=training(gpu={"memory_gib": 24}, nodes={"max": 4}),
    )
    pool = pools_of(stack)[1]
    offers = [CATALOG.offer("ap-northeast-1", name) for name in pool.instance_types]
    assert placed(stack, pool)["zones"] == [
        zone
        for zone in CATALOG.regions["ap-northeast-1"].zones
        if all(offer and zone in offer.zones for offer in offers)
    ]
