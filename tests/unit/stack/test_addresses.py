"""The address plan: no overlap, inside the range, and stable."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import cast

import pytest

from groundplan.clouds.aws.addresses import MAX_ZONES, plan_addresses
from groundplan.components.network.part import Network, network_of
from tests.unit.stack.specs import aws, cloud_in, problem, stack_of, training

CIDRS = (
    "10.0.0.0/16",
    "172.16.128.0/17",
    "192.168.64.0/18",
    "10.20.32.0/19",
    "10.255.240.0/20",
    "10.0.8.0/21",
    "192.168.252.0/22",
)
ZONES = [f"z{n}" for n in range(1, MAX_ZONES + 1)]


def subnets(cidr: str, count: int) -> dict[str, dict[str, str]]:
    """Ranges of each zone's subnets."""
    return cast(dict[str, dict[str, str]], plan_addresses(cidr, ZONES[:count]).arguments["zones"])


@pytest.mark.parametrize("cidr", CIDRS)
@pytest.mark.parametrize("count", range(2, MAX_ZONES + 1))
def test_ranges_lie_inside_and_do_not_overlap(cidr: str, count: int) -> None:
    zones = subnets(cidr, count)
    ranges = [IPv4Network(text) for zone in zones.values() for text in zone.values()]
    assert list(zones) == ZONES[:count]
    assert len(ranges) == 2 * count
    assert all(part.subnet_of(IPv4Network(cidr)) for part in ranges)
    assert not any(a.overlaps(b) for a, b in combinations(ranges, 2))
    assert all(16 <= part.prefixlen <= 28 for part in ranges), "AWS takes subnets from /16 to /28"
    private = [zone["private_cidr"] for zone in zones.values()]
    assert list(plan_addresses(cidr, ZONES[:count]).private_ranges) == private


@pytest.mark.parametrize("cidr", CIDRS)
def test_a_further_zone_moves_no_subnet(cidr: str) -> None:
    for count in range(2, MAX_ZONES):
        assert list(subnets(cidr, count + 1).items())[:count] == list(subnets(cidr, count).items())


def test_half_of_the_range_and_more_is_for_nodes() -> None:
    zones = subnets("10.0.0.0/16", 3).values()
    assert [zone["private_cidr"] for zone in zones] == ["10.0.0.0/19", "10.0.32.0/19", "10.0.64.0/19"]
    assert [zone["public_cidr"] for zone in zones] == ["10.0.192.0/22", "10.0.196.0/22", "10.0.200.0/22"]


def test_the_last_node_that_fits_and_the_first_that_does_not() -> None:
    """A /22 over 2 zones has 2 x (128 - 5) addresses for 15 nodes of 16, and the system pool takes 3 of those nodes."""
    network = {"cidr": "10.0.0.0/22", "zones": 2}
    stack = stack_of(network=network, training=training(vcpus=4, nodes={"max": 12}))
    assert isinstance(network_of(stack), Network)
    found = problem(network=network, training=training(vcpus=4, nodes={"max": 13}))
    assert (found.code, found.path) == ("GP304", "network.cidr")
    assert found.message == "16 nodes at most are wanted; the private ranges of 10.0.0.0/22 hold 15"


@pytest.mark.parametrize("region", ["eu-central-1", "us-east-1"])
def test_zones_carry_clusters_and_do_not_repeat(region: str) -> None:
    known = aws().catalog.regions[region].cluster_zones
    for count in range(2, len(known) + 1):
        network = network_of(stack_of(cloud=cloud_in(region), network={"zones": count}, training=training(vcpus=4)))
        assert isinstance(network, Network)
        ids = list(network.zones)
        assert len(set(ids)) == count and set(ids) <= set(known)
        assert ids == sorted(ids, key=known.index)


def test_more_zones_than_there_are() -> None:
    found = problem(cloud=cloud_in("eu-central-1"), network={"zones": 4}, training=training(vcpus=4))
    assert (found.code, found.path, found.hint) == ("GP305", "network.zones", "use network.zones: 3")


def test_zones_that_offer_the_types_come_first() -> None:
    offer = next(
        offer
        for offer in aws().catalog.offers.values()
        if offer.region == "eu-central-1" and set(offer.zones) == {"euc1-az2", "euc1-az3"}
    )
    pool = training(instance_types=[offer.instance_type])
    network = network_of(stack_of(cloud=cloud_in("eu-central-1"), network={"zones": 2}, training=pool))
    assert isinstance(network, Network)
    assert set(network.zones) & set(offer.zones)


def test_types_that_no_chosen_zone_offers() -> None:
    only = {}
    for offer in aws().catalog.offers.values():
        if offer.region == "eu-west-1" and len(offer.zones) == 1:
            only[offer.zones[0]] = offer.instance_type
    [(zone, name)] = only.items()
    stack = stack_of(cloud=cloud_in("eu-west-1"), network={"zones": 2}, training=training(instance_types=[name]))
    assert isinstance(network_of(stack), Network)
    assert zone in network_of(stack).zones
