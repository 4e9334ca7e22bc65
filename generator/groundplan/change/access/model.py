"""What an access is, what it opens, and how it is put into words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from groundplan.change.access.atoms import Atom

Attributes = Mapping[str, Any]


class Severity(IntEnum):
    """How much an opening weighs, the heaviest first."""

    PUBLIC = 0
    """From the internet, or to anybody."""
    WILDCARD = 1
    """Everything that a service can do, or on whatever there is."""
    UNPROTECTED = 2
    """Something that kept others out is gone."""
    WIDER = 3
    """More than before, to those who had some."""
    ADDED = 4
    """Somebody who had nothing."""


@dataclass(frozen=True, slots=True, order=True)
class Opening:
    """One thing that a change opens."""

    severity: Severity
    address: str
    """Of the resource: in the new plan, or in the old one of what is gone."""
    what: str
    """Begins with the thing: `load balancer acme-mlflow answers on the internet`."""
    detail: str = ""
    """What was before, or which condition is gone."""
    path: str = ""
    """Of the argument, as Terraform writes it."""
    unknown: bool = False
    """Whether it is told only by applying the change."""
    source: str = ""
    """Of the fact behind it."""


WHOLE = "*"
"""Key of the one thing that all of a root is in, such as the cluster that its objects are in."""


@dataclass(frozen=True, slots=True)
class Scope:
    """The thing that an access is to or of; two accesses are compared only within one."""

    sort: str
    """`bucket`, `role`, `security group`."""
    key: str
    """What the cloud knows it by; empty where it is known only after apply."""
    name: str = ""
    """As it is called in words."""

    def __str__(self) -> str:
        return self.sort if self.key == WHOLE else f"{self.sort} {self.name or self.key}".strip()


Box = tuple[tuple[str, tuple[Atom, ...]], ...]
"""Values by dimension; an access is every combination of them."""


@dataclass(frozen=True, slots=True)
class Access:
    """What is allowed, or denied, by some argument of a resource."""

    scope: Scope
    box: Box
    sentence: str
    """What it means for the thing, with the dimensions in braces: `lets in {source} on {ports}`."""
    path: str = ""
    address: str = ""
    denies: bool = False
    severity: Severity = Severity.WIDER
    """Of the access by itself."""
    source: str = ""
    closed: bool = True
    """Whether nothing is allowed that no access allows; not so for pods that no network policy selects."""

    @property
    def values(self) -> Mapping[str, Sequence[Atom]]:
        """Values by dimension."""
        return dict(self.box)


@dataclass(frozen=True, slots=True)
class Resource:
    """A resource on one side of a change."""

    type: str
    address: str
    values: Attributes
    unknown: Attributes = field(default_factory=dict)
    """What is known only after apply, in the form of `after_unknown`."""
