"""The buckets that were decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class Bucket:
    """One bucket; `bucket` is its name in the cloud, `size_gib` None when nobody said."""

    name: str
    bucket: str
    size_gib: Decimal | None
    versioning: bool
    noncurrent_days: int
    archive_after_days: int | None
    expire_after_days: int | None
    churn_gib_per_month: Decimal | None = None
    """GiB overwritten or deleted in a month; None when nobody said."""
    path: str = ""
    """Where the spec asks for it; empty for one of the spec's own buckets."""
    first_name: str = ""
    """Name that the spec gave it first; empty where it always had the one it has."""
    existing: bool = False
    """Whether it was in the cloud before the environment."""
    lacks: tuple[str, ...] = ()
    """Settings that it did not have then, in the words of the spec."""

    @property
    def spec_path(self) -> str:
        """Where the spec asks for it."""
        return self.path or f"storage.buckets.{self.name}"


@dataclass(frozen=True, slots=True)
class Buckets(Part):
    """The buckets, and the one that keeps their access logs; its name is empty when there are none."""

    component: ClassVar[str] = "object_store"
    key: ClassVar[str] = ""
    buckets: tuple[Bucket, ...]
    log_bucket: str


def buckets_of(stack: Stack) -> tuple[Bucket, ...]:
    """Every bucket of the stack."""
    part = stack.part(Buckets)
    return part.buckets if part else ()


def log_bucket_of(stack: Stack) -> str:
    """Name of the bucket that keeps the access logs of the others; empty when there are no buckets."""
    part = stack.part(Buckets)
    return part.log_bucket if part else ""
