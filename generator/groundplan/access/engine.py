"""What a cloud's evaluator answers, whichever cloud it is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from groundplan.access.model import Answer, Verdict, Wanted


@dataclass(frozen=True, slots=True)
class Taken:
    """A role or an account, and whether somebody gets it."""

    name: str
    """Of the role on AWS; the e-mail address of the account on Google Cloud."""
    answer: Answer
    cloud: str = ""
    """Whose identity it is."""

    @property
    def verdict(self) -> Verdict:
        """How the trust decides."""
        return self.answer.verdict


@dataclass(frozen=True, slots=True)
class Action:
    """Something that is worth asking about, and what it is called in a table."""

    words: str
    name: str
    resource: str = "*"
    """What a table asks about."""


class Engine(Protocol):
    """Evaluates what one cloud evaluates."""

    @property
    def cloud(self) -> str:
        """The cloud, as the spec calls it; empty for what identities of any are asked about."""

    @property
    def audience(self) -> str:
        """What tokens of jobs are made for."""

    @property
    def actions(self) -> Sequence[Action]:
        """What hurts most in the wrong hands."""

    @property
    def sorts(self) -> Sequence[str]:
        """What may stand before a name of the environment in a reference, such as `bucket`."""

    @property
    def is_empty(self) -> bool:
        """Whether the environment has nobody who can do anything there."""

    def takes(self, claims: Mapping[str, str]) -> Iterable[Taken]:
        """Every identity that takes tokens of jobs, and whether it takes one with these claims."""

    def people(self) -> Iterable[str]:
        """Words for those who are neither jobs nor tokens, such as `pod:api` and `node:api`."""

    def named(self, word: str) -> Iterable[Taken]:
        """The identities behind such a word; none for a word that names nobody."""

    def understands(self, action: str) -> bool:
        """Whether the name of an action has the form that the cloud's have."""

    def siblings(self, action: str) -> Sequence[str]:
        """All actions of the service of an action; none where its actions are not known here."""

    def resources(self, reference: str) -> Sequence[str]:
        """Names of what `bucket:data` or a whole name stands for; none for what is not there."""

    def names(self, sort: str) -> Sequence[str]:
        """What may stand after a sort: all names of what there is of it."""

    def is_whole(self, reference: str) -> bool:
        """Whether a reference has the form of a whole name of the cloud."""

    def may(self, name: str, wanted: Wanted) -> Answer:
        """Whether an identity may do something."""

    def anybody(self, wanted: Wanted) -> Answer:
        """Whether somebody without any identity may do something."""
