"""What the cloud's managed Prometheus is to collect from pods, where it does not find that out by itself."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.monitoring.component import watched
from groundplan.components.needs import Collector, Metrics
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.components.workspaces.component import WORKSPACES
from groundplan.stack.layers import PLATFORM
from groundplan.stack.model import Stack


class PodMonitoring(Component[CloudPart]):
    """The objects that name the pods, beside a managed Prometheus."""

    name = "pod_monitoring"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when monitoring is managed and anything of ours shows metrics."""
        namespaces = sorted({pool.namespace for pool in workload_pools_of(stack)})
        metrics = stack.needed(Metrics)
        managed = any(collector.managed for collector in stack.needed(Collector))
        if not managed or not (namespaces or metrics):
            return
        waits = [*([WORKSPACES.whole] if namespaces else []), *(one.server.whole for one in metrics)]
        yield ModuleCall(
            component=self.name,
            name="pod_monitoring",
            source="kubernetes/pod_monitoring",
            layer=PLATFORM,
            arguments={"workload_namespaces": list(namespaces), **watched(stack)},
            path="monitoring",
            depends_on=tuple(waits),
        )


COMPONENT = PodMonitoring()
