"""The address plan: no overlap, inside the range, and stable."""

from __future__ import annotations

import re
from ipaddress import IPv4Network
from itertools import combinations
from typing import cast

import pytest

from groundplan.clouds.aws.addresses import (
    INTERFACES_PER_NODE,
    MAX_ZONES,
    PODS_PER_NODE,
    RESERVED_AT_START,
    SHARED_ADDRESSES,
    WARM_ADDRESSES,
    nodes_in,
    plan_addresses,
)
from groundplan.components.cluster.aws import PART as AWS_CLUSTER
from groundplan.components.network.part import Network, network_of
from groundplan.paths import MODULES
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
    """A /21 over 2 zones has 2 x (12 - 1) prefixes, two for each of 10 nodes; the system pool takes 4."""
    network = {"cidr": "10.0.0.0/21", "zones": 2}
    stack = stack_of(network=network, training=training(vcpus=4, nodes={"max": 6}))
    assert isinstance(network_of(stack), Network)
    found = problem(network=network, training=training(vcpus=4, nodes={"max": 7}))
    assert (found.code, found.path) == ("GP304", "network.cidr")
    assert found.message == "11 nodes at most are wanted; the private ranges of 10.0.0.0/21 hold 10"


def test_pools_fit_into_the_subnets_of_the_zones_that_offer_their_types() -> None:
    """A /20 holds 33 nodes over three zones, 11 in each; eu-north-1 has p4d in one of them."""
    parts = {"cloud": cloud_in("eu-north-1"), "network": {"cidr": "10.0.0.0/20", "zones": 3}}
    stack_of(**parts, training=training(instance_types=["p4d.24xlarge"], nodes={"max": 11}))
    found = problem(**parts, training=training(instance_types=["p4d.24xlarge"], nodes={"max": 12}))
    assert (found.code, found.path) == ("GP304", "network.cidr")
    assert found.message == (
        "12 nodes at most are wanted in eun1-az3 alone; the private ranges of 10.0.0.0/20 hold 11 there"
    )


def test_pools_share_the_subnets_of_the_zones_they_are_held_to() -> None:
    """The system pool has up to four nodes in two of the zones, and all of them count in the network."""
    parts = {"cloud": cloud_in("eu-north-1"), "network": {"cidr": "10.0.0.0/20", "zones": 3}}
    pools = {
        "one": {"instance_types": ["p4d.24xlarge"], "nodes": {"max": 6}},
        "two": {"instance_types": ["p4d.24xlarge"], "nodes": {"max": 6}},
    }
    found = problem(**parts, training={"pools": pools})
    assert found.message.startswith("12 nodes at most are wanted in eun1-az3 alone")


@pytest.mark.parametrize(
    ("cidr", "nodes"),
    [
        ("10.0.0.0/22", 6),
        ("10.0.0.0/21", 15),
        ("10.0.0.0/20", 33),
        ("10.0.0.0/19", 69),
        ("10.0.0.0/18", 141),
        ("10.0.0.0/16", 573),
    ],
)
def test_a_range_holds_what_the_network_plugin_takes(cidr: str, nodes: int) -> None:
    assert plan_addresses(cidr, ZONES[:3]).max_nodes == nodes


def taken_one_by_one(cidr: str, pods: int) -> int:
    """Nodes that get their addresses in a private subnet when these are handed out as AWS and the plugin do it.

    Single addresses go to the first quarter, whole blocks of 16 to the rest; AWS keeps the first four and the last.
    """
    subnet = list(IPv4Network(cidr))
    quarter = len(subnet) // 4
    single = subnet[RESERVED_AT_START:quarter]
    kept = {subnet[-1]}
    blocks = [subnet[n : n + 16] for n in range(quarter, len(subnet), 16)]
    free = [block for block in blocks if not kept & set(block)]
    del single[:SHARED_ADDRESSES]
    nodes = 0
    while True:
        wanted, held = max(MINIMUM, pods + WARM_ADDRESSES), 0
        while held < wanted and free:
            held += len(free.pop())
        if held < wanted or len(single) < INTERFACES_PER_NODE:
            return nodes
        del single[:INTERFACES_PER_NODE]
        nodes += 1


MINIMUM = 16


@pytest.mark.parametrize("prefix_length", range(19, 26))
def test_nodes_of_a_subnet_by_handing_out_every_address(prefix_length: int) -> None:
    cidr = f"10.0.0.0/{prefix_length}"
    assert nodes_in(IPv4Network(cidr).num_addresses) == taken_one_by_one(cidr, PODS_PER_NODE)


def test_the_plan_counts_what_the_module_sets() -> None:
    [found] = re.findall(r'WARM_IP_TARGET\s+= "(\d+)"', (MODULES / "aws/cluster/addons.tf").read_text())
    assert int(found) == WARM_ADDRESSES
    assert (
        "ENABLE_PREFIX_DELEGATION = tostring(var.prefix_delegation)" in (MODULES / "aws/cluster/addons.tf").read_text()
    )


def test_every_type_of_the_catalog_takes_prefixes() -> None:
    """Types before Nitro take single addresses only: https://docs.aws.amazon.com/ec2/latest/instancetypes/ec2-nitro-instances.html."""
    before = re.compile(r"(c[1-4]|cc2|cr1|d2|f1|g[2-3]s?|h1|hs1|i[2-3]|m[1-4]|p[2-3]|r[3-4]|t[1-2]|x1e?)\.")
    assert [name for name in aws().catalog.instances if before.match(name)] == []


def test_prefixes_are_for_subnets_of_our_own() -> None:
    """Subnets of others may have no whole block of 16 left."""
    network = {
        "existing": {
            "id": "vpc-0a1b2c3d4e5f60718",
            "private_subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"],
        }
    }
    stack = stack_of(network=network, training=training(vcpus=4))
    assert AWS_CLUSTER.arguments("cluster", stack)["prefix_delegation"] is False
    assert "prefix_delegation" not in AWS_CLUSTER.arguments("cluster", stack_of(training=training(vcpus=4)))


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
