"""Buckets."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import FOUNDATION, CloudPart, Component, Meter, ModuleCall, Output
from groundplan.components.keys.component import key_id
from groundplan.hcl.references import AttributeByName, Ref
from groundplan.hcl.write import Value
from groundplan.quantities import Band, months
from groundplan.stack.model import Bucket, Stack
from groundplan.stack.tracking import MLFLOW_BUCKET

GROWTH = (Decimal("0.7"), Decimal("1.3"))
"""A stated size is a guess about the future: less or more by so much at the edges of the band."""

READS = Band(Decimal(100_000), Decimal(1_000_000), Decimal(10_000_000))
WRITES = Band(Decimal(10_000), Decimal(100_000), Decimal(1_000_000))
LOG_GIB_PER_REQUEST = Decimal("0.0000005")
LOG_DAYS = 365
"""What the module keeps access logs for, unless told otherwise."""

BUCKETS = Ref("object_store", "object_store", "buckets")
"""The buckets by their names in the spec."""


class ObjectStore(Component[CloudPart]):
    """The object store module, once for all buckets."""

    name = "object_store"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call when the spec has buckets."""
        if not stack.buckets:
            return
        yield ModuleCall(
            component=self.name,
            name=BUCKETS.call,
            source=f"{stack.provider}/object_store",
            layer=FOUNDATION,
            arguments={
                "kms_key": key_id("storage"),
                "access_log_bucket": stack.log_bucket,
                "buckets": {bucket.name: _arguments(bucket) for bucket in stack.buckets},
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

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """The data in each bucket, all in the class it is written to; requests and access logs of all buckets."""
        for bucket in stack.buckets:
            size = bucket.size_gib
            yield Meter(
                component=self.name,
                item="object_store.standard",
                unit="gib_month",
                quantity=None if size is None else Band(size * GROWTH[0], size, size * GROWTH[1]),
                assumption=f"set {_said(bucket)} to price it"
                if size is None
                else f"{size:f} GiB of current objects, 30 % less or more; old versions not counted",
                kind="usage",
                path=_said(bucket).rpartition(".")[0],
                address=BUCKETS.address,
            )
        if not stack.buckets:
            return
        path = "storage.buckets" if any(b.name != MLFLOW_BUCKET for b in stack.buckets) else "tracking.mlflow"
        words = "0.1 to 10 million reads, a million expected"
        yield _of_all("object_store.standard_read", "request", READS, words, path)
        words = "10,000 to a million writes, 100,000 expected"
        yield _of_all("object_store.standard_write", "request", WRITES, words, path)
        words = f"half a GiB of access log for a million requests, {LOG_DAYS} days of it once retention is full"
        kept = (READS + WRITES).times(LOG_GIB_PER_REQUEST * months(LOG_DAYS))
        yield _of_all("object_store.standard", "gib_month", kept, words, path)


def _said(bucket: Bucket) -> str:
    """Where the spec says how much is in the bucket."""
    if bucket.name == MLFLOW_BUCKET:
        return "tracking.mlflow.artifacts_gib"
    return f"storage.buckets.{bucket.name}.size_gib"


def _of_all(item: str, unit: str, quantity: Band, assumption: str, path: str) -> Meter:
    """A meter of all buckets together."""
    return Meter(
        component=ObjectStore.name,
        item=item,
        unit=unit,
        quantity=quantity,
        assumption=assumption,
        kind="usage",
        path=path,
        address=BUCKETS.address,
    )


def _arguments(bucket: Bucket) -> Value:
    days: dict[str, Value] = {"noncurrent_days": bucket.noncurrent_days}
    if bucket.archive_after_days is not None:
        days["archive_after_days"] = bucket.archive_after_days
    if bucket.expire_after_days is not None:
        days["expire_after_days"] = bucket.expire_after_days
    return {"bucket": bucket.bucket, "versioning": bucket.versioning, **days}


COMPONENT = ObjectStore()
