"""The NVIDIA device plugin: makes the GPUs of a node something a pod can ask for."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import PLATFORM, CloudPart, Component, ModuleCall
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.stack.model import Stack


class GpuPlugin(Component[CloudPart]):
    """The plugin's chart on GPU nodes."""

    name = "gpu_plugin"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when any pool has GPUs."""
        first = next((pool for pool in workload_pools_of(stack) if pool.gpu), None)
        if first is not None:
            yield ModuleCall(
                component=self.name,
                name="gpu_plugin",
                source="kubernetes/gpu_plugin",
                layer=PLATFORM,
                arguments={},
                path=first.path,
            )


COMPONENT = GpuPlugin()
