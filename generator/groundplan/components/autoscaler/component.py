"""Cluster autoscaling: the identity in the foundation, the controller on the cluster."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import POOL_LABEL, CloudPart, Component, ModuleCall
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.cluster.part import cluster_of
from groundplan.components.node_pool.part import pools_of
from groundplan.hcl.references import Var
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import SYSTEM_POOL, Stack

NAMESPACE = "kube-system"
SERVICE_ACCOUNT = "cluster-autoscaler"


class Autoscaler(Component[CloudPart]):
    """Scales every pool between its bounds, down to zero where the minimum is zero."""

    name = "autoscaler"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """Its identity and its chart when there is a cluster."""
        cluster = cluster_of(stack)
        if cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name="autoscaler_identity",
            source=f"{stack.provider}/autoscaler_identity",
            layer=FOUNDATION,
            arguments={
                "cluster_name": CLUSTER.at("name"),
                "namespace": NAMESPACE,
                "service_account": SERVICE_ACCOUNT,
            },
            path="cluster",
        )
        yield ModuleCall(
            component=self.name,
            name="autoscaler",
            source="kubernetes/autoscaler",
            layer=PLATFORM,
            arguments={
                "cluster": {"name": Var("name"), "version": cluster.version},
                "region": Var("region"),
                "identity": {"namespace": NAMESPACE, "service_account": SERVICE_ACCOUNT},
                "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
                "max_nodes": sum(pool.nodes_max for pool in pools_of(stack)),
            },
            path="cluster",
        )


COMPONENT = Autoscaler()
