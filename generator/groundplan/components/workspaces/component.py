"""Workspaces: a namespace for each pool, with the service account that has its identity."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, Aspects, CloudPart, Component, ModuleCall, Output
from groundplan.components.needs import ClusterService, Collector
from groundplan.components.network.component import private_ranges
from groundplan.components.node_pool.part import Pool, workload_pools_of
from groundplan.hcl.references import Ref
from groundplan.hcl.write import Value
from groundplan.stack.layers import PLATFORM
from groundplan.stack.model import Stack

WORKSPACES = Ref("workspaces", "workspaces")


class WorkspacesPart(CloudPart):
    """What only the kind of collector says of namespaces."""

    def metrics_access(self, stack: Stack) -> Arguments:
        """From where a managed collector asks pods for metrics."""
        return {"metrics_cidr_blocks": private_ranges(stack)}

    def node_access(self) -> dict[str, Value]:
        """Addresses on the node that pods reach: who hands out their identity, and caches of DNS."""
        return {}

    def gives(self, stack: Stack) -> Aspects:
        """The same on every cloud, because all of it is made on the cluster."""
        return {
            "namespaces": "one for each pool, with the service account that has its identity",
            "bounds": "network policies both ways, Pod Security, a quota of GPUs",
        }


class Workspaces(Component[WorkspacesPart]):
    """The workspaces module, once for all namespaces."""

    name = "workspaces"
    anywhere = WorkspacesPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when there are pools."""
        pools = workload_pools_of(stack)
        if not pools:
            return
        part = self.on(cloud)
        yield ModuleCall(
            component=self.name,
            name=WORKSPACES.call,
            source="kubernetes/workspaces",
            layer=PLATFORM,
            arguments={
                "workspaces": {pool.namespace: _workspace(stack, part, pool) for pool in pools},
                "egress": {**part.node_access(), **_servers(stack)},
            },
            path=pools[0].path.partition(".")[0],
            outputs=(Output("workspaces", WORKSPACES, "Namespaces and their accounts."),),
        )


def _workspace(stack: Stack, part: WorkspacesPart, pool: Pool) -> Value:
    """At most as many GPUs or shares as the pool has at its largest, so that no queue grows past them unseen."""
    arguments: dict[str, Value] = {"service_accounts": [pool.service_account]}
    if pool.gpu:
        arguments["max_gpus"] = pool.gpu.shares * pool.nodes_max
    collectors = stack.needed(Collector)
    if any(collector.managed for collector in collectors):
        arguments |= part.metrics_access(stack)
    elif collectors:
        arguments["ingress_from_namespaces"] = [collector.namespace for collector in collectors]
    return arguments


def _servers(stack: Stack) -> dict[str, Value]:
    """What workloads call in other namespaces."""
    called: list[Value] = [
        {"namespace": service.namespace, "port": service.port} for service in stack.needed(ClusterService)
    ]
    return {"servers": called} if called else {}


COMPONENT = Workspaces()
