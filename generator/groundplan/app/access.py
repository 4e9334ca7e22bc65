"""Who can do what in a folder: planned and applied to a throwaway state, offline, and what identities may is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from groundplan.access.engine import Engine
from groundplan.access.engines import ENGINES, cluster
from groundplan.access.given import given, leaves_open
from groundplan.access.model import Given, Statement
from groundplan.access.places import Places
from groundplan.access.questions import check_meaning
from groundplan.access.world import Reply, Subject, World
from groundplan.app.pipeline import resolve_spec
from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.components.ci.part import Pipeline, pipeline_of
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, has_errors
from groundplan.environment.lock import read_lock
from groundplan.hcl.sources import Sources
from groundplan.terraform.intake import take_in
from groundplan.terraform.offline import OfflineSession, find_roots, offline_session
from groundplan.terraform.screen import screen
from groundplan.terraform.workspace import throwaway_folder


@dataclass(frozen=True, slots=True)
class Question:
    """Who is asked about, and what they may do."""

    who: tuple[str, ...] = ()
    """Nobody: everybody there is."""
    can: tuple[str, str] | None = None
    """Action and resource; None: what hurts most in the wrong hands."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody may do: for each question, in words, the reply."""

    subject: Subject
    replies: tuple[tuple[str, Reply], ...]


@dataclass(frozen=True, slots=True)
class Access:
    """Who can do what."""

    asked: tuple[Asked, ...]
    can: tuple[str, str] | None
    places: Mapping[str, Place]
    """Where deciding statements stand, by `key_of`."""

    def place(self, statement: Statement | None) -> Place | None:
        """Where a statement is written; None where a cloud has it by itself."""
        return self.places.get(key_of(statement)) if statement else None


def key_of(statement: Statement) -> str:
    """What tells one statement from another."""
    return f"{statement.given.root if statement.given else ''} {statement.address} {statement.name}"


def access(folder: Path, question: Question, tools: Tools, progress: Progress) -> Access:
    """The answers for a folder of Terraform; for a rendered environment, jobs of its pipeline are subjects too.

    Raises DiagnosticsError for a folder that Terraform must not read or cannot plan (GP5xx, GP9xx), and GP207 for
    somebody or something that it does not have.
    """
    if not folder.is_dir():
        raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
    pipeline, name = _pipeline(folder)
    with _evaluated(folder, question, tools, progress) as (resources, places):
        asked = tuple(_asked(World(resources, pipeline, name), question))
        found = {key_of(by): places.of(by) for by in _statements(asked)}
    return Access(asked, question.can, {key: _here(place, folder) for key, place in found.items() if place})


def _pipeline(folder: Path) -> tuple[Pipeline | None, str]:
    """Of a rendered environment; nothing of any other folder."""
    lock = read_lock(folder)
    if lock is None:
        return None, ""
    stack = resolve_spec(folder / lock.spec.file, folder).stack
    return pipeline_of(stack), stack.name


@contextmanager
def _evaluated(
    folder: Path, question: Question, tools: Tools, progress: Progress
) -> Iterator[tuple[tuple[Given, ...], Places]]:
    """The resources of a folder, and where they are written.

    Raises DiagnosticsError for a folder that Terraform must not read or cannot plan, and for a question that means
    nothing whatever is there.
    """
    with throwaway_folder() as base:
        intake = take_in(folder, base / "folder")
        refused = [*intake.problems, *screen(intake.top)]
        if has_errors(refused):
            raise DiagnosticsError([_from_here(one, folder) for one in refused])
        roots = find_roots(intake.top)
        if not roots:
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} holds no Terraform root")])
        if question.can:
            check_meaning(*question.can, _clouds(folder, roots))
        yield _applied(intake.top, roots, tools, progress), Places(Sources(intake.top, roots))


def _clouds(folder: Path, roots: Sequence[str]) -> tuple[Engine, ...]:
    """Whose things there may be: of any cloud, unless all roots are those of an environment."""
    lock = read_lock(folder)
    own = {lock.cloud.provider} if lock and set(roots) <= set(lock.calls) else set(ENGINES)
    return (*(made(()) for name, made in ENGINES.items() if name in own), cluster(()))


def _applied(top: Path, roots: Sequence[str], tools: Tools, progress: Progress) -> tuple[Given, ...]:
    """Planned; a root whose plan leaves open who may do what is applied to a throwaway state."""
    plans: dict[str, Mapping[str, Any]] = {}
    states: dict[str, Mapping[str, Any]] = {}
    with offline_session(top, roots, **vars(tools.inputs), assume_unknown=True) as session:
        for root in session.roots:
            session.keep_state(root)
            with progress.step(f"planning {root}"):
                plans[root] = _plan(session, root)
            if leaves_open(plans[root]):
                with progress.step(f"rehearsing {root}"):
                    states[root] = session.settle(root)
    return given(plans, states)


def _plan(session: OfflineSession, root: str) -> Mapping[str, Any]:
    planned = session.plan(root)
    if planned.plan is None:
        raise DiagnosticsError([one for one in planned.diagnostics if has_errors([one])])
    return planned.plan


def _asked(world: World, question: Question) -> Iterator[Asked]:
    for word in question.who or world.words:
        for subject in world.subjects(word):
            if question.can:
                yield Asked(subject, (("", world.ask(subject, *question.can)),))
            else:
                yield Asked(subject, tuple(world.table(subject)))


def _statements(asked: Sequence[Asked]) -> Iterator[Statement]:
    for one in asked:
        yield from (taken.answer.by for taken in one.subject.taken if taken.answer.by)
        yield from (reply.answer.by for _, reply in one.replies if reply.answer.by)


def _here(place: Place, folder: Path) -> Place:
    return replace(place, file=os.path.normpath(folder / place.file))


def _from_here(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    return replace(diagnostic, place=_here(diagnostic.place, folder) if diagnostic.place else None)
