"""The Kubernetes cluster: its control plane and who reaches it."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall, Output, Protection
from groundplan.components.cluster.part import Cluster, cluster_of
from groundplan.components.cluster.resolve import resolve_cluster
from groundplan.components.keys.component import key_id
from groundplan.components.network.component import NETWORK
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work

CLUSTER = Ref("cluster", "cluster")
"""The cluster object that other modules of the foundation take."""


class ClusterComponent(Component[CloudPart]):
    """The cluster module."""

    name = "cluster"
    anywhere = CloudPart()
    reads = ("node_pool", "network")

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_cluster(work)

    def protections(self, stack: Stack) -> Iterable[Protection]:
        """The cluster, unless the spec says otherwise."""
        cluster = cluster_of(stack)
        if cluster and cluster.deletion_protection:
            yield Protection("The cluster", "cluster.deletion_protection")

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there are pools."""
        cluster = cluster_of(stack)
        network = network_of(stack)
        if cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name=CLUSTER.call,
            source=f"{stack.provider}/cluster",
            layer=FOUNDATION,
            arguments={**_arguments(cluster, network), **self.on(cloud).arguments("cluster", stack)},
            path="cluster",
            outputs=(
                Output("cluster_name", CLUSTER.at("name"), "Name of the Kubernetes cluster."),
                Output("cluster_endpoint", CLUSTER.at("endpoint"), "Address of its API."),
            ),
        )


def _arguments(cluster: Cluster, network: Network | ExistingNetwork | None) -> dict[str, Value]:
    arguments: dict[str, Value] = {
        "name": Var("name"),
        "kubernetes_version": cluster.version,
        "network": NETWORK,
        "private_endpoint_cidrs": [_inside(network), *cluster.private_endpoint_cidrs],
        "deletion_protection": cluster.deletion_protection,
        "secrets_kms_key": key_id("cluster"),
        "logs": {"retention_days": cluster.logs_retention_days, "kms_key": key_id("logs")},
    }
    if cluster.public_endpoint_cidrs:
        arguments["public_endpoint_cidrs"] = list(cluster.public_endpoint_cidrs)
    return {**arguments, **cluster.options}


def _inside(network: Network | ExistingNetwork | None) -> Value:
    """The network's own range, where the runner that applies the platform is; known before our own network is made."""
    return network.cidr if isinstance(network, Network) else NETWORK.at("cidr")


COMPONENT = ClusterComponent()
