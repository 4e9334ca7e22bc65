"""The add-ons on AWS."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects, CloudPart
from groundplan.components.cluster.aws import pinned
from groundplan.stack.model import Stack

OF_NODES = ("aws_ebs_csi_driver", "coredns", "metrics_server", "node_monitoring_agent")


class AwsClusterAddons(CloudPart):
    """The add-ons on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Versions that add-ons are held at."""
        versions = pinned(stack, OF_NODES)
        return {"addon_versions": versions} if versions else {}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "add-ons": "CoreDNS, metrics server, EBS driver and node monitoring agent, by EKS",
            "upgrades": "at each apply, with the Kubernetes version",
        }


PART = AwsClusterAddons()
