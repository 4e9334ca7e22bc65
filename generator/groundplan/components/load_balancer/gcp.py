"""Private load balancers on Google Cloud."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class GcpLoadBalancer(CloudPart):
    """Private load balancers on Google Cloud."""

    built_in = "GKE turns Ingresses into load balancers itself"

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "Ingress": "part of GKE: regional internal Application Load Balancers",
            "who connects": "whoever reaches the network",
        }


PART = GcpLoadBalancer()
