"""The address plan of a VPC network: one regional subnet with secondary ranges, and the ranges beside it."""

from __future__ import annotations

from collections.abc import Sequence
from ipaddress import IPv4Network

from groundplan.clouds.base import AddressPlan
from groundplan.hcl.write import Value

MAX_PODS_PER_NODE = 64
"""As in modules/gcp/cluster; GKE's own default is 110."""
ADDRESSES_PER_NODE = 2 << (MAX_PODS_PER_NODE - 1).bit_length()
"""What GKE takes from the pods' range for a node, a power of two of at least twice its pods:
https://docs.cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr."""
RESERVED_PER_SUBNET = 4


def plan_addresses(cidr: str, _: Sequence[str]) -> AddressPlan:
    """The ranges of the network, which do not depend on its zones.

    Half is for pods, a quarter for what Google runs beside the network (Cloud SQL wants a /24), an eighth for nodes
    and load balancers, a sixteenth each for services and for the proxies of internal load balancers (a /26 at least).
    """
    pods, rest = IPv4Network(cidr).subnets(prefixlen_diff=1)
    private_services, rest = rest.subnets(prefixlen_diff=1)
    nodes, rest = rest.subnets(prefixlen_diff=1)
    services, proxies = rest.subnets(prefixlen_diff=1)
    ranges: dict[str, Value] = {
        "nodes": str(nodes),
        "pods": str(pods),
        "services": str(services),
        "private_services": str(private_services),
        "proxies": str(proxies),
    }
    return AddressPlan(
        arguments={"ranges": ranges},
        private_ranges=(str(nodes), str(pods)),
        max_nodes=min(pods.num_addresses // ADDRESSES_PER_NODE, nodes.num_addresses - RESERVED_PER_SUBNET),
    )
