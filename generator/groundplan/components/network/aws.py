"""The network on AWS."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.billing import Amount
from groundplan.components.base import Arguments, Aspects, Meter, Note
from groundplan.components.network.component import NetworkPart
from groundplan.components.network.meters import network_meter
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.quantities import Band
from groundplan.stack.model import Stack

INTERFACE_ENDPOINTS = ("ecr.api", "ecr.dkr", "sts")
"""Private endpoints that nodes without a public address need, beside the gateway for S3, which is free:
https://docs.aws.amazon.com/eks/latest/userguide/private-clusters.html."""
ENDPOINT_GIB = Band(Decimal(20), Decimal(100), Decimal(500))
"""Traffic through interface endpoints: API calls and image manifests; layers and objects take the free S3 gateway."""


class AwsNetwork(NetworkPart):
    """The network on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The way out, and private endpoints of AWS's APIs."""
        network = network_of(stack)
        if not isinstance(network, Network):
            return {}
        return {"nat": network.nat, "interface_endpoints": list(INTERFACE_ENDPOINTS)}

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """NAT gateways with their addresses, interface endpoints, and the traffic through these."""
        network = network_of(stack)
        if not isinstance(network, Network):
            return
        count = len(network.zones) if network.nat == "per_zone" else 1
        yield network_meter(BILLING.nat_gateway(count), "fixed")
        addresses = Amount.around_the_clock("one address per NAT gateway, around the clock", count)
        yield network_meter(BILLING.public_address(addresses), "fixed")
        yield network_meter(BILLING.endpoint(len(INTERFACE_ENDPOINTS), len(network.zones)), "fixed")
        words = "20 to 500 GiB of API calls, 100 expected; objects and image layers take the free gateway"
        yield network_meter(BILLING.endpoint_data(Amount(ENDPOINT_GIB, words)))

    def notes(self, stack: Stack) -> Iterable[Note]:
        """One gateway is in one zone."""
        network = network_of(stack)
        single = isinstance(network, Network) and network.nat == "single"
        words = "one gateway in one zone: nodes elsewhere lose their way out with it"
        yield Note("otherwise", words, ("network.nat",) if single else ())

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        network = network_of(stack)
        if isinstance(network, ExistingNetwork):
            return {
                "network": "an existing VPC with two or more subnets, each in its own zone",
                "way out": "as its owner configured it",
                "cloud APIs": "as its owner configured it",
                "who talks to whom": "security groups of EKS and RDS",
                "flow logs": "as its owner configured them",
            }
        zones = len(network.zones) if isinstance(network, Network) else 3
        per_zone = isinstance(network, Network) and network.nat == "per_zone"
        return {
            "network": f"VPC with a private and a public subnet in each of {zones} zones",
            "way out": f"{zones} NAT gateways, one per zone" if per_zone else "one NAT gateway, lost with its zone",
            "cloud APIs": "free S3 gateway; paid endpoints for ECR and STS in every zone",
            "who talks to whom": "security groups; the default one has no rule",
            "flow logs": "every connection, in CloudWatch Logs",
        }


PART = AwsNetwork()
