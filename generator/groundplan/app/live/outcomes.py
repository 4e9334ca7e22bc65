"""What becomes of a root when its plan is asked about and carried out: the same for applying and for destroying."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan.app.live.connected import Connected
from groundplan.change.model import Change, Entry, Kind
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.digests import plan_digest
from groundplan.live.events import Event
from groundplan.live.roots import RootState
from groundplan.live.terraform import Live, RunResult

if TYPE_CHECKING:
    from groundplan.live.saved import SavedRoot

READ = "read"
"""What Terraform calls looking something up, which is no change."""
_SEVERE = (Kind.DESTROYS_DATA, Kind.CANNOT_BE_UNDONE, Kind.REPLACES)


class Result(StrEnum):
    """How it ended for a root."""

    NOTHING = "nothing to apply"
    APPLIED = "applied"
    FAILED = "failed"
    DECLINED = "not approved"
    NOT_REACHED = "not reached"
    GONE = "nothing to destroy"
    DESTROYED = "destroyed"


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to be done to some roots, for whoever approves it."""

    environment: str
    roots: Sequence[str]
    change: Change
    beyond: Sequence[str] = ()
    """Why it is asked although plans were approved before, a line each; none where it is asked for the first time."""
    unnamed: Sequence[str] = ()
    """Addresses of what is destroyed or replaced and has no entry of its own."""

    @property
    def severe(self) -> Sequence[Entry]:
        """What is lost or replaced, or may be, and no word lets pass."""
        entries = (one for one in self.change.entries if not one.allowed_by)
        return [one for one in entries if one.kind in _SEVERE or one.needs_word or one.gone]

    @property
    def is_severe(self) -> bool:
        """Whether there is anything of the kind, so that `yes` is too short a word."""
        return bool(self.severe)

    @property
    def unseen(self) -> Sequence[Entry]:
        """What nobody lets pass who has not seen it, where others were approved before."""
        opened = (one for one in self.change.entries if one.kind is Kind.OPENS and not one.allowed_by)
        return [*self.severe, *opened] if self.beyond else ()

    def passes(self, *, yes: bool, named: bool) -> bool:
        """Whether it is approved by what was typed beforehand: `--yes`, or the name of the environment.

        Both are said of what was shown by then. So what came on top of that passes where nothing is destroyed,
        replaced or opened, whichever of the two was typed.
        """
        if self.beyond:
            return (yes or named) and not self.unseen and not self.unnamed
        return named or (yes and not self.is_severe)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one root."""

    root: str
    result: Result
    done: Sequence[Event] = ()
    """What has ended, in order; nothing of it is undone when the rest fails."""
    unfinished: Sequence[Event] = ()
    """What had begun and has failed or was cut off."""
    diagnostics: Sequence[Diagnostic] = ()
    log: Path | None = None
    errored_state: Path | None = None
    untouched: Sequence[str] = ()
    """Addresses that the plan had something for and that were not begun."""
    asked: Question | None = None
    """What was not approved."""
    version: str = ""
    """Of the state before the apply, to go back to; empty where the state has none."""

    @property
    def is_declined(self) -> bool:
        """Whether it waits for a word."""
        return self.result is Result.DECLINED


@dataclass
class Recorder:
    """What a run of Terraform has done so far, from its events, which are told on as they come."""

    tell: Callable[[Event], None]
    done: list[Event] = field(default_factory=list)
    unfinished: dict[str, Event] = field(default_factory=dict)

    def __call__(self, event: Event) -> None:
        """Takes one event."""
        address = event.address or ""
        if event.kind in ("apply_start", "apply_errored"):
            self.unfinished[address] = event
        elif event.kind == "apply_complete":
            self.done += [event] if event.action != READ else []
            self.unfinished.pop(address, None)
        self.tell(event)

    def clear(self) -> None:
        """Forgets the run before."""
        self.done.clear()
        self.unfinished.clear()

    def outcome(self, run: RunResult, result: Result, version: str, errored: Path) -> Outcome:
        """How the run that was recorded has ended; `errored` is where it leaves a state that it cannot write."""
        failed = not run.ok
        return Outcome(
            run.root,
            result,
            tuple(self.done),
            tuple(self.unfinished.values()) if failed else (),
            run.diagnostics,
            run.log,
            errored if failed and errored.exists() else None,
            version=version,
        )


def halted(live: Live, root: str) -> Outcome | None:
    """What becomes of a root that a signal came before; None where none did."""
    found = live.halted(root)
    return Outcome(root, Result.FAILED, diagnostics=[found]) if found else None


def another_plan(root: str, file: Path, shown: SavedRoot) -> Outcome | None:
    """What becomes of a root whose plan is not the one that was shown (GP412); None where it is."""
    if plan_digest(file) == shown.sha256:
        return None
    message = f"{file.name} is not the plan that was shown"
    other = Diagnostic("GP412", message, hint="plan again; nothing of this root was applied")
    return Outcome(root, Result.FAILED, diagnostics=[other])


def stopping(outcomes: Sequence[Outcome]) -> Outcome | None:
    """The root that ended a run; None where all of it was done."""
    return next((one for one in outcomes if one.result in (Result.FAILED, Result.DECLINED)), None)


def state_version(at: Connected, state: RootState) -> str:
    """The version of the state that there is now; empty for none, for a file, or where versions may not be listed.

    An apply takes no right to list them: what is lost is one line of advice.
    """
    if not state.bucket:
        return ""
    try:
        versions = at.store(state).versions(at.key(state))
    except DiagnosticsError:
        return ""
    return next((one.id for one in versions if one.latest and not one.deleted), "")
