"""What pools of nodes need of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import Identity
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """An identity for each pool whose workloads touch a bucket."""
    for pool in workload_pools_of(stack):
        if pool.reads or pool.writes:
            path = pool.path.partition(".")[0]
            yield Identity(pool.id, pool.namespace, pool.service_account, path, pool.reads, pool.writes)
