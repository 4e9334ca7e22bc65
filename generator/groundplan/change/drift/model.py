"""What was changed outside of Terraform, as a value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from groundplan.change.model import Entry, Kind
from groundplan.diagnostics import Place


class Fate(StrEnum):
    """What becomes of something that was changed outside."""

    REMOVED = "removed"
    """It is not there any more; the next apply makes it again, without what was in it."""
    UNDONE = "undone"
    """The next apply undoes the change."""
    KEPT = "kept"
    """The configuration has no opinion: the next apply leaves it, and only the state learns of it."""
    CHANGED = "changed"
    """Of a refresh alone, which does not say what an apply would do."""


@dataclass(frozen=True, slots=True)
class Value:
    """An attribute that is another one outside: as text, what is sensitive hidden."""

    path: str
    was: str
    """In the state, as the last apply left it."""
    now: str
    """In the cloud."""
    planned: str | None
    """After the next apply; None where a refresh alone does not tell."""
    undone: bool = False


@dataclass(frozen=True, slots=True)
class Drifted:
    """One resource that was changed or removed outside."""

    fate: Fate
    root: str
    address: str
    type: str
    what: str
    """As people speak of it: `bucket models`."""
    component: str = ""
    path: str = ""
    """Of the spec: the block that asks for the component."""
    place: Place | None = None
    values: Sequence[Value] = ()
    outside: Sequence[Entry] = ()
    """What the change outside has done, in the classes of a change."""
    undoing: Sequence[Entry] = ()
    """What the next apply does to undo it, in the same classes."""
    parts: Sequence[str] = ()
    """Addresses of what belongs to it and has gone with it."""
    ignored_by: Sequence[str] = ()
    """Lines of the spec that say that it is known; none for what counts."""
    again: bool | None = False
    """Whether the next apply makes again what was removed; None where a refresh alone does not tell."""

    @property
    def kinds(self) -> Sequence[Kind]:
        """Classes of what was done outside, the worst first."""
        found = {entry.kind for entry in self.outside}
        return [kind for kind in Kind if kind in found]


@dataclass(frozen=True, slots=True)
class RootDrift:
    """What a plan of one root says."""

    root: str
    drifted: Sequence[Drifted] = ()
    pending: Sequence[str] = ()
    """Addresses that the next apply changes although nobody has touched them: the folder is not applied yet."""
    following: Sequence[str] = ()
    """Addresses that it changes because of what it undoes."""
