"""What monitoring needs of other components, and asks of workloads."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.monitoring.component import NAMESPACE
from groundplan.components.monitoring.part import PATH, monitoring_of
from groundplan.components.needs import Advice, ClusterService, Collector, NodeRanges, Volume
from groundplan.stack.model import Need, Stack

PUSHGATEWAY_PORT = 9091


def needs(stack: Stack) -> Iterable[Need]:
    """A volume on the cluster, unless the cloud's own service keeps the series."""
    monitoring = monitoring_of(stack)
    if monitoring is None:
        return
    yield Collector(monitoring.managed, NAMESPACE)
    if monitoring.managed:
        yield NodeRanges()
    else:
        yield Volume(monitoring.storage_gib, PATH)
        yield ClusterService(NAMESPACE, PUSHGATEWAY_PORT)
    yield Advice(
        'Prometheus scrapes every service that has the label `groundplan/metrics: "true"` and a port named `metrics`; '
        "jobs push to\n  "
        f"`http://pushgateway.monitoring.svc:{PUSHGATEWAY_PORT}`."
    )
