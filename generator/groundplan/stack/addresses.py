"""The address plan: which range each zone's subnets get."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from groundplan.diagnostics import Diagnostic
from groundplan.stack.model import Pool, Zone

DEFAULT_CIDR = "10.20.0.0/16"
MAX_ZONES = 6
ADDRESSES_PER_NODE = 16
"""One for the node and a warm block for its pods: the AWS VPC CNI and GKE both hand out at least this many."""
RESERVED_PER_SUBNET = 5


def plan_zones(cidr: str, zone_ids: Sequence[str]) -> tuple[Zone, ...]:
    """One private and one public range per zone.

    The network is cut into eight equal parts: the first six are the private ranges, the seventh is cut into eight
    again for the public ones, the eighth stays free. The cut does not depend on the number of zones, so adding
    a zone later moves no existing subnet.
    """
    network = IPv4Network(cidr)
    parts = list(network.subnets(prefixlen_diff=3))
    public = list(parts[MAX_ZONES].subnets(prefixlen_diff=3))
    return tuple(
        Zone(id=zone, private_cidr=str(parts[index]), public_cidr=str(public[index]))
        for index, zone in enumerate(zone_ids)
    )


def check_space(zones: Sequence[Zone], pools: Sequence[Pool]) -> list[Diagnostic]:
    """GP304 when the private ranges cannot hold every pool at its largest."""
    have = sum(IPv4Network(zone.private_cidr).num_addresses - RESERVED_PER_SUBNET for zone in zones)
    nodes = sum(pool.nodes_max for pool in pools)
    need = nodes * ADDRESSES_PER_NODE
    if need <= have:
        return []
    return [
        Diagnostic(
            code="GP304",
            message=f"{nodes} nodes at most need {need} addresses; the private subnets have {have}",
            hint="use a larger network.cidr, more zones, or lower nodes.max",
            path="network.cidr",
        )
    ]
