"""What a change does, as a value: entries of a few classes, each with where it comes from and what avoids it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum, StrEnum

from groundplan.change.upgrade.model import Upgrade
from groundplan.diagnostics import Diagnostic, Place
from groundplan.quantities import NO_USD, Band


class Kind(StrEnum):
    """Classes of what a change does, the worst first; the values are the words of `--allow`."""

    DESTROYS_DATA = "destroys-data"
    CANNOT_BE_UNDONE = "cannot-be-undone"
    REPLACES = "replaces"
    INTERRUPTS = "interrupts"
    OPENS = "opens"
    COSTS = "costs"
    UNKNOWN = "unknown"


class Interruption(IntEnum):
    """How long something does not answer, as an order of magnitude: no cloud promises more."""

    NONE = 0
    SECONDS = 1
    MINUTES = 2
    TENS_OF_MINUTES = 3
    HOURS = 4
    FOR_GOOD = 5
    """Nothing takes its place."""


@dataclass(frozen=True, slots=True)
class Edit:
    """A value of the spec that is another one now, as text; None where the key was or is not there."""

    path: str
    before: str | None
    after: str | None
    place: Place | None = None
    """Where it stands in the new spec, or stood in the old one when it is gone."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that a change does."""

    kind: Kind
    what: str
    """Begins with the thing: `database acme-mlflow is replaced`."""
    component: str = ""
    root: str = ""
    address: str = ""
    """Terraform address: the new one where it is there still; of the module call for costs."""
    path: str = ""
    """Of the spec: the block that asks for the component."""
    edits: Sequence[Edit] = ()
    """What of the spec leads to it; none where tables, modules or groundplan itself have changed."""
    forced_by: Sequence[str] = ()
    """Arguments that force it, as Terraform writes their paths."""
    interruption: Interruption = Interruption.NONE
    reason: str = ""
    """What is lost, for how long it can be undone, or why it takes that long."""
    stops: Sequence[str] = ()
    """Parts of the reason that make the apply fail, or may."""
    source: str = ""
    """Of that fact."""
    monthly_usd: Band = NO_USD
    avoid: str = ""
    """What the user can do instead."""
    place: Place | None = None
    """Where the spec asks for it, as far as no edit says it."""
    gone: bool = False
    """Whether what there was is destroyed, with or without something in its place."""
    allowed_by: str = ""
    """The operator's word, or the line of the spec, that lets it pass; empty where nothing does."""

    @property
    def of_root(self) -> bool:
        """Whether it is about a whole root, which could not be rehearsed."""
        return self.kind is Kind.UNKNOWN and bool(self.root) and not self.address

    @property
    def needs_word(self) -> bool:
        """Whether an environment is not changed that way unless somebody said so."""
        lost = self.kind is Kind.DESTROYS_DATA or (self.kind is Kind.UNKNOWN and self.gone)
        return lost and not self.allowed_by


@dataclass(frozen=True, slots=True)
class Attribute:
    """A value of something that is there, and what it will be: as text, what is sensitive hidden."""

    path: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Deviation:
    """One argument in which what is taken over is otherwise than the spec and the modules have it."""

    address: str
    attributes: Sequence[Attribute] = ()
    """None where the whole resource is not there so far, and is made."""
    paths: Sequence[str] = ()
    """Keys of the spec that decide it: those that are stated, else all of them; none where modules alone do."""
    stated: bool = False
    """Whether the spec has them, so that none of it is a default."""
    place: Place | None = None
    """Of the first of them; where nothing is stated, of the thing."""
    why: str = ""
    """What it is for, or what follows from it."""
    replaces: bool = False
    """Whether it cannot be changed in what is there, so that another one would take its place."""


@dataclass(frozen=True, slots=True)
class Adopted:
    """Something that is there already and named in the spec, and how it will differ from what it is."""

    what: str
    """`bucket team-features`."""
    root: str
    path: str
    """Of the spec: where it is named."""
    place: Place | None = None
    imported: int = 0
    """Resources of Terraform that it is taken over as."""
    differences: Sequence[Deviation] = ()


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two environments, in words: what it is called, and the release that rendered it."""

    label: str
    release: str


@dataclass(frozen=True, slots=True)
class Counts:
    """Resources by what happens to them; what is replaced is not also made and destroyed."""

    created: int = 0
    updated: int = 0
    replaced: int = 0
    destroyed: int = 0
    moved: int = 0
    forgotten: int = 0
    imported: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """Everything that leads from one environment to the next."""

    before: Side
    after: Side
    entries: Sequence[Entry]
    """The worst first."""
    counts: Counts
    monthly_usd: Band = NO_USD
    """What the new one costs more than the old one; less where it is negative."""
    diagnostics: Sequence[Diagnostic] = ()
    """Why something could not be rehearsed, and what is to be known about the rest."""
    title: str = ""
    """What it is called, where the labels of the two do not say it."""
    components: Sequence[tuple[str, Counts]] = ()
    """Resources of each component by what happens to them, as far as they were counted by component."""
    adopted: Sequence[Adopted] = ()
    """What is taken over, with everything that it changes about that."""
    upgrade: Upgrade | None = None
    """What another release has made of the environment; None where both sides are of one."""

    @property
    def stopped(self) -> Sequence[Entry]:
        """What needs the operator's word and has none."""
        return [entry for entry in self.entries if entry.needs_word]
