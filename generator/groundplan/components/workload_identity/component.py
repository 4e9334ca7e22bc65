"""Identities of workloads: what each pool may read and write, from the relations in the spec, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, CloudPart, Component, ModuleCall
from groundplan.components.cluster.component import CLUSTER
from groundplan.components.needs import Identity
from groundplan.components.object_store.component import BUCKETS
from groundplan.hcl.references import Key, Ref
from groundplan.hcl.write import Value
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Stack


class WorkloadIdentityPart(CloudPart):
    """How a cloud lets identities use keys."""

    def keys(self, *, secrets: bool) -> Arguments:
        """The keys behind what identities read; `secrets`: whether that includes secrets."""
        return {}


class WorkloadIdentity(Component[WorkloadIdentityPart]):
    """The workload identity module, once for all identities."""

    name = "workload_identity"
    anywhere = WorkloadIdentityPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when any component asks for an identity."""
        needs = stack.needed(Identity)
        identities = {need.name: _identity(need) for need in needs}
        if identities:
            yield ModuleCall(
                component=self.name,
                name="workload_identity",
                source=f"{stack.provider}/workload_identity",
                layer=FOUNDATION,
                arguments={
                    "cluster_name": CLUSTER.at("name"),
                    "identities": identities,
                    **self.on(cloud).keys(secrets=any(need.secrets for need in needs)),
                },
                path=needs[0].path,
            )


def _identity(need: Identity) -> Mapping[str, Value]:
    access = {"reads": need.reads, "writes": need.writes}
    return {
        "namespace": need.namespace,
        "service_account": need.service_account,
        **{verb: [_bucket_id(name) for name in names] for verb, names in access.items() if names},
        **({"secrets": list(need.secrets)} if need.secrets else {}),
    }


def _bucket_id(name: str) -> Ref:
    return BUCKETS.at(Key(name), "id")


COMPONENT = WorkloadIdentity()
