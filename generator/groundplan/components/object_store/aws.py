"""Buckets on AWS."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.aws.billing import BILLING
from groundplan.components.base import Aspects, Meter
from groundplan.components.object_store.component import ObjectStorePart
from groundplan.components.object_store.meters import log_files_meter
from groundplan.stack.model import Stack


class AwsObjectStore(ObjectStorePart):
    """Buckets on AWS."""

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Access logs are objects."""
        return log_files_meter(stack, BILLING)

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "buckets": "S3, public access blocked, TLS 1.2 and up only",
            "archive": "Standard-IA",
            "deleted objects": "old versions, for retention_days",
            "access log": "S3 access log, encrypted by S3 itself",
        }


PART = AwsObjectStore()
