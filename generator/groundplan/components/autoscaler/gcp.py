"""Autoscaling on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class GcpAutoscaler(CloudPart):
    """Autoscaling on Google Cloud."""

    built_in = "GKE scales node pools itself"

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {"scaling": "part of GKE, from zero up", "bound of all nodes": "the project's quota"}


PART = GcpAutoscaler()
