"""What an upgrade changes of what an environment is made of, as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum


class Part(StrEnum):
    """What an environment is made of, as far as a release decides it."""

    MODULE = "module"
    PROVIDER = "provider"
    CHART = "chart"
    IMAGE = "image"
    CHOICE = "choice"
    """What the tables of the release decided: instance types, versions, defaults."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One part that is another one now."""

    part: Part
    name: str
    """The module, provider, chart or image, or the path in the spec that a choice belongs to."""
    before: str
    """Its version, digest or value; empty where it was not there."""
    after: str
    """The same afterwards; empty where it is not there any more."""
    reason: str = ""
    """Why a choice is another one."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the changelog, and the release that it is of."""

    release: str
    text: str


@dataclass(frozen=True, slots=True)
class Upgrade:
    """From one release to another."""

    before: str
    after: str
    differences: Sequence[Difference]
    """By part, then by name."""
    changelog: Sequence[Line]
    """Of the releases after the old one, up to the new one; the newest first."""
    migrations: Sequence[str]
    """What was read differently than it is written, because its format is of an earlier release."""
