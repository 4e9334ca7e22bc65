"""The address plan of a VPC: which range each zone's subnets get."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from groundplan.clouds.base import AddressPlan
from groundplan.hcl.write import Value

MAX_ZONES = 6
ADDRESSES_PER_NODE = 16
"""One for the node and a warm block for its pods, as the VPC CNI with prefix delegation hands them out."""
RESERVED_PER_SUBNET = 5


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
    addresses = sum(part.num_addresses - RESERVED_PER_SUBNET for part in private)
    return AddressPlan(
        arguments={"zones": subnets},
        private_ranges=tuple(map(str, private)),
        max_nodes=addresses // ADDRESSES_PER_NODE,
    )
