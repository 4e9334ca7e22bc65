"""Identities of workloads: what each pool may read and write, from the relations in the spec, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from groundplan.clouds.base import Cloud
from groundplan.components.base import FOUNDATION, Arguments, CloudPart, Component, ModuleCall
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.mlflow.component import DATABASE
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.mlflow.resolve import MLFLOW_BUCKET
from groundplan.components.node_pool.part import Pool, workload_pools_of
from groundplan.components.object_store.component import BUCKETS
from groundplan.hcl.references import Key, Ref
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack


class WorkloadIdentityPart(CloudPart):
    """How a cloud lets identities use keys."""

    def keys(self, *, secrets: bool) -> Arguments:
        """The keys behind what identities read; `secrets`: whether that includes secrets."""
        return {}


class WorkloadIdentity(Component[WorkloadIdentityPart]):
    """The workload identity module, once for all pools that touch a bucket, and for the tracking server."""

    name = "workload_identity"
    anywhere = WorkloadIdentityPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when any pool reads or writes a bucket."""
        pools = [pool for pool in workload_pools_of(stack) if pool.reads or pool.writes]
        identities = {pool.id: _identity(pool) for pool in pools} | _mlflow(stack)
        if identities:
            yield ModuleCall(
                component=self.name,
                name="workload_identity",
                source=f"{stack.provider}/workload_identity",
                layer=FOUNDATION,
                arguments={
                    "cluster_name": CLUSTER.at("name"),
                    "identities": identities,
                    **self.on(cloud).keys(secrets=any("secrets" in identity for identity in identities.values())),
                },
                path=pools[0].path.partition(".")[0] if pools else "tracking.mlflow",
            )


def _identity(pool: Pool) -> Mapping[str, Value]:
    access = {"reads": pool.reads, "writes": pool.writes}
    return {
        "namespace": pool.namespace,
        "service_account": pool.service_account,
        **{verb: [_bucket_id(name) for name in names] for verb, names in access.items() if names},
    }


def _mlflow(stack: Stack) -> dict[str, Mapping[str, Value]]:
    """The tracking server touches its bucket and its secret, and nothing else."""
    mlflow = mlflow_of(stack)
    if mlflow is None or not mlflow.on_cluster:
        return {}
    return {
        "mlflow": {
            "namespace": "mlflow",
            "service_account": "mlflow",
            "writes": [_bucket_id(MLFLOW_BUCKET)],
            "secrets": [DATABASE.at("secret_id")],
        }
    }


def _bucket_id(name: str) -> Ref:
    return BUCKETS.at(Key(name), "id")


COMPONENT = WorkloadIdentity()
