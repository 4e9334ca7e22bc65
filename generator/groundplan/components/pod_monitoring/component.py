"""What the cloud's managed Prometheus is to collect from pods, where it does not find that out by itself."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import PLATFORM, CloudPart, Component, ModuleCall
from groundplan.components.mlflow.component import SERVER
from groundplan.components.workspaces.component import WORKSPACES
from groundplan.stack.model import Stack


class PodMonitoring(Component[CloudPart]):
    """The objects that name the pods, beside a managed Prometheus."""

    name = "pod_monitoring"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when monitoring is managed and anything of ours shows metrics."""
        namespaces = sorted({pool.namespace for pool in stack.workload_pools})
        mlflow = stack.mlflow is not None and stack.mlflow.on_cluster
        if stack.monitoring is None or not stack.monitoring.managed or not (namespaces or mlflow):
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
