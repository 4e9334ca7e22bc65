"""The NVIDIA device plugin: makes the GPUs of a node something a pod can ask for."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import PLATFORM, Meter, ModuleCall
from groundplan.stack.model import Stack


class GpuPlugin:
    """The plugin's chart on GPU nodes."""

    name = "gpu_plugin"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when any pool has GPUs."""
        first = next((pool for pool in stack.workload_pools if pool.gpu), None)
        if first is not None:
            yield ModuleCall(
                component=self.name,
                name="gpu_plugin",
                source="kubernetes/gpu_plugin",
                layer=PLATFORM,
                arguments={},
                path=first.path,
            )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Nothing of its own: it runs on the GPU nodes."""
        return ()


COMPONENT = GpuPlugin()
