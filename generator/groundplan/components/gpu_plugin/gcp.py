"""The device plugin on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class GcpGpuPlugin(CloudPart):
    """The device plugin on Google Cloud."""

    built_in = "GKE installs NVIDIA's driver and device plugin itself"

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {"GPUs": "part of GKE", "sharing a GPU": "time sharing, MPS or parts (MIG), by gpu.gcp"}


PART = GcpGpuPlugin()
