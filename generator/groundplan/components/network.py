"""The network: a VPC of our own over zones, or one that is there already."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.components.base import FOUNDATION, Meter, MeterKind, ModuleCall, Quantity
from groundplan.components.keys import key_id
from groundplan.render.hcl import Expression, Value
from groundplan.stack.model import HOURS_PER_MONTH, ExistingNetwork, Network, Stack

NAT_GIB = Quantity(Decimal(20), Decimal(100), Decimal(1000))
"""Traffic through NAT: container images come through endpoints, so what is left is packages and foreign data sets."""
ENDPOINT_GIB = Quantity(Decimal(20), Decimal(100), Decimal(500))
"""Traffic through interface endpoints: API calls and image manifests; layers and objects take the free S3 gateway."""
FLOW_LOG_GIB = Quantity(Decimal(1), Decimal(5), Decimal(30))

NETWORK = Expression("module.network.network")
"""The network object that other modules of the foundation take."""


def stored(ingested: Quantity, retention_days: int) -> tuple[Quantity, str]:
    """What a log group holds once its retention is full, and the words for it."""
    return ingested.times(Decimal(retention_days) * 12 / 365), f"{retention_days} days of them, once retention is full"


class NetworkComponent:
    """The network module, or the one that looks an existing network up and gives the same object."""

    name = "network"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when there is anything to put into a network."""
        match stack.network:
            case Network():
                yield self._own(stack, stack.network)
            case ExistingNetwork():
                yield ModuleCall(
                    component=self.name,
                    name="network",
                    source=f"{stack.provider}/existing_network",
                    layer=FOUNDATION,
                    arguments={
                        "id": stack.network.id,
                        "private_subnet_ids": list(stack.network.private_subnet_ids),
                    },
                    path="network",
                )

    def _own(self, stack: Stack, network: Network) -> ModuleCall:
        return ModuleCall(
            component=self.name,
            name="network",
            source=f"{stack.provider}/network",
            layer=FOUNDATION,
            arguments={
                "name": Expression("var.name"),
                "region": Expression("var.region"),
                "cidr": network.cidr,
                "nat": network.nat,
                "interface_endpoints": list(network.interface_endpoints),
                "zones": {
                    zone.id: {"private_cidr": zone.private_cidr, "public_cidr": zone.public_cidr}
                    for zone in network.zones
                },
                "flow_logs": {
                    "retention_days": network.flow_logs_retention_days,
                    "kms_key": key_id("logs"),
                },
            },
            path="network",
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """NAT gateways with their addresses, interface endpoints, traffic through both, flow logs."""
        network = stack.network
        if not isinstance(network, Network):
            return
        zones, count = len(network.zones), gateways(stack)
        endpoints = len(network.interface_endpoints) * zones
        always = "around the clock"
        per_zone = f"{len(network.interface_endpoints)} endpoints in {zones} zones, {always}"
        hours = [
            ("network.nat_gateway", count, f"{count} NAT, {always}"),
            ("network.public_ipv4", count, f"one address per NAT gateway, {always}"),
            ("network.endpoint", endpoints, per_zone),
        ]
        for item, number, assumption in hours:
            if number:
                yield self._meter(item, "hour", Quantity.of(HOURS_PER_MONTH * number), assumption, "fixed")
        yield self._meter("network.nat_data", "gib", NAT_GIB, "20 to 1000 GiB of downloads, 100 expected", "usage")
        if endpoints:
            words = "20 to 500 GiB of API calls, 100 expected; objects and image layers take the free gateway"
            yield self._meter("network.endpoint_data", "gib", ENDPOINT_GIB, words, "usage")
        yield self._meter("logs.flow_ingested", "gib", FLOW_LOG_GIB, "1 to 30 GiB of flow logs, 5 expected", "usage")
        kept, words = stored(FLOW_LOG_GIB, network.flow_logs_retention_days)
        yield self._meter("logs.stored", "gib_month", kept, words, "usage")

    def _meter(self, item: str, unit: str, quantity: Quantity, assumption: str, kind: MeterKind) -> Meter:
        return Meter(
            component=self.name,
            item=item,
            unit=unit,
            quantity=quantity,
            assumption=assumption,
            kind=kind,
            path="network",
            address="module.network",
        )


def private_ranges(stack: Stack) -> list[Value]:
    """The private subnets, or every private range where the network is somebody else's."""
    if isinstance(stack.network, Network):
        return [zone.private_cidr for zone in stack.network.zones]
    return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


def gateways(stack: Stack) -> int:
    """NAT gateways of ours; none in somebody else's network."""
    if not isinstance(stack.network, Network):
        return 0
    return len(stack.network.zones) if stack.network.nat == "per_zone" else 1
