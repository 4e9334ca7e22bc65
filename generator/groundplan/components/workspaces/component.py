"""Workspaces: a namespace for training and one for serving, with a service account for each pool."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.components.base import PLATFORM, Meter, ModuleCall, Output
from groundplan.components.monitoring.component import NAMESPACE as MONITORING
from groundplan.components.network.component import private_ranges
from groundplan.hcl.write import Expression, Value
from groundplan.stack.model import Pool, Stack


class Workspaces:
    """The workspaces module, once for all namespaces."""

    name = "workspaces"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when there are pools."""
        pools = stack.workload_pools
        if not pools:
            return
        namespaces = dict.fromkeys(pool.namespace for pool in pools)
        yield ModuleCall(
            component=self.name,
            name="workspaces",
            source="kubernetes/workspaces",
            layer=PLATFORM,
            arguments={
                "workspaces": {
                    namespace: _workspace(stack, [pool for pool in pools if pool.namespace == namespace])
                    for namespace in namespaces
                }
            },
            path=pools[0].path.partition(".")[0],
            outputs=(
                Output("workspaces", Expression("module.workspaces.workspaces"), "Namespaces and their accounts."),
            ),
        )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Nothing: namespaces are free."""
        return ()


def _workspace(stack: Stack, pools: Sequence[Pool]) -> Value:
    """At most as many GPUs as the namespace's pools have at their largest, so that no queue grows past them unseen."""
    gpus = sum(pool.gpu.count * pool.nodes_max for pool in pools if pool.gpu)
    arguments: dict[str, Value] = {"service_accounts": [pool.service_account for pool in pools]}
    if gpus:
        arguments["max_gpus"] = gpus
    if stack.monitoring and stack.monitoring.managed:
        arguments["metrics_cidr_blocks"] = private_ranges(stack)
    elif stack.monitoring:
        arguments["ingress_from_namespaces"] = [MONITORING]
    return arguments


COMPONENT = Workspaces()
