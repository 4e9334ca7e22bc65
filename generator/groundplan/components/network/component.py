"""The network: a VPC of our own over zones, or one that is there already."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import FOUNDATION, CloudPart, Component, Meter, MeterKind, ModuleCall
from groundplan.components.keys.component import key_id
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.quantities import Band, months
from groundplan.stack.model import ExistingNetwork, Network, Stack

NAT_GIB = Band(Decimal(20), Decimal(100), Decimal(1000))
"""Traffic through NAT: container images come through endpoints, so what is left is packages and foreign data sets."""
FLOW_LOG_GIB = Band(Decimal(1), Decimal(5), Decimal(30))

INTERNET_GIB = Band(Decimal(1), Decimal(10), Decimal(100))
ZONE_GIB = Band(Decimal(10), Decimal(100), Decimal(1000))

NETWORK = Ref("network", "network")
"""The network object that other modules of the foundation take."""


def stored(ingested: Band, retention_days: int) -> tuple[Band, str]:
    """What a log group holds once its retention is full, and the words for it."""
    return ingested.times(months(retention_days)), f"{retention_days} days of them, once retention is full"


class NetworkComponent(Component[CloudPart]):
    """The network module, or the one that looks an existing network up and gives the same object."""

    name = "network"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there is anything to put into a network."""
        match stack.network:
            case Network():
                yield self._own(stack, stack.network, cloud)
            case ExistingNetwork():
                yield ModuleCall(
                    component=self.name,
                    name=NETWORK.call,
                    source=f"{stack.provider}/existing_network",
                    layer=FOUNDATION,
                    arguments={
                        "id": stack.network.id,
                        "private_subnet_ids": list(stack.network.private_subnet_ids),
                        **stack.network.options,
                    },
                    path="network",
                )

    def _own(self, stack: Stack, network: Network, cloud: Cloud) -> ModuleCall:
        return ModuleCall(
            component=self.name,
            name=NETWORK.call,
            source=f"{stack.provider}/network",
            layer=FOUNDATION,
            arguments={
                "name": Var("name"),
                "region": Var("region"),
                "cidr": network.cidr,
                **network.plan.arguments,
                "flow_logs": {
                    "retention_days": network.flow_logs_retention_days,
                    "kms_key": key_id("logs"),
                },
                **self.on(cloud).arguments("network", stack),
            },
            path="network",
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Traffic, NAT and flow logs; what a way out costs by the hour is the cloud's to say."""
        network = stack.network
        if network is None:
            return
        yield from _traffic(stack)
        if not isinstance(network, Network):
            return
        words = "20 to 1000 GiB of downloads, 100 expected"
        yield network_meter("network.nat_data", "gib", NAT_GIB, words, "usage")
        words = "1 to 30 GiB of flow logs, 5 expected"
        yield network_meter("logs.flow_ingested", "gib", FLOW_LOG_GIB, words, "usage")
        days = network.flow_logs_retention_days
        kept, words = stored(FLOW_LOG_GIB, days)
        logs = network_meter("logs.stored", "gib_month", kept, words, "usage")
        yield replace(logs, kept_days=days)


def _traffic(stack: Stack) -> Iterable[Meter]:
    """What leaves a zone, the region or the cloud; data that the spec says is elsewhere has no assumption."""
    traffic = stack.traffic
    said = ((traffic.internet_gib, INTERNET_GIB), (traffic.zone_gib, ZONE_GIB))
    internet, zone = (assumed if amount is None else Band.of(amount) for amount, assumed in said)
    words = ["as the spec says" if amount is not None else "" for amount, _ in said]
    why = words[0] or "1 to 100 GiB, 10 expected: nothing here serves the internet"
    yield network_meter("egress.internet", "gib", internet, why, "usage")
    why = words[1] or "10 to 1000 GiB, 100 expected: pods of one zone that talk to another"
    yield network_meter("egress.zone", "gib", zone, why, "usage")
    if traffic.other_region_gib is not None:
        elsewhere = Band.of(traffic.other_region_gib)
        yield network_meter("egress.region", "gib", elsewhere, "data in another region, as the spec says", "usage")


def network_meter(item: str, unit: str, quantity: Band, assumption: str, kind: MeterKind) -> Meter:
    """A meter of the network module."""
    return Meter(
        component=NetworkComponent.name,
        item=item,
        unit=unit,
        quantity=quantity,
        assumption=assumption,
        kind=kind,
        path="network",
        address=NETWORK.address,
    )


def private_ranges(stack: Stack) -> list[Value]:
    """The private subnets, or every private range where the network is somebody else's."""
    if isinstance(stack.network, Network):
        return list(stack.network.plan.private_ranges)
    return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]


COMPONENT = NetworkComponent()
