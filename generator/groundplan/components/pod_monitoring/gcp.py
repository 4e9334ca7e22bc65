"""Metrics of pods on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class GcpPodMonitoring(CloudPart):
    """Metrics of pods on Google Cloud."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {"your pods": "named by PodMonitoring objects: pods labelled groundplan/metrics=true"}


PART = GcpPodMonitoring()
