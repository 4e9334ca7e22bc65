"""The address plan of a VPC network: inside, apart, and large enough for what Google Kubernetes Engine takes."""

from __future__ import annotations

from ipaddress import IPv4Network
from itertools import combinations
from typing import cast

import pytest

from groundplan.clouds.gcp.addresses import ADDRESSES_PER_NODE, MAX_PODS_PER_NODE, plan_addresses
from groundplan.components.network.part import Network, network_of
from groundplan.hcl.interface import read_interface
from groundplan.paths import MODULES
from tests.unit.stack.specs import ON_GCP, gcp_stack, problem, training

CIDRS = {
    "10.0.0.0/16": 256,
    "172.16.128.0/17": 128,
    "192.168.64.0/18": 64,
    "10.20.32.0/19": 32,
    "10.255.240.0/20": 16,
    "10.0.8.0/21": 8,
    "192.168.252.0/22": 4,
}
"""Ranges of every size that a spec may say, and the nodes whose pods half of it holds, 128 addresses each."""
LONGEST = {"nodes": 29, "pods": 24, "services": 27, "private_services": 24, "proxies": 26}
"""The smallest ranges that Google takes, by prefix length:
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/alias-ips (nodes, pods and services),
https://docs.cloud.google.com/sql/docs/postgres/configure-private-services-access (private services) and
https://docs.cloud.google.com/load-balancing/docs/proxy-only-subnets (proxies)."""


def ranges(cidr: str) -> dict[str, IPv4Network]:
    texts = cast(dict[str, str], plan_addresses(cidr, ()).arguments["ranges"])
    return {name: IPv4Network(text) for name, text in texts.items()}


@pytest.mark.parametrize("cidr", CIDRS)
def test_ranges_lie_inside_do_not_overlap_and_are_large_enough(cidr: str) -> None:
    found = ranges(cidr)
    assert found.keys() == LONGEST.keys()
    assert all(part.subnet_of(IPv4Network(cidr)) for part in found.values())
    assert not any(a.overlaps(b) for a, b in combinations(found.values(), 2))
    assert {name for name, part in found.items() if part.prefixlen > LONGEST[name]} == set()
    assert sum(part.num_addresses for part in found.values()) == IPv4Network(cidr).num_addresses, "nothing is lost"


@pytest.mark.parametrize(("cidr", "nodes"), CIDRS.items())
def test_as_many_nodes_as_have_room_for_their_pods(cidr: str, nodes: int) -> None:
    plan = plan_addresses(cidr, ())
    assert plan.max_nodes == nodes
    found = ranges(cidr)
    assert found["nodes"].num_addresses - 4 >= nodes, "a node has an address of its own too"
    assert plan.private_ranges == (str(found["nodes"]), str(found["pods"]))


def test_the_plan_counts_the_addresses_that_a_node_takes() -> None:
    """GKE gives a node a power of two of addresses, at least twice the pods that it is told of; unasked that is 110."""
    network = read_interface(MODULES / "gcp" / "cluster").variables["network"]
    assert f"max_pods_per_node  = optional(number, {MAX_PODS_PER_NODE})" in network.constraint
    sizes = {pods: next(1 << n for n in range(10) if 1 << n >= 2 * pods) for pods in (32, 33, 64, 65, 110)}
    assert sizes == {32: 64, 33: 128, 64: 128, 65: 256, 110: 256}
    assert sizes[MAX_PODS_PER_NODE] == ADDRESSES_PER_NODE


def test_zones_move_nothing() -> None:
    assert plan_addresses("10.0.0.0/16", ()) == plan_addresses("10.0.0.0/16", ("us-central1-a", "us-central1-b"))


def test_the_plan_of_the_default_range() -> None:
    assert plan_addresses("10.20.0.0/16", ()).arguments["ranges"] == {
        "pods": "10.20.0.0/17",
        "private_services": "10.20.128.0/18",
        "nodes": "10.20.192.0/19",
        "services": "10.20.224.0/20",
        "proxies": "10.20.240.0/20",
    }


def test_the_last_node_that_fits_and_the_first_that_does_not() -> None:
    """A /22 has pods' addresses for 4 nodes, and the system pool may take 3 of them."""
    network = {"cidr": "192.168.252.0/22"}
    stack = gcp_stack(network=network, training=training(vcpus=4, nodes={"max": 1}))
    assert isinstance(network_of(stack), Network)
    found = problem(cloud=ON_GCP, network=network, training=training(vcpus=4, nodes={"max": 2}))
    assert (found.code, found.path) == ("GP304", "network.cidr")
    assert found.message == "5 nodes at most are wanted; the private ranges of 192.168.252.0/22 hold 4"
