"""Autoscaling on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsAutoscaler(CloudPart):
    """Autoscaling on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "scaling": "cluster autoscaler, two pods on the system pool, from zero up",
            "bound of all nodes": "the sum of nodes.max",
        }


PART = AwsAutoscaler()
