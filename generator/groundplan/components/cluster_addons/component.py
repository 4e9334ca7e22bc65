"""The add-ons of the cluster that need nodes."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.cluster.part import cluster_of
from groundplan.components.keys.component import key_id
from groundplan.components.node_pool.component import system_pool
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Stack


class ClusterAddons(Component[CloudPart]):
    """The add-ons that run on nodes, after the system pool they run on."""

    name = "cluster_addons"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there is a cluster."""
        cluster = cluster_of(stack)
        if cluster is None:
            return
        yield ModuleCall(
            component=self.name,
            name="cluster_addons",
            source=f"{stack.provider}/cluster_addons",
            layer=FOUNDATION,
            arguments={
                "cluster": CLUSTER,
                "system_pool": system_pool(stack),
                "volumes_kms_key": key_id("cluster"),
                **self.on(cloud).arguments("cluster_addons", stack),
            },
            path="cluster",
        )


COMPONENT = ClusterAddons()
