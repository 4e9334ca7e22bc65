"""GP912: an overwritten or deleted object is gone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan.check.rules.base import Resource, Rule, Subject, Violation, values_at
from groundplan.check.rules.references import referred
from groundplan.diagnostics import Severity

_STATUS = ("versioning_configuration", "status")


class Versioning(Rule):
    """A bucket is planned without versions of its objects."""

    code = "GP912"
    remedy = "keep versions, for as many days as it takes to notice a mistake; scratch data may do without"
    needs_plan = True
    answers = frozenset({"CKV_AWS_21", "CKV_GCP_78"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """On AWS they are a resource of their own, matched by the bucket's name or by what its argument refers to."""
        versioned = {(root, bucket) for root, bucket in _versioned(subject) if bucket}
        for resource in subject.planned():
            if resource.type not in ("aws_s3_bucket", "google_storage_bucket") or _inline(resource):
                continue
            names = {(resource.root, resource.values.get("bucket")), (resource.root, resource.address)}
            if resource.type == "google_storage_bucket" or not names & versioned:
                yield Violation(
                    "versioning is off", resource.root, resource.address, chosen=Severity.WARNING, keys=("versioning",)
                )


def _inline(resource: Resource) -> bool:
    return True in values_at(resource.values, ("versioning", "enabled"))


def _versioned(subject: Subject) -> Iterator[tuple[str, Any]]:
    """Root and name or address of the buckets of AWS that keep versions."""
    for resource in subject.planned():
        if resource.type == "aws_s3_bucket_versioning" and "Enabled" in values_at(resource.values, _STATUS):
            yield resource.root, resource.values.get("bucket")
            for address in referred(subject.plans[resource.root], resource, "bucket", "aws_s3_bucket"):
                yield resource.root, address
