"""What of an environment has a name in the cloud that outlives a name in the spec, and where Terraform has it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

AssetKind = Literal["pool", "bucket", "log", "repository", "database", "key", "ring", "grant"]
"""`log`: a log with a place of its own; `ring`: what keys are in; `grant`: what lets a service use a key."""
LASTING: frozenset[AssetKind] = frozenset(("bucket", "log", "repository", "database", "key", "ring", "grant"))
"""What is left as it is when the spec asks for it no more: data is lost with it, or with what it opens."""


@dataclass(frozen=True, slots=True)
class Asset:
    """One such thing. It is known by its kind and its name in the cloud, whatever the spec calls it."""

    kind: AssetKind
    name: str
    """Name in the cloud."""
    path: str
    """Where the spec asks for it."""
    layer: str
    """The root that has it."""
    call: str
    """The module call that has it; of a pool its own, as the spec calls the pool."""
    key: str = ""
    """The key that the call's map has it under; empty where it has a module call, or a place in one, to itself."""
    was: tuple[str, ...] = ()
    """Earlier keys, of a pool earlier calls, the oldest first: a state may have it under any of them."""
    resources: tuple[str, ...] = ()
    """Addresses in the module of all that is its own; none where that is the whole call."""
    imported: bool = False
    """Whether it was in the cloud before the environment."""

    @property
    def place(self) -> str:
        """What a rename changes: the key, of a pool the call."""
        return self.key or self.call

    @property
    def identity(self) -> tuple[AssetKind, str]:
        """What stays the same when the spec calls it something else."""
        return self.kind, self.name


@dataclass(frozen=True, slots=True)
class Left:
    """An asset that left the spec: Terraform forgets it and destroys nothing of it."""

    asset: Asset
    since: str
    """Release that rendered the environment without it."""
    until: str
    """First release that no longer says so."""
    back: bool = False
    """Whether the spec asks for it again, so that it is imported."""

    def over(self, release: str) -> bool:
        """Whether a render by that release no longer says so."""
        return numbers(release) >= numbers(self.until)


RELEASES_KEPT = 3
"""Minor releases for which what left the spec is remembered."""


def until(release: str) -> str:
    """The first release that no longer says what left with `release`."""
    major, minor = numbers(release)[:2]
    return f"{major}.{minor + RELEASES_KEPT}.0"


def numbers(release: str) -> tuple[int, ...]:
    """The numbers that a release begins with: `(0, 2, 0)` for `0.2.0.dev1`."""
    found = re.match(r"(\d+)\.(\d+)(?:\.(\d+))?", release)
    assert found, "releases have numbers"
    return tuple(int(number or 0) for number in found.groups())
