"""The spec: what the user said, checked. Frozen pydantic models, cloud-neutral words, nothing decided yet.

This module has the header; what stands below it are the blocks of the components, listed by the registry. Fields
without a value stay `None` where "not said" matters; `groundplan.components.resolve` decides those and says why. Rules
that need a cloud's tables (regions, instance types, name limits) live in `resolve`, not here.
"""

# No `from __future__ import annotations`: pydantic would compile every annotation again, a third of the import time.
from functools import lru_cache
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import Field, StringConstraints, create_model

from groundplan.components import PACKAGES
from groundplan.spec import base, declared
from groundplan.spec.base import NAME_PATTERN, Key, Line, Model, Name
from groundplan.spec.document import Lookup

B = TypeVar("B", bound=Model)

API_VERSION = "groundplan/v1"

EnvironmentName = Annotated[str, StringConstraints(pattern=NAME_PATTERN, min_length=2, max_length=24)]
LabelKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_-]{0,62}$")]
LabelValue = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{0,63}$")]

PATTERNS = {
    r"^[a-z][a-z0-9_-]{0,62}$": "use lower-case letters, digits, `_` and `-`, a letter first, 63 characters at most",
    r"^[a-z0-9_-]{0,63}$": "use lower-case letters, digits, `_` and `-`, 63 characters at most",
    r"^[a-z0-9][a-z0-9-]{4,62}$": "AWS: the 12 digits of the account, in quotes; GCP: the project id",
}
"""Patterns of the header."""


class GcpCloud(Model):
    """What only GCP has."""

    only_on: ClassVar[str] = "gcp"

    key_ring_suffix: Name | None = None
    """End of the key ring's name. Google deletes no key ring, so an environment made again under its name needs one."""
    access_logs: Literal["audit", "usage"] | None = None
    """What records who read and wrote buckets. `audit`: Data Access audit logs, one setting of the whole project;
    `usage`: hourly files from a group of google.com, which organisations made since May 2024 refuse. Default audit."""


class Cloud(Model):
    """Where the environment lives."""

    provider: Name
    """Cloud to render for, such as `aws`."""
    region: Name
    """Region, in the cloud's own spelling, such as `us-east-1`."""
    account: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{4,62}$")]
    """AWS: the 12-digit account number, quoted. GCP: the project id."""
    gcp: GcpCloud | None = None
    """Settings that exist on GCP only."""


class Spec(Model):
    """One page that says what an ML team needs."""

    apiVersion: Literal["groundplan/v1"]  # noqa: N815 - the spec's own spelling, as in Kubernetes
    """Version of this format."""
    name: EnvironmentName
    """Name of the environment, unique in the account; starts the name of everything in it."""
    owner: Line
    """Team that answers for it; ends up in a tag on every resource."""
    labels: Annotated[dict[LabelKey, LabelValue], Field(max_length=20)] = {}
    """Labels (tags) put on every resource."""
    cloud: Cloud
    """Where the environment lives."""

    @property
    def lookup(self) -> Lookup:
        """What the spec says by path, without defaults."""
        return Lookup(self.model_dump(exclude_unset=True, by_alias=True))

    def block(self, kind: type[B]) -> B | None:
        """The block at the top of the spec that is of this type; None when the spec does not have it."""
        return next((value for key in type(self).model_fields if isinstance(value := getattr(self, key), kind)), None)

    def section(self, kind: type[B]) -> B:
        """The same for a block that is always there, with its defaults when the spec does not say it."""
        found = self.block(kind)
        assert found is not None, f"{kind.__name__} is not always there"
        return found


_FIRST = ("network", "cluster", "training", "serving", "storage", "registry", "tracking", "monitoring")
_LAST = ("budget", "state")
"""The order in which a reader should meet the keys; those of further components stand between."""


def keys() -> tuple[Key, ...]:
    """The keys below the header, in the order of the schema and the reference."""

    def order(key: Key) -> int:
        last = key.name in _LAST
        return len(_FIRST) + 1 + _LAST.index(key.name) if last else (*_FIRST, key.name).index(key.name)

    return tuple(sorted(declared.keys(), key=order))


def root() -> type[Spec]:
    """The model of a whole spec: the header, and the blocks of every component that is registered now."""
    return _root(tuple(PACKAGES.items()))


@lru_cache(maxsize=8)
def _root(registered: tuple[tuple[str, str], ...]) -> type[Spec]:
    """By the content of the registry: one more component makes another model."""
    blocks: dict[str, Any] = {
        key.name: (key.block, Field(default_factory=key.block)) if key.always else (key.block | None, None)
        for key in keys()
    }
    return create_model("Spec", __base__=Spec, __module__=__name__, __doc__=Spec.__doc__, **blocks)


def patterns() -> dict[str, str]:
    """What to write instead of text that does not match, for every pattern of the spec."""
    return {**base.PATTERNS, **PATTERNS, **declared.patterns()}
