"""Lines of `access.deny`, held to the plans that a check makes anyway."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.components.access.part import Denial, denials_of
from groundplan.components.ci.part import pipeline_of
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.lock import Lock, read_lock
from groundplan.reading import MIB, UnreadableError, read_regular

if TYPE_CHECKING:
    from groundplan.access.places import Places
    from groundplan.access.world import Reply, World
    from groundplan.check.run import Inspect, Plans
    from groundplan.hcl.sources import Sources


def denied_by(resolved: Resolved, folder: Path) -> Inspect | None:
    """What finds the lines of a spec that do not hold in its folder (GP955); None for a spec that denies nothing."""
    denials = denials_of(resolved.stack)
    return _Held(resolved, denials, folder) if denials else None


def denied_in(folder: Path) -> Inspect | None:
    """The same for the spec of a rendered folder; None where it cannot be read, which `check` tells."""
    try:
        lock = read_lock(folder)
        resolved = resolve_spec(folder / lock.spec.file, folder) if lock and _speaks_of_it(folder, lock) else None
    except DiagnosticsError:
        return None
    return denied_by(resolved, folder) if resolved else None


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


@dataclass(frozen=True, slots=True)
class _Held:
    resolved: Resolved
    denials: tuple[Denial, ...]
    folder: Path

    def __call__(
        self, plans: Plans, settle: Callable[[str], Mapping[str, Any]], sources: Sources
    ) -> Iterable[Diagnostic]:
        """A finding at each line that does not hold, or cannot be shown to hold."""
        from groundplan.access.given import given, leaves_open
        from groundplan.access.places import Places
        from groundplan.access.world import World

        states = {root: settle(root) for root, plan in plans.items() if leaves_open(plan)}
        stack = self.resolved.stack
        world = World(given(plans, states), pipeline_of(stack), stack.name)
        places = Places(sources)
        found = (one for index, denial in enumerate(self.denials) for one in self._of(denial, index, world, places))
        return self.resolved.located(found)

    def _of(self, denial: Denial, index: int, world: World, places: Places) -> Iterator[Diagnostic]:
        path = f"access.deny[{index}]"
        try:
            replies = [world.ask(one, denial.action, denial.resource) for one in world.subjects(denial.who)]
        except DiagnosticsError as error:
            yield from (Diagnostic("GP955", one.message, hint=one.hint, path=path) for one in error.diagnostics)
            return
        yield from (self._finding(one, path, places) for one in replies if one.may)

    def _finding(self, reply: Reply, path: str, places: Places) -> Diagnostic:
        answer, by = reply.answer, reply.answer.by
        can = "can" if reply.certain else "is not shown to be kept from"
        place = places.of(by) if by else None
        where = f", {os.path.normpath(self.folder / place.file)}:{place.line}" if place else ""
        by_what = f": {by.name}{where}" if by else ""
        reason = f" ({answer.why})" if answer.why else ""
        message = f"{reply.subject.shown} as {reply.identity} {can} {answer.what or reply.action}{by_what}{reason}"
        return Diagnostic("GP955", message, address=by.given.address if by and by.given else None, path=path)
