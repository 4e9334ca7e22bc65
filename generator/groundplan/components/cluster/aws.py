"""The cluster on AWS."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects, CloudPart, Note
from groundplan.components.cluster.part import cluster_of
from groundplan.components.network.part import ExistingNetwork, network_of
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack


class AwsCluster(CloudPart):
    """The cluster on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """Extended support where the version needs it, and prefixes of addresses only in subnets of our own."""
        cluster = cluster_of(stack)
        further: dict[str, Value] = {}
        if cluster and cluster.extended_support:
            further["extended_support"] = True
        if isinstance(network_of(stack), ExistingNetwork):
            further["prefix_delegation"] = False
        return further

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Versions are not upgraded by themselves."""
        cluster = cluster_of(stack)
        words = (
            "stays until it is raised; when standard support ends EKS upgrades it, or extended support costs six times "
            "as much by the hour"
        )
        yield Note("otherwise", words, ("cluster.version",) if cluster else ())

    def cautions(self, stack: Stack) -> Iterable[str]:
        """EKS writes its last lines under its own role after the log group has gone, and makes it again.

        No policy of ours forbids that: https://github.com/terraform-aws-modules/terraform-aws-eks/issues/2763.
        """
        if cluster_of(stack):
            group = f"/aws/eks/{stack.name}/cluster"
            yield (
                f"EKS may make the log group `{group}` again after a destroy, without retention and key. Before the "
                "next environment of this name: "
                f"`aws logs delete-log-group --log-group-name {group} --region {stack.region}`"
            )

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "control plane": "EKS, in several zones, API private unless ranges are named",
            "upgrades": "when cluster.version is raised",
            "network policies": "VPC CNI, turned on for it",
            "people": "access entries: whoever applies, and roles named",
            "logs": "all five of the control plane, in CloudWatch Logs",
            "after a destroy": "EKS makes the log group again: delete it before the next cluster of that name",
        }


PART = AwsCluster()
