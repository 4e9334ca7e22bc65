"""Buckets on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects, CloudPart, Note
from groundplan.components.object_store.part import buckets_of
from groundplan.hcl.references import Var
from groundplan.stack.model import Stack


class GcpObjectStore(CloudPart):
    """Buckets on Google Cloud."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The region of the buckets."""
        return {"region": Var("region")}

    def notes(self, stack: Stack) -> Iterable[Note]:
        """Soft deletion keeps what is deleted."""
        paths = tuple(
            f"storage.buckets.{bucket.name}.versioning" for bucket in buckets_of(stack) if not bucket.versioning
        )
        yield Note("part", "what was deleted can still be brought back for 7 days, and is billed", paths)

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "buckets": "Cloud Storage, uniform access, public access prevented; "
            "old TLS is the organization's to refuse",
            "archive": "Nearline",
            "deleted objects": "old versions for retention_days, and everything for 7 more days (soft deletion)",
            "access log": "usage logs, hourly, without promise",
        }


PART = GcpObjectStore()
