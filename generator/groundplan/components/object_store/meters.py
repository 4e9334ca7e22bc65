"""What buckets consume."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.components.base import Meter
from groundplan.components.needs import BucketOwner
from groundplan.components.object_store.component import BUCKETS
from groundplan.components.object_store.part import Bucket, buckets_of
from groundplan.quantities import Band, months
from groundplan.stack.model import Stack

GROWTH = (Decimal("0.7"), Decimal("1.3"))
"""A stated size is a guess about the future: less or more by so much at the edges of the band."""

CHURN = (Decimal(0), Decimal("0.02"), Decimal("0.2"))
"""The part of a bucket that a month overwrites or deletes, where the spec does not say. An assumption."""

READS = Band(Decimal(100_000), Decimal(1_000_000), Decimal(10_000_000))
WRITES = Band(Decimal(10_000), Decimal(100_000), Decimal(1_000_000))
LOG_GIB_PER_REQUEST = Decimal("0.0000005")
ENTRY_GIB = Decimal("0.0000015")
"""An entry of an audit log has some 1.5 KiB: who, what, from where, with which permission."""
LOG_DAYS = 365
"""What the module keeps access logs for, unless told otherwise."""


def meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """The data in each bucket, all in the class it is written to; requests of all buckets."""
    owners = {owner.bucket: owner for owner in stack.needed(BucketOwner)}
    for bucket in buckets_of(stack):
        owner = owners.get(bucket.name)
        size_path = owner.size_path if owner else f"storage.buckets.{bucket.name}.size_gib"
        yield _meter(billing.bucket(_contents(bucket, size_path)), size_path.rpartition(".")[0])
        if versions := _old_versions(bucket, billing):
            path = size_path if owner else f"storage.buckets.{bucket.name}.retention_days"
            yield _meter(billing.bucket(versions), path)
    if not buckets_of(stack):
        return
    path = _path(stack)
    reads = Amount(READS, "0.1 to 10 million reads, a million expected")
    writes = Amount(WRITES, "10,000 to a million writes, 100,000 expected")
    for use in billing.bucket_requests(reads, writes):
        yield _meter(use, path)


def log_files_meter(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """Access logs that are objects in a bucket."""
    if buckets_of(stack):
        words = f"half a GiB of access logs for a million requests, {LOG_DAYS} days of it once retention is full"
        kept = (READS + WRITES).times(LOG_GIB_PER_REQUEST * months(LOG_DAYS))
        yield _meter(billing.bucket(Amount(kept, words)), _path(stack))


def audit_log_meters(stack: Stack, billing: Billing) -> Iterable[Meter]:
    """Access logs that are entries of a log."""
    if buckets_of(stack):
        entries = Amount((READS + WRITES).times(ENTRY_GIB), "1.5 GiB of audit logs for a million requests")
        for use in billing.logs(entries, LOG_DAYS):
            yield _meter(use, _path(stack))


def _path(stack: Stack) -> str:
    """Where the spec causes them: its own buckets, else the first that a component has."""
    owners = {owner.bucket: owner for owner in stack.needed(BucketOwner)}
    own = any(bucket.name not in owners for bucket in buckets_of(stack))
    return "storage.buckets" if own else next(iter(owners.values())).path


def _contents(bucket: Bucket, size_path: str) -> Amount:
    size = bucket.size_gib
    if size is None:
        return Amount(None, f"set {size_path} to price it")
    words = f"{size:f} GiB of current objects, 30 % less or more"
    return Amount(_around(size), words)


def _around(size: Decimal) -> Band:
    return Band(size * GROWTH[0], size, size * GROWTH[1])


def _old_versions(bucket: Bucket, billing: Billing) -> Amount | None:
    """Overwritten and deleted objects that are still kept; None where none is, or nothing is known of the bucket."""
    days = (bucket.noncurrent_days if bucket.versioning else 0) + billing.soft_delete_days
    churn = _churn(bucket)
    if not days or churn.band is None:
        return None
    return Amount(churn.band.times(months(days)), f"old versions: {churn.words}, kept for {days} days")


def _churn(bucket: Bucket) -> Amount:
    """GiB that a month overwrites or deletes."""
    size = bucket.size_gib
    if bucket.churn_gib_per_month is not None:
        return Amount.of(bucket.churn_gib_per_month, f"{bucket.churn_gib_per_month:f} GiB a month as set in the spec")
    if size is None:
        return Amount(None, "the size is not stated")
    if bucket.expire_after_days is not None:
        monthly = _around(size).times(1 / months(bucket.expire_after_days))
        return Amount(monthly, f"everything once in {bucket.expire_after_days} days, as it expires")
    least, usual, most = (size * share for share in CHURN)
    return Amount(Band(least, usual, most), "2 % of its size a month, none to 20 %")


def _meter(use: Use, path: str) -> Meter:
    return Meter(use, component="object_store", kind="usage", path=path, address=BUCKETS.address)
