"""What the cloud's managed Prometheus is to collect from pods, where it does not find that out by itself."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import PLATFORM, CloudPart, Component, ModuleCall
from groundplan.components.mlflow.component import SERVER
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.monitoring.part import monitoring_of
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.components.workspaces.component import WORKSPACES
from groundplan.stack.model import Stack


class PodMonitoring(Component[CloudPart]):
    """The objects that name the pods, beside a managed Prometheus."""

    name = "pod_monitoring"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when monitoring is managed and anything of ours shows metrics."""
        monitoring, server = monitoring_of(stack), mlflow_of(stack)
        namespaces = sorted({pool.namespace for pool in workload_pools_of(stack)})
        mlflow = server is not None and server.on_cluster
        if monitoring is None or not monitoring.managed or not (namespaces or mlflow):
            return
        waits = ([WORKSPACES.whole] if namespaces else []) + ([SERVER.whole] if mlflow else [])
        yield ModuleCall(
            component=self.name,
            name="pod_monitoring",
            source="kubernetes/pod_monitoring",
            layer=PLATFORM,
            arguments={"workload_namespaces": list(namespaces), "mlflow": mlflow},
            path="monitoring",
            depends_on=tuple(waits),
        )


COMPONENT = PodMonitoring()
