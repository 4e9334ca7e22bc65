"""Workspaces: a namespace for training and one for serving, with a service account for each pool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.clouds.base import Cloud
from groundplan.components.base import PLATFORM, Arguments, Aspects, CloudPart, Component, ModuleCall, Output
from groundplan.components.needs import Collector
from groundplan.components.network.component import private_ranges
from groundplan.components.node_pool.part import Pool, workload_pools_of
from groundplan.hcl.references import Ref
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack

WORKSPACES = Ref("workspaces", "workspaces")


class WorkspacesPart(CloudPart):
    """What only the kind of collector says of namespaces."""

    def metrics_access(self, stack: Stack) -> Arguments:
        """From where a managed collector asks pods for metrics."""
        return {"metrics_cidr_blocks": private_ranges(stack)}

    def gives(self, stack: Stack) -> Aspects:
        """The same on every cloud, because all of it is made on the cluster."""
        return {
            "namespaces": "one for training, one for serving; a service account per pool",
            "bounds": "network policies, Pod Security, a quota of GPUs",
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
        namespaces = dict.fromkeys(pool.namespace for pool in pools)
        yield ModuleCall(
            component=self.name,
            name=WORKSPACES.call,
            source="kubernetes/workspaces",
            layer=PLATFORM,
            arguments={
                "workspaces": {
                    namespace: _workspace(stack, part, [pool for pool in pools if pool.namespace == namespace])
                    for namespace in namespaces
                }
            },
            path=pools[0].path.partition(".")[0],
            outputs=(Output("workspaces", WORKSPACES, "Namespaces and their accounts."),),
        )


def _workspace(stack: Stack, part: WorkspacesPart, pools: Sequence[Pool]) -> Value:
    """At most as many GPUs as the namespace's pools have at their largest, so that no queue grows past them unseen."""
    gpus = sum(pool.gpu.count * pool.nodes_max for pool in pools if pool.gpu)
    arguments: dict[str, Value] = {"service_accounts": [pool.service_account for pool in pools]}
    if gpus:
        arguments["max_gpus"] = gpus
    collectors = stack.needed(Collector)
    if any(collector.managed for collector in collectors):
        arguments |= part.metrics_access(stack)
    elif collectors:
        arguments["ingress_from_namespaces"] = [collector.namespace for collector in collectors]
    return arguments


COMPONENT = Workspaces()
