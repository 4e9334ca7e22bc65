"""The address plan of a VPC: which range each zone's subnets get, and how many nodes these hold."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from groundplan.clouds.base import AddressPlan
from groundplan.hcl.write import Value

MAX_ZONES = 6
PODS_PER_NODE = 28
"""Pods with an address of their own that are planned for; DaemonSets of EKS use the node's. More take more."""
WARM_ADDRESSES = 4
"""As in modules/aws/cluster/addons.tf: what the VPC CNI holds beside those in use."""
PREFIX_ADDRESSES = 16
"""The VPC CNI takes addresses by prefixes of /28: https://docs.aws.amazon.com/eks/latest/best-practices/prefix-mode-linux.html."""
INTERFACES_PER_NODE = 2
"""Each with an address beside the prefixes; a second one is attached where the first has no room for a prefix."""
RESERVED_AT_START = 4
"""https://docs.aws.amazon.com/vpc/latest/userguide/subnet-sizing.html; the last one makes the last prefix unusable."""
SHARED_ADDRESSES = 12
"""Of a private subnet: interface endpoints, the control plane's interfaces, load balancers, a database."""


def plan_addresses(cidr: str, zones: Sequence[str]) -> AddressPlan:
    """One private and one public subnet per zone.

    The network is cut into eight equal parts: the first six are the private ranges, the seventh is cut into eight
    again for the public ones, the eighth stays free. The cut does not depend on the number of zones, so adding
    a zone later moves no existing subnet.
    """
    parts = list(IPv4Network(cidr).subnets(prefixlen_diff=3))
    public = list(parts[MAX_ZONES].subnets(prefixlen_diff=3))
    subnets: dict[str, Value] = {
        zone: {"private_cidr": str(parts[index]), "public_cidr": str(public[index])} for index, zone in enumerate(zones)
    }
    private = parts[: len(zones)]
    return AddressPlan(
        arguments={"zones": subnets},
        private_ranges=tuple(map(str, private)),
        max_nodes=sum(nodes_in(part.num_addresses) for part in private),
    )


def nodes_in(addresses: int) -> int:
    """Nodes that a private subnet of that many addresses holds.

    Its upper three quarters are reserved for prefixes (modules/aws/network/subnet.tf), so that single addresses never
    break a block of 16; interfaces have theirs in the first quarter.
    """
    prefixes = addresses * 3 // 4 // PREFIX_ADDRESSES - 1
    prefixes_per_node = -(-(PODS_PER_NODE + WARM_ADDRESSES) // PREFIX_ADDRESSES)
    single = addresses // 4 - RESERVED_AT_START - SHARED_ADDRESSES
    return max(min(prefixes // prefixes_per_node, single // INTERFACES_PER_NODE), 0)
