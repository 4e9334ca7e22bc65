"""The cluster on AWS."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.support import VersionInUse
from groundplan.components.base import Arguments, Aspects, CloudPart, Note
from groundplan.components.cluster.meters import version_in_use
from groundplan.components.cluster.part import cluster_of
from groundplan.components.needs import ClusterUser
from groundplan.components.network.part import ExistingNetwork, network_of
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack

UPKEEP = (
    "Kubernetes: raise `cluster.version` by one minor version, render and apply `10-foundation`. The control "
    "plane is upgraded first, then what every node needs (kube-proxy, the network plugin), then the nodes of "
    "every pool, as far as disruption budgets let them be drained, and the other add-ons; what a budget stopped "
    "goes on with the next apply",
    "Add-ons: each apply gives them the version that EKS takes by default for the cluster's Kubernetes version; "
    "`cluster.aws.addon_versions` holds one",
    "Images of the nodes, with kernel and GPU driver: nodes keep the release that they started with, and EKS "
    "patches none by itself. A release in `cluster.aws.node_release` (`latest`: the newest at each apply) "
    "replaces the nodes of every pool, training pools too",
)
"""How an environment is kept up to date: https://docs.aws.amazon.com/eks/latest/userguide/update-cluster.html."""
OF_CLUSTER = ("eks_pod_identity_agent", "kube_proxy", "vpc_cni")
"""Add-ons that the module of the cluster installs; the others need nodes."""


def pinned(stack: Stack, names: Iterable[str]) -> dict[str, Value]:
    """Versions that the add-ons of these names are held at."""
    cluster = cluster_of(stack)
    versions = cluster.addon_versions if cluster else {}
    return {name: versions[name] for name in names if name in versions}


def _users(stack: Stack) -> dict[str, Value]:
    """Who is let in, all by name: EKS makes the entry of a creator by itself, and no second one of the same role."""
    cluster, users = cluster_of(stack), stack.needed(ClusterUser)
    if cluster is None or not users:
        return {}
    named = cluster.options.get("admin_role_arns", [])
    assert isinstance(named, list), "as the spec declares it"
    groups: dict[str, Value] = {user.group: user.role for user in users if user.group}
    return {
        "admin_role_arns": list(dict.fromkeys([*named, *(user.role for user in users if not user.group)])),
        "access": {"creator_administers": False, "group_role_arns": groups},
    }


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
        if versions := pinned(stack, OF_CLUSTER):
            further["addon_versions"] = versions
        return {**further, **_users(stack)}

    def versions(self, stack: Stack, catalog: Catalog) -> Iterable[VersionInUse]:
        """EKS bills extended support for as long as the version stays; without it, it upgrades the cluster."""
        return version_in_use(stack, catalog, BILLING, "EKS", kept=True)

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

    def upkeep(self, stack: Stack) -> Iterable[str]:
        """Versions of the control plane, of add-ons and of images."""
        return UPKEEP if cluster_of(stack) else ()

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "control plane": "EKS, in several zones, API private unless ranges are named",
            "upgrades": "when cluster.version is raised",
            "network policies": "VPC CNI, turned on for it",
            "people": "access entries: whoever applies, and roles named; with a pipeline the latter alone",
            "logs": "all five of the control plane, in CloudWatch Logs",
            "after a destroy": "EKS makes the log group again: delete it before the next cluster of that name",
        }


PART = AwsCluster()
