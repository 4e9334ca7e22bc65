"""The controller that turns Ingresses into private load balancers: its identity, and itself on the cluster."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import POOL_LABEL, CloudPart, Component, ModuleCall
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.cluster.part import cluster_of
from groundplan.components.needs import PrivateHost
from groundplan.hcl.references import Ref, Var
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import SYSTEM_POOL, Stack

CONTROLLER = Ref("load_balancer", "load_balancer")


class LoadBalancer(Component[CloudPart]):
    """The load balancer controller, when anything on the cluster has a name outside it."""

    name = "load_balancer"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """Its identity and its chart."""
        cluster = cluster_of(stack)
        hosts = [host for host in stack.needed(PrivateHost) if host.ingress]
        if cluster is None or not hosts:
            return
        yield ModuleCall(
            component=self.name,
            name="load_balancer_identity",
            source=f"{stack.provider}/load_balancer_identity",
            layer=FOUNDATION,
            arguments={"cluster_name": CLUSTER.at("name")},
            path=hosts[0].path,
        )
        yield ModuleCall(
            component=self.name,
            name=CONTROLLER.call,
            source="kubernetes/load_balancer",
            layer=PLATFORM,
            arguments={
                "cluster": {"name": Var("name")},
                "region": Var("region"),
                "system_pool": {"node_selector": {POOL_LABEL: SYSTEM_POOL}},
                "tags": Var("tags"),
                **self.on(cloud).arguments("load_balancer", stack),
            },
            path=hosts[0].path,
        )


COMPONENT = LoadBalancer()
