"""Private load balancers on AWS."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.hcl.references import Data
from groundplan.stack.model import Stack


class AwsLoadBalancer(CloudPart):
    """Private load balancers on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The network that the controller makes load balancers in."""
        return {"vpc_id": Data("aws_eks_cluster", "this", "vpc_config", 0, "vpc_id")}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "Ingress": "AWS Load Balancer Controller: internal Application Load Balancers",
            "who connects": "client_cidrs, by security group",
        }


PART = AwsLoadBalancer()
