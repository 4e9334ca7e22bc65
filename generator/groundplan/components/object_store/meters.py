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
    words = f"{size:f} GiB of current objects, 30 % less or more; old versions not counted"
    return Amount(Band(size * GROWTH[0], size, size * GROWTH[1]), words)


def _meter(use: Use, path: str) -> Meter:
    return Meter(use, component="object_store", kind="usage", path=path, address=BUCKETS.address)
