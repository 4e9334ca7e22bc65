"""What monitoring consumes."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.components.base import Meter, MeterKind
from groundplan.components.monitoring.component import MANAGED, SERVERS, TOPIC
from groundplan.components.monitoring.part import PATH, monitoring_of
from groundplan.quantities import Band
from groundplan.stack.model import Stack

SAMPLES_MILLION = Band(Decimal(500), Decimal(1500), Decimal(6000))
"""Samples of the managed service: some 12,000 to 140,000 series, looked at every minute."""
SERIES = "some 12,000 to 140,000 series, 35,000 expected, looked at every minute"
FURTHER_GIB = 3
"""Disks of Alertmanager, which has two replicas, and of the Pushgateway."""


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """The disks of the servers, which run on the system pool, or what the managed service counts."""
    monitoring = monitoring_of(stack)
    if monitoring is None:
        return
    if monitoring.managed:
        yield managed_meter(billing.samples_ingested(Amount(SAMPLES_MILLION, SERIES)), "usage")
        return
    size = monitoring.storage_gib
    disks = Amount.of(size + FURTHER_GIB, f"{size} GiB for Prometheus, {FURTHER_GIB} beside it")
    volumes = billing.volume(disks)
    yield Meter(volumes, component="monitoring", kind="fixed", path=PATH, address=SERVERS.address)


def managed_meter(use: Use, kind: MeterKind = "fixed") -> Meter:
    """A meter of the managed service."""
    return Meter(use, component="monitoring", kind=kind, path=PATH, address=MANAGED.address)


def topic_meter(use: Use) -> Meter:
    """A meter of the way out for alerts by e-mail."""
    return Meter(use, component="monitoring", kind="fixed", path=f"{PATH}.alerts", address=TOPIC.address)
