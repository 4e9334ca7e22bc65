"""What the cluster consumes."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.clouds.support import VersionInUse, kubernetes_version
from groundplan.components.base import Meter, MeterKind
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.cluster.part import cluster_of
from groundplan.quantities import Band
from groundplan.stack.model import Stack

CONTROL_PLANE_LOG_GIB = Band(Decimal(2), Decimal(10), Decimal(50))
"""All five log types of a small cluster; audit logs grow with the number of API calls."""


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """The control plane and its logs."""
    cluster = cluster_of(stack)
    if cluster is None:
        return
    control_plane = billing.control_plane(cluster.version, extended=cluster.extended_support)
    yield cluster_meter(control_plane, "fixed")
    ingested = Amount(CONTROL_PLANE_LOG_GIB, "2 to 50 GiB of control-plane logs, 10 expected")
    for use in billing.logs(ingested, cluster.logs_retention_days):
        yield cluster_meter(use)


def version_in_use(
    stack: Stack, catalog: Catalog, billing: Billing, service: str, *, kept: bool
) -> Iterator[VersionInUse]:
    """The cluster's version; `kept`: it stays past standard support, and the control plane costs more."""
    cluster = cluster_of(stack)
    if cluster:
        path = "cluster.version"
        yield from kubernetes_version(cluster.version, service, "", catalog, billing, kept=kept, path=path)


def cluster_meter(use: Use, kind: MeterKind = "usage") -> Meter:
    """A meter of the cluster module."""
    return Meter(use, component="cluster", kind=kind, path="cluster", address=CLUSTER.address)
