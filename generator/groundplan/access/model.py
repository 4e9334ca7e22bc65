"""What is asked about access, and the answer with the statement that decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import Enum

from groundplan.change.access.model import Attributes


class Verdict(Enum):
    """How a question ends, the widest access first."""

    ALLOWED = "allowed"
    DEPENDS = "depends"
    """Allowed under a condition that is not known here."""
    DENIED = "denied"
    """Something says no, whatever else says yes."""
    NOT_GRANTED = "not granted"
    """Nothing says yes."""

    @property
    def rank(self) -> int:
        """0 for the widest."""
        return list(Verdict).index(self)


@dataclass(frozen=True, slots=True)
class Given:
    """A resource of the environment as it is once it is applied."""

    root: str
    address: str
    type: str
    values: Attributes = field(hash=False)


@dataclass(frozen=True, slots=True)
class Statement:
    """What decides: a statement of a policy, a binding, a rule."""

    given: Given | None
    """The resource that it stands in; None for what a cloud has by itself."""
    name: str
    """Its `Sid`, its role, or its place in the document."""
    text: str = ""
    """What of it counts, in a line."""

    @property
    def address(self) -> str:
        """Of the resource, else the name that the cloud has for it."""
        return self.given.address if self.given else self.name


@dataclass(frozen=True, slots=True)
class Answer:
    """Whether somebody may do something."""

    verdict: Verdict
    by: Statement | None = None
    """What decides; None where nothing says anything."""
    why: str = ""
    """In words: the condition, the boundary, what is missing."""
    what: str = ""
    """The action and resource for which it holds, where more was asked for."""


def widest(answers: Sequence[Answer]) -> Answer:
    """The one that allows most; not granted where there is none."""
    return min(answers, key=lambda one: one.verdict.rank, default=Answer(Verdict.NOT_GRANTED))


@dataclass(frozen=True, slots=True)
class Wanted:
    """An action on a resource, either with wildcards: then it is asked whether any of them is allowed."""

    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Truth:
    """Whether a condition holds: yes, no, or it depends on what is named."""

    holds: bool
    depends: tuple[str, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Whether it holds, whatever else is the case."""
        return self.holds and not self.depends

    def __and__(self, other: Truth) -> Truth:
        if not (self.holds and other.holds):
            return NO
        return Truth(True, tuple(dict.fromkeys((*self.depends, *other.depends))))


YES, NO = Truth(True), Truth(False)


def unknown(what: str) -> Truth:
    """It depends on what is named."""
    return Truth(True, (what,))
