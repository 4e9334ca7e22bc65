"""Buckets."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, Contents, Holding, ModuleCall, Output
from groundplan.components.keys.component import key_id
from groundplan.components.needs import BucketName
from groundplan.components.object_store.part import Bucket, buckets_of, log_bucket_of
from groundplan.components.object_store.resolve import resolve_buckets
from groundplan.hcl.references import AttributeByName, Ref
from groundplan.hcl.write import Value
from groundplan.stack.assets import Asset, AssetKind
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Need, Part, Stack
from groundplan.stack.work import Work

BUCKETS = Ref("object_store", "object_store", "buckets")
"""The buckets by their names in the spec."""
ACCESS_LOG_FILTER = Ref("object_store", "object_store", "log_filter")
"""Which log entries are their access logs, where those are entries of a log."""


class ObjectStorePart(CloudPart):
    """How a cloud keeps the access logs of buckets."""

    def logs_in_bucket(self, stack: Stack) -> bool:
        """Whether they are objects in a bucket, which has a name to reserve and must be empty before a destroy."""
        return True

    def log_types(self, stack: Stack) -> str:
        """What the types of the resources begin with that keep them."""
        return ""

    def needs(self, stack: Stack) -> Iterable[Need]:
        """The name of the bucket with the access logs."""
        if buckets_of(stack) and self.logs_in_bucket(stack):
            yield BucketName(log_bucket_of(stack), "storage.buckets")


class ObjectStore(Component[ObjectStorePart]):
    """The object store module, once for all buckets."""

    name = "object_store"
    anywhere = ObjectStorePart()
    reserved_buckets = ("access-logs",)

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        return resolve_buckets(work)

    def contents(self, stack: Stack) -> Iterable[Contents]:
        """Every bucket."""
        if buckets_of(stack):
            names = {bucket.name for bucket in stack.needed(BucketName)}
            logs = ", that of access logs too," if log_bucket_of(stack) in names else ""
            yield Contents(f"buckets{logs}", "of all versions")

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when the spec has buckets."""
        if not buckets_of(stack):
            return
        yield ModuleCall(
            component=self.name,
            name=BUCKETS.call,
            source=f"{stack.provider}/object_store",
            layer=FOUNDATION,
            arguments={
                "kms_key": key_id("storage"),
                "access_log_bucket": log_bucket_of(stack),
                "buckets": {bucket.name: _arguments(bucket) for bucket in buckets_of(stack)},
                **self.on(cloud).arguments("object_store", stack),
            },
            path="storage.buckets",
            outputs=(
                Output(
                    "buckets",
                    AttributeByName(BUCKETS, "bucket", "name"),
                    "Names of the buckets in the cloud, by their names in the spec.",
                ),
            ),
        )

    def assets(self, stack: Stack, cloud: Cloud) -> Iterable[Holding]:
        """Every bucket, and what keeps their access logs."""
        for bucket in buckets_of(stack):
            was = (bucket.first_name,) if bucket.first_name else ()
            path, imported = bucket.spec_path, bucket.existing
            asset = Asset("bucket", bucket.bucket, path, FOUNDATION, BUCKETS.call, bucket.name, was, imported=imported)
            yield Holding(asset, each="buckets")
        if buckets_of(stack):
            kind: AssetKind = "bucket" if self.on(cloud).logs_in_bucket(stack) else "log"
            logs = Asset(kind, log_bucket_of(stack), "storage.buckets", FOUNDATION, BUCKETS.call)
            yield Holding(logs, once=self.on(cloud).log_types(stack))


def _arguments(bucket: Bucket) -> Value:
    days: dict[str, Value] = {"noncurrent_days": bucket.noncurrent_days}
    if bucket.archive_after_days is not None:
        days["archive_after_days"] = bucket.archive_after_days
    if bucket.expire_after_days is not None:
        days["expire_after_days"] = bucket.expire_after_days
    return {"bucket": bucket.bucket, "versioning": bucket.versioning, **days}


COMPONENT = ObjectStore()
