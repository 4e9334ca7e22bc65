"""Identities of workloads: what each pool may read and write, from the relations in the spec, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import FOUNDATION, Meter, ModuleCall
from groundplan.components.keys import key_arn
from groundplan.render.hcl import Expression, Value
from groundplan.stack.model import Pool, Stack


class WorkloadIdentity:
    """The workload identity module, once for all pools that touch a bucket."""

    name = "workload_identity"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call when any pool reads or writes a bucket."""
        pools = [pool for pool in stack.workload_pools if pool.reads or pool.writes]
        if pools:
            yield ModuleCall(
                component=self.name,
                name="workload_identity",
                source=f"{stack.provider}/workload_identity",
                layer=FOUNDATION,
                arguments={
                    "cluster_name": Expression("module.cluster.cluster.name"),
                    "kms_key_arn": key_arn("storage"),
                    "identities": {pool.id: _identity(pool) for pool in pools},
                },
                path=pools[0].path.partition(".")[0],
            )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Nothing: identities are free."""
        return ()


def _identity(pool: Pool) -> Value:
    access = {"reads": pool.reads, "writes": pool.writes}
    return {
        "namespace": pool.namespace,
        "service_account": pool.service_account,
        **{verb: [_bucket_arn(name) for name in names] for verb, names in access.items() if names},
    }


def _bucket_arn(name: str) -> Expression:
    return Expression(f'module.object_store.object_store.buckets["{name}"].arn')
