"""What buckets need of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import BucketName, Key
from groundplan.components.object_store.part import buckets_of
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """Their names and a key."""
    if not buckets_of(stack):
        return
    yield Key("storage")
    for bucket in buckets_of(stack):
        yield BucketName(bucket.bucket, f"storage.buckets.{bucket.name}")
