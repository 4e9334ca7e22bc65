"""The Kubernetes cluster: its control plane and who reaches it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import FOUNDATION, CloudPart, Component, Meter, ModuleCall, Output
from groundplan.components.keys.component import key_id
from groundplan.components.network.component import NETWORK, stored
from groundplan.hcl.references import Ref, Var
from groundplan.hcl.write import Value
from groundplan.quantities import HOURS_PER_MONTH, Band
from groundplan.stack.model import Cluster, ExistingNetwork, Network, Stack

CLUSTER = Ref("cluster", "cluster")
"""The cluster object that other modules of the foundation take."""

CONTROL_PLANE_LOG_GIB = Band(Decimal(2), Decimal(10), Decimal(50))
"""All five log types of a small cluster; audit logs grow with the number of API calls."""


class ClusterComponent(Component[CloudPart]):
    """The cluster module."""

    name = "cluster"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there are pools."""
        if stack.cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name=CLUSTER.call,
            source=f"{stack.provider}/cluster",
            layer=FOUNDATION,
            arguments={**_arguments(stack.cluster, stack.network), **self.on(cloud).arguments("cluster", stack)},
            path="cluster",
            outputs=(
                Output("cluster_name", CLUSTER.at("name"), "Name of the Kubernetes cluster."),
                Output("cluster_endpoint", CLUSTER.at("endpoint"), "Address of its API."),
            ),
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The control plane and its logs."""
        if stack.cluster is None:
            return
        extended = stack.cluster.extended_support
        yield Meter(
            component=self.name,
            item="cluster.control_plane_extended" if extended else "cluster.control_plane",
            unit="hour",
            quantity=Band.of(HOURS_PER_MONTH),
            assumption=f"Kubernetes {stack.cluster.version} in {'extended' if extended else 'standard'} support",
            kind="fixed",
            path="cluster",
            address=CLUSTER.address,
        )
        kept, words = stored(CONTROL_PLANE_LOG_GIB, stack.cluster.logs_retention_days)
        yield cluster_meter(
            "logs.ingested", "gib", CONTROL_PLANE_LOG_GIB, "2 to 50 GiB of control-plane logs, 10 expected"
        )
        logs = cluster_meter("logs.stored", "gib_month", kept, words)
        yield replace(logs, kept_days=stack.cluster.logs_retention_days)


def cluster_meter(item: str, unit: str, quantity: Band, assumption: str) -> Meter:
    """A meter of what the cluster is used for."""
    return Meter(
        component=ClusterComponent.name,
        item=item,
        unit=unit,
        quantity=quantity,
        assumption=assumption,
        kind="usage",
        path="cluster",
        address=CLUSTER.address,
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
