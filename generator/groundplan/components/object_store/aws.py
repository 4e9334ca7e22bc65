"""Buckets on AWS."""

from __future__ import annotations

from groundplan.components.base import Aspects, CloudPart
from groundplan.stack.model import Stack


class AwsObjectStore(CloudPart):
    """Buckets on AWS."""

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "buckets": "S3, public access blocked, TLS 1.2 and up only",
            "archive": "Standard-IA",
            "deleted objects": "old versions, for retention_days",
            "access log": "S3 access log, encrypted by S3 itself",
        }


PART = AwsObjectStore()
