"""The device plugin on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsGpuPlugin(CloudPart):
    """The device plugin on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "GPUs": "NVIDIA's device plugin, by Helm",
            "sharing a GPU": "time sharing, by gpu.aws",
        }


PART = AwsGpuPlugin()
