"""Identities of workloads on AWS."""

from __future__ import annotations

from groundplan.components.base import Arguments, Aspects
from groundplan.components.keys.component import key_id
from groundplan.components.workload_identity.component import WorkloadIdentityPart
from groundplan.stack.model import Stack


class AwsWorkloadIdentity(WorkloadIdentityPart):
    """Identities of workloads on AWS."""

    def keys(self, *, secrets: bool) -> Arguments:
        """The keys behind the buckets and, where an identity reads one, behind the secrets."""
        return {"kms_key": key_id("storage"), **({"secrets_kms_key": key_id("database")} if secrets else {})}

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "identity": "EKS Pod Identity: an IAM role per service account",
            "valid in": "this cluster",
            "keys": "usable through S3 and Secrets Manager only",
            "writers": "cannot read or delete old versions",
        }


PART = AwsWorkloadIdentity()
