"""What the network consumes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.components.base import Meter, MeterKind
from groundplan.components.network.component import NETWORK
from groundplan.components.network.part import Network, network_of
from groundplan.quantities import Band
from groundplan.stack.model import Stack

NAT_GIB = Band(Decimal(20), Decimal(100), Decimal(1000))
"""Traffic through NAT: container images come through endpoints, so what is left is packages and foreign data sets."""
FLOW_LOG_GIB = Band(Decimal(1), Decimal(5), Decimal(30))

INTERNET_GIB = Band(Decimal(1), Decimal(10), Decimal(100))
ZONE_GIB = Band(Decimal(10), Decimal(100), Decimal(1000))


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """Traffic, NAT and flow logs; what a way out costs by the hour is the cloud's to say."""
    network = network_of(stack)
    if network is None:
        return
    yield from map(network_meter, _traffic(stack, billing))
    if not isinstance(network, Network):
        return
    yield network_meter(billing.nat_data(Amount(NAT_GIB, "20 to 1000 GiB of downloads, 100 expected")))
    flows = Amount(FLOW_LOG_GIB, "1 to 30 GiB of flow logs, 5 expected")
    yield from map(network_meter, billing.logs(flows, network.flow_logs_retention_days, network=True))


def _traffic(stack: Stack, billing: Billing) -> Iterable[Use]:
    """What leaves a zone, the region or the cloud; data that the spec says is elsewhere has no assumption."""
    traffic = stack.traffic
    words = "1 to 100 GiB, 10 expected: nothing here serves the internet"
    yield billing.internet_traffic(_stated(traffic.internet_gib) or Amount(INTERNET_GIB, words))
    words = "10 to 1000 GiB, 100 expected: pods of one zone that talk to another"
    yield billing.zone_traffic(_stated(traffic.zone_gib) or Amount(ZONE_GIB, words))
    if traffic.other_region_gib is not None:
        yield billing.region_traffic(Amount.of(traffic.other_region_gib, "data in another region, as set in the spec"))


def _stated(gib: Decimal | None) -> Amount | None:
    return None if gib is None else Amount.of(gib, "as set in the spec")


def network_meter(use: Use, kind: MeterKind = "usage") -> Meter:
    """A meter of the network module."""
    return Meter(use, component="network", kind=kind, path="network", address=NETWORK.address)
