"""A pipeline: jobs in stages, what they run, as whom, and when. The same for every system and every cloud."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from groundplan.components.ci.login import Identity, Login
from groundplan.components.ci.part import Pipeline
from groundplan.components.ci_identity.names import environment_of
from groundplan.diagnostics import Place


class Stage(StrEnum):
    """The stages in their order."""

    CHECK = "check"
    GATE = "gate"
    PLAN = "plan"
    APPROVE = "approve"
    APPLY = "apply"
    DRIFT = "drift"
    DESTROY = "destroy"


class When(StrEnum):
    """What a job runs for."""

    PROPOSED = "a proposed change, from a fork too"
    OWN = "a proposed change from the repository itself"
    MERGED = "the default branch, or an apply by hand"
    SCHEDULED = "the schedule, or by hand"
    DESTROY = "a destroy by hand"


class Tells(StrEnum):
    """What a job may write to the system."""

    COMMENT = "comments and findings of a proposed change"
    ISSUE = "issues"


class Given(StrEnum):
    """What the system gives to a step as a variable. Its value is never part of a command's text."""

    ENVIRONMENT = "GROUNDPLAN_ENVIRONMENT"
    FOLDER = "GROUNDPLAN_FOLDER"
    SPEC = "GROUNDPLAN_SPEC"
    ROOTS = "GROUNDPLAN_ROOTS"
    BASE = "GROUNDPLAN_BASE"
    PLANS = "GROUNDPLAN_PLANS"
    CONFIRM = "GROUNDPLAN_CONFIRM"
    ALLOW = "GROUNDPLAN_ALLOW"
    TOKEN_FILE = "GROUNDPLAN_TOKEN_FILE"
    RESULTS = "GROUNDPLAN_RESULTS"


@dataclass(frozen=True, slots=True)
class Unless:
    """An option with a variable as its value, left out where that is empty."""

    option: str
    value: Given


Word = str | Given | Unless


@dataclass(frozen=True, slots=True)
class Call:
    """One call of groundplan: its arguments, the file that takes its output, exit codes that are no failure."""

    title: str
    words: tuple[Word, ...]
    output: str = ""
    accepts: tuple[int, ...] = ()
    after_failure: bool = False
    empties: bool = False
    """Whether the output is emptied where the call ends with 0: there is nothing to tell."""


@dataclass(frozen=True, slots=True)
class Job:
    """Calls of groundplan as one identity."""

    name: str
    stage: Stage
    when: When
    calls: tuple[Call, ...]
    identity: Identity | None = None
    """None: no credentials of any cloud."""
    needs: tuple[str, ...] = ()
    keeps: tuple[str, ...] = ()
    """Files that later jobs or people read."""
    takes: tuple[str, ...] = ()
    """Jobs whose files it reads, done or failed."""
    results: bool = False
    """Whether it hands over variables: the digest of saved plans."""
    tells: Tells | None = None
    approved: bool = False
    """Whether people approve it: it runs in the protected environment."""
    locked: bool = False
    """Whether it runs alone, and nothing cancels it."""
    whatever: bool = False
    """Whether it runs after failed jobs too."""

    @property
    def asks(self) -> bool:
        """Whether the change itself says if it has anything to do, and not a job before it."""
        return not self.needs and self.when in (When.PROPOSED, When.OWN, When.MERGED)


@dataclass(frozen=True, slots=True)
class Target:
    """An environment of a repository as its pipeline sees it; paths are relative to the repository."""

    name: str
    folder: str
    spec: str
    places: Mapping[str, Place]
    """Where `name`, `ci` and `ci.default_branch` are said, or would be."""
    sources: tuple[str, ...]
    """Files outside of the folder that its spec extends."""
    roots: tuple[str, ...]
    """What a pipeline plans and applies: what people apply themselves is not among it."""
    cloud: str
    pipeline: Pipeline
    login: Login

    @property
    def apply_environment(self) -> str:
        """The protected environment of the system."""
        return environment_of(self.name)

    @property
    def lock(self) -> str:
        """The name under which one apply at a time runs."""
        return f"groundplan-{self.name}"

    @property
    def given(self) -> Mapping[Given, str]:
        """What is certain when a pipeline is written."""
        return {
            Given.ENVIRONMENT: self.name,
            Given.FOLDER: self.folder,
            Given.SPEC: self.spec,
            Given.ROOTS: ",".join(self.roots),
        }


Targets = Sequence[Target]
