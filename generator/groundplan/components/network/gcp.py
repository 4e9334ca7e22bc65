"""The network on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import STATE, Aspects, CloudPart, Meter, Note
from groundplan.components.gcp import LOG_BUCKET_CAUTION, beyond_free_days
from groundplan.components.network.component import network_meter
from groundplan.components.node_pool.component import node_hours
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import ExistingNetwork, Network, Stack

NAT_VMS = 32
"""Cloud NAT bills this many virtual machines at the most: https://cloud.google.com/nat/pricing."""


class GcpNetwork(CloudPart):
    """The network on Google Cloud."""

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What anything in a network calls."""
        wanted = stack.network is not None and layer != STATE
        return ("compute", "dns", "monitoring", "servicenetworking") if wanted else ()

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """NAT by the machine that uses it, and its address."""
        if not isinstance(stack.network, Network):
            return
        most = NAT_VMS * HOURS_PER_MONTH
        hours = sum(map(node_hours, stack.pools), Band.of(0)).at_most(most)
        words = f"every running node, {NAT_VMS} at the most"
        yield network_meter("network.nat_vm", "hour", hours, words, "fixed")
        address = Band.of(HOURS_PER_MONTH)
        yield network_meter("network.public_ipv4", "hour", address, "one address of NAT, around the clock", "fixed")

    def billed(self, stack: Stack, meter: Meter) -> Meter:
        """Logs beyond the free days."""
        return beyond_free_days(meter)

    def cautions(self, stack: Stack) -> Iterable[str]:
        """The flow logs have a log bucket."""
        if isinstance(stack.network, Network):
            yield LOG_BUCKET_CAUTION

    def notes(self, stack: Stack) -> Iterable[Note]:
        """One NAT is regional, and a sample of flows is logged."""
        own = isinstance(stack.network, Network)
        per_zone = isinstance(stack.network, Network) and stack.network.nat == "per_zone"
        words = "one NAT serves the region and survives the loss of a zone; nothing to add"
        yield Note("otherwise", words, ("network.nat",) if per_zone else ())
        words = "a sample, half of the connections, is logged"
        yield Note("part", words, ("network.flow_logs_retention_days",) if own else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        if isinstance(stack.network, ExistingNetwork):
            return {
                "network": "the VPC or shared VPC that is there, with one subnet and its secondary ranges",
                "way out": "as its owner made it",
                "cloud APIs": "private Google access, checked by the plan",
                "who talks to whom": "as its owner made it",
                "flow logs": "as its owner made them",
            }
        return {
            "network": "VPC with one regional subnet, secondary ranges for pods and services",
            "way out": "one Cloud NAT for the region, no machine behind it",
            "cloud APIs": "private Google access, free",
            "who talks to whom": "firewall that refuses and logs what is not allowed",
            "flow logs": "half of the connections, in a log bucket of their own",
        }


PART = GcpNetwork()
