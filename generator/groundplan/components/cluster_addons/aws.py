"""The add-ons on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsClusterAddons(CloudPart):
    """The add-ons on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "add-ons": "CoreDNS, metrics server, EBS driver and node monitoring agent, by EKS",
            "upgrades": "by Terraform",
        }


PART = AwsClusterAddons()
