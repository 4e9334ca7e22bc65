"""Identities of workloads on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Aspects, Note
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.components.workload_identity.component import WorkloadIdentityPart
from groundplan.stack.model import Stack


class GcpWorkloadIdentity(WorkloadIdentityPart):
    """Identities of workloads on Google Cloud."""

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Versions are objects there."""
        paths = tuple(f"{pool.path}.writes" for pool in workload_pools_of(stack) if pool.writes)
        yield Note("otherwise", "who may write may delete old versions too", paths)

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "identity": "Workload Identity Federation: the service account itself, without a key",
            "valid in": "every cluster of the project with such a namespace and account",
            "keys": "none: the services use them under their own names",
            "writers": "may read and delete old versions; soft deletion they cannot undo",
        }


PART = GcpWorkloadIdentity()
