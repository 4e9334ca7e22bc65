"""What a spec says of object storage."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from groundplan.spec.base import Key, Model, Name
from groundplan.spec.existing import name_of

_EXISTING = r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"


BucketSetting = Literal["encryption", "lifecycle", "logging", "ownership", "policy", "public_access", "versioning"]


class AwsBucket(Model):
    """What only a bucket on S3 has."""

    only_on: ClassVar[str] = "aws"

    lacks: Annotated[list[BucketSetting], Field(max_length=7)] = []
    """Settings that the `existing` bucket does not have so far: each is a resource of its own in Terraform, which makes
    these and imports the others."""


class Bucket(Model):
    """One object store bucket."""

    renamed_from: Name | None = None
    """Name that the bucket had first, and keeps in the cloud, so that no object has to be copied."""
    existing: Annotated[str, StringConstraints(pattern=_EXISTING), BeforeValidator(name_of("bucket"))] | None = None
    """Name in the cloud of a bucket that is there already: Terraform imports it with its settings, and it keeps its
    name."""
    size_gib: Annotated[float, Field(gt=0, le=100_000_000)] | None = None
    """Expected data in it, in GiB, for the estimate; not said: the bucket's storage is listed as unpriced usage."""
    churn_gib_per_month: Annotated[float, Field(ge=0, le=100_000_000)] | None = None
    """GiB that are overwritten or deleted in a month, for the estimate: they are billed until `retention_days` are
    over. Default: what expires, else a fiftieth of `size_gib`, none to a fifth."""
    versioning: bool = True
    """Keep overwritten and deleted objects."""
    retention_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Days that overwritten and deleted objects are kept; default 90. Current objects are never deleted by it."""
    archive_after_days: Annotated[int, Field(ge=30, le=3650)] | None = None
    """Move objects to the infrequent-access class after so many days."""
    expire_after_days: Annotated[int, Field(ge=1, le=3650)] | None = None
    """Delete current objects after so many days; for scratch data only."""
    aws: AwsBucket | None = None
    """Settings that exist on AWS only."""


class Storage(Model):
    """Object storage."""

    buckets: Annotated[dict[Name, Bucket], Field(min_length=1, max_length=50)]
    """Buckets by short name; the cloud name adds the environment and a hash of the account."""


KEYS = (Key("storage", Storage, "Object storage.", asks=True),)

PATTERNS = {_EXISTING: "use 3 to 63 lower-case letters, digits and hyphens: the modules take no name with dots"}
