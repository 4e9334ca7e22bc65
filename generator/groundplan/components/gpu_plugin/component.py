"""The NVIDIA device plugin: makes the GPUs of a node something a pod can ask for."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.node_pool.part import PODS_PER_GPU, workload_pools_of
from groundplan.hcl.write import Value
from groundplan.stack.layers import PLATFORM
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
                arguments=_sharing(stack),
                path=first.path,
            )


def _sharing(stack: Stack) -> dict[str, Value]:
    """In how many ways the pools share their GPUs; nothing when none does."""
    shared = {pool.gpu.options.get(PODS_PER_GPU) for pool in workload_pools_of(stack) if pool.gpu}
    ways = sorted(pods for pods in shared if isinstance(pods, int))
    return {PODS_PER_GPU: ways} if ways else {}


COMPONENT = GpuPlugin()
