"""What a spec says of container images."""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, StringConstraints

from groundplan.spec.base import Key, Model, Name
from groundplan.spec.existing import name_of

_REPOSITORY = r"^[a-z0-9]+([._-][a-z0-9]+)*(/[a-z0-9]+([._-][a-z0-9]+)*)*$"


_Existing = Annotated[
    str, StringConstraints(pattern=_REPOSITORY, max_length=128), BeforeValidator(name_of("repository"))
]


RepositorySetting = Literal["lifecycle"]


class AwsRepository(Model):
    """What only a repository of ECR has."""

    only_on: ClassVar[str] = "aws"

    lacks: Annotated[list[RepositorySetting], Field(max_length=1)] = []
    """Settings that the `existing` repository does not have so far: each is a resource of its own in Terraform, which
    makes these and imports the others."""


class Repository(Model):
    """One container image repository."""

    renamed_from: Name | None = None
    """Name that the repository had first. It keeps it in the cloud, where images are pushed to and pulled from."""
    existing: _Existing | None = None
    """Name in the cloud of a repository that is there already: Terraform imports it with its settings, and it keeps its
    name."""
    keep_images: Annotated[int, Field(ge=1, le=10000)] | None = None
    """Images kept; older ones expire. Default 50; on GCP all of them, because none expires whose tag cannot move, and
    with a number tags can be moved there."""
    size_gib: Annotated[float, Field(gt=0, le=100_000)] | None = None
    """Expected data in it, in GiB, for the estimate; default 10."""
    aws: AwsRepository | None = None
    """Settings that exist on AWS only."""


class Registry(Model):
    """Container images."""

    repositories: Annotated[dict[Name, Repository], Field(min_length=1, max_length=50)]
    """Repositories by name."""


KEYS = (Key("registry", Registry, "Container images.", asks=True),)

PATTERNS = {_REPOSITORY: "write a name of lower-case letters and digits, parted by single . _ - or /"}
