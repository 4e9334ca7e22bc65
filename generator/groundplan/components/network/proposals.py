"""What the network could do with less."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.clouds.base import Cloud
from groundplan.components.network.part import Network, network_of
from groundplan.components.node_pool.part import pools_of
from groundplan.components.proposal import Proposal, is_non_production
from groundplan.spec.model import Spec
from groundplan.stack.model import Stack


def proposals(spec: Spec, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    """One NAT gateway, where no more are needed."""
    network = network_of(stack)
    if not isinstance(network, Network) or network.nat != "per_zone":
        return
    if is_non_production(spec):
        message = "a NAT gateway per zone in a non-production environment"
    elif not any(pool.kind == "serving" and pool.capacity == "on_demand" for pool in pools_of(stack)):
        message = "a NAT gateway per zone, although nothing serves on demand"
    else:
        return
    yield Proposal("network.nat", message, "nat: single", {"network.nat": "single"})
