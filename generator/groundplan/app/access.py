"""Who can do what in a folder: planned and applied to a throwaway state, offline, and what identities may is read."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from groundplan.access.given import given, leaves_open
from groundplan.access.model import Given, Statement, Verdict
from groundplan.access.places import Places
from groundplan.access.world import Reply, Subject, World
from groundplan.app.pipeline import Resolved, locate, resolve_spec
from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.components.access.part import Denial, denials_of
from groundplan.components.ci.part import Pipeline, pipeline_of
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, has_errors
from groundplan.environment.lock import Lock, read_lock
from groundplan.hcl.sources import Sources
from groundplan.reading import MIB, UnreadableError, read_regular
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
    with _evaluated(folder, tools, progress) as (resources, places):
        asked = tuple(_asked(World(resources, pipeline, name), question))
        found = {key_of(by): places.of(by) for by in _statements(asked)}
    return Access(asked, question.can, {key: _here(place, folder) for key, place in found.items() if place})


def broken(folder: Path, tools: Tools, progress: Progress) -> list[Diagnostic]:
    """A finding (GP955) at each line of `access.deny` that does not hold, or cannot be shown to hold.

    None for a folder that is no environment, or whose spec denies nothing.
    """
    resolved = _resolved(folder)
    denials = denials_of(resolved.stack) if resolved else ()
    if resolved is None or not denials:
        return []
    with _evaluated(folder, tools, progress) as (resources, places):
        world = World(resources, pipeline_of(resolved.stack), resolved.stack.name)
        found = [one for index, denial in enumerate(denials) for one in _held(world, denial, index, places, folder)]
    return locate(found, resolved.document)


def _resolved(folder: Path) -> Resolved | None:
    """The environment's spec where it may have the block; None where it cannot be read, which `check` tells."""
    try:
        lock = read_lock(folder)
        return resolve_spec(folder / lock.spec.file, folder) if lock and _speaks_of_it(folder, lock) else None
    except DiagnosticsError:
        return None


def _speaks_of_it(folder: Path, lock: Lock) -> bool:
    """Whether a file of the spec has the word at all: most have not, and are not resolved once more."""
    for name in (lock.spec.file, *(source.file for source in lock.spec.sources)):
        try:
            text = read_regular(folder / name, limit_bytes=MIB, within=Path(os.path.realpath(folder)).parent)
        except UnreadableError:
            return True
        if b"access" in text:
            return True
    return False


def _held(world: World, denial: Denial, index: int, places: Places, folder: Path) -> Iterator[Diagnostic]:
    path = f"access.deny[{index}]"
    try:
        replies = [world.ask(one, denial.action, denial.resource) for one in world.subjects(denial.who)]
    except DiagnosticsError as error:
        yield from (Diagnostic("GP955", one.message, hint=one.hint, path=path) for one in error.diagnostics)
        return
    for reply in replies:
        if reply.answer.verdict in (Verdict.ALLOWED, Verdict.DEPENDS):
            yield _finding(reply, path, places, folder)


def _finding(reply: Reply, path: str, places: Places, folder: Path) -> Diagnostic:
    answer, by = reply.answer, reply.answer.by
    can = "can" if answer.verdict is Verdict.ALLOWED else "is not shown to be kept from"
    place = places.of(by) if by else None
    where = f", {_here(place, folder).file}:{place.line}" if place else ""
    by_what = f": {by.name}{where}" if by else ""
    reason = f" ({answer.why})" if answer.why else ""
    message = f"{reply.subject.shown} as {reply.identity} {can} {answer.what or reply.action}{by_what}{reason}"
    return Diagnostic("GP955", message, address=by.given.address if by and by.given else None, path=path)


def _pipeline(folder: Path) -> tuple[Pipeline | None, str]:
    """Of a rendered environment; nothing of any other folder."""
    lock = read_lock(folder)
    if lock is None:
        return None, ""
    stack = resolve_spec(folder / lock.spec.file, folder).stack
    return pipeline_of(stack), stack.name


@contextmanager
def _evaluated(folder: Path, tools: Tools, progress: Progress) -> Iterator[tuple[tuple[Given, ...], Places]]:
    """The resources of a folder, and where they are written.

    Raises DiagnosticsError for a folder that Terraform must not read or cannot plan.
    """
    with throwaway_folder() as base:
        intake = take_in(folder, base / "folder")
        refused = [*intake.problems, *screen(intake.top)]
        if has_errors(refused):
            raise DiagnosticsError([_from_here(one, folder) for one in refused])
        roots = find_roots(intake.top)
        if not roots:
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} holds no Terraform root")])
        yield _applied(intake.top, roots, tools, progress), Places(Sources(intake.top, roots))


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
