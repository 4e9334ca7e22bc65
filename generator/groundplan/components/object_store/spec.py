"""What a spec says of object storage."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated

from pydantic import Field, StringConstraints

from groundplan.spec.base import Key, Model, Name

_IMPORTED = r"^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$"


class Bucket(Model):
    """One object store bucket."""

    renamed_from: Name | None = None
    """Name that the bucket had first, and keeps in the cloud, so that no object has to be copied."""
    imported_from: Annotated[str, StringConstraints(pattern=_IMPORTED)] | None = None
    """Name in the cloud of a bucket that is there already: Terraform imports it, and it keeps its name."""
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


class Storage(Model):
    """Object storage."""

    buckets: Annotated[dict[Name, Bucket], Field(min_length=1, max_length=50)]
    """Buckets by short name; the cloud name adds the environment and a hash of the account."""


KEYS = (Key("storage", Storage, "Object storage.", asks=True),)

PATTERNS = {_IMPORTED: "use 3 to 63 lower-case letters, digits and hyphens: the modules take no name with dots"}
