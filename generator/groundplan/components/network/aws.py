"""The network on AWS."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from groundplan.components.base import Arguments, Aspects, CloudPart, Meter, Note
from groundplan.components.network.component import network_meter
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import ExistingNetwork, Network, Stack

INTERFACE_ENDPOINTS = ("ecr.api", "ecr.dkr", "sts")
"""Private endpoints that nodes without a public address need, beside the gateway for S3, which is free:
https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html."""
ENDPOINT_GIB = Band(Decimal(20), Decimal(100), Decimal(500))
"""Traffic through interface endpoints: API calls and image manifests; layers and objects take the free S3 gateway."""


def gateways(stack: Stack) -> int:
    """NAT gateways of ours; none in an existing network."""
    if not isinstance(stack.network, Network):
        return 0
    return len(stack.network.zones) if stack.network.nat == "per_zone" else 1


class AwsNetwork(CloudPart):
    """The network on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The way out, and private endpoints of AWS's APIs."""
        if not isinstance(stack.network, Network):
            return {}
        return {"nat": stack.network.nat, "interface_endpoints": list(INTERFACE_ENDPOINTS)}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """NAT gateways with their addresses, interface endpoints, and the traffic through these."""
        if not isinstance(stack.network, Network):
            return
        zones, count, always = len(stack.network.zones), gateways(stack), "around the clock"
        endpoints = len(INTERFACE_ENDPOINTS)
        hours = [
            ("network.nat_gateway", count, f"{count} NAT, {always}"),
            ("network.public_ipv4", count, f"one address per NAT gateway, {always}"),
            ("network.endpoint", endpoints * zones, f"{endpoints} endpoints in {zones} zones, {always}"),
        ]
        for item, number, assumption in hours:
            yield network_meter(item, "hour", Band.of(HOURS_PER_MONTH * number), assumption, "fixed")
        words = "20 to 500 GiB of API calls, 100 expected; objects and image layers take the free gateway"
        yield network_meter("network.endpoint_data", "gib", ENDPOINT_GIB, words, "usage")

    def billed(self, stack: Stack, meter: Meter) -> Meter:
        """Traffic between zones is billed where it leaves and where it arrives:
        https://aws.amazon.com/ec2/pricing/on-demand/, Data Transfer within the same AWS Region."""
        if meter.item != "egress.zone":
            return meter
        words = f"{meter.assumption}; billed on both sides"
        return replace(meter, quantity=meter.quantity and meter.quantity.times(Decimal(2)), assumption=words)

    def notes(self, stack: Stack) -> Iterable[Note]:
        """One gateway is in one zone."""
        single = isinstance(stack.network, Network) and stack.network.nat == "single"
        words = "one gateway in one zone: nodes elsewhere lose their way out with it"
        yield Note("otherwise", words, ("network.nat",) if single else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        if isinstance(stack.network, ExistingNetwork):
            return {
                "network": "the VPC that is there, with two or more subnets in zones of their own",
                "way out": "as its owner made it",
                "cloud APIs": "as its owner made it",
                "who talks to whom": "security groups of EKS and RDS",
                "flow logs": "as its owner made them",
            }
        zones = len(stack.network.zones) if isinstance(stack.network, Network) else 3
        per_zone = isinstance(stack.network, Network) and stack.network.nat == "per_zone"
        return {
            "network": f"VPC with a private and a public subnet in each of {zones} zones",
            "way out": f"{zones} NAT gateways, one per zone" if per_zone else "one NAT gateway, lost with its zone",
            "cloud APIs": "free S3 gateway; paid endpoints for ECR and STS in every zone",
            "who talks to whom": "security groups; the default one has no rule",
            "flow logs": "every connection, in CloudWatch Logs",
        }


PART = AwsNetwork()
