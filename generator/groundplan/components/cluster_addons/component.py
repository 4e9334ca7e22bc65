"""The add-ons of the cluster that need nodes."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import FOUNDATION, Meter, ModuleCall
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.keys.component import key_id
from groundplan.components.node_pool.component import call_name
from groundplan.hcl.write import Expression
from groundplan.stack.model import Stack


class ClusterAddons:
    """The add-ons that run on nodes, after the system pool they run on."""

    name = "cluster_addons"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when there is a cluster."""
        if stack.cluster is None:
            return
        system = next(pool for pool in stack.pools if pool.kind == "system")
        yield ModuleCall(
            component=self.name,
            name="cluster_addons",
            source=f"{stack.provider}/cluster_addons",
            layer=FOUNDATION,
            arguments={
                "cluster": CLUSTER,
                "system_pool": Expression(f"module.{call_name(system)}.node_pool"),
                "volumes_kms_key": key_id("cluster"),
            },
            path="cluster",
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Nothing of their own: they run on the system pool."""
        return ()


COMPONENT = ClusterAddons()
