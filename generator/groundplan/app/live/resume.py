"""The last run of an environment that failed, was declined or cut off, to be gone on with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from groundplan.app.live.connected import Connected
from groundplan.app.live.errored import errored_state
from groundplan.app.live.past import APPLIED, DONE, FAILED, Past
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.digests import lock_digest
from groundplan.live.journal import Record


@dataclass(frozen=True, slots=True)
class Unfinished:
    """A run that has not applied all of its roots; without an id where it has left nothing but an unfinished state."""

    run: str
    who: str
    moment: datetime | None
    """When it was heard of last."""
    asked: tuple[str, ...]
    """Roots that it was for; none for all."""
    done: Sequence[str]
    """Roots that it has applied."""
    stopped_at: str
    """The root that failed or was being worked on; empty where none was."""
    failed: bool
    """Whether that failed; otherwise it was cut off."""
    same_folder: bool
    """Whether the folder is the one of that run."""


_UNKNOWN = Unfinished("", "", None, (), (), "", failed=False, same_folder=True)


def unfinished(at: Connected, past: Past, *, killed: bool = False) -> Unfinished:
    """The newest run. Raises GP418 where that has ended well, or there was none.

    `killed` says that this machine knows of one that was killed, of which there may be no bucket yet to say so.
    """
    whole = past.whole
    unwritten = any(errored_state(at.standing.folder, state.root) for state in at.standing.states)
    if unwritten and (whole is None or whole.action != APPLIED or whole.result == DONE):
        return _UNKNOWN
    if whole is None and (killed or any(at.read(state) for state in at.standing.states if not state.bucket)):
        return _UNKNOWN
    if whole is None or whole.action != APPLIED or whole.result == DONE:
        what = _why_not(whole)
        raise DiagnosticsError(
            [Diagnostic("GP418", f"there is nothing to go on with: {what}", hint="leave --resume out")]
        )
    own = [one for state in at.standing.states if (one := past.last(state)) and one.run == whole.run]
    cut = next((one for one in own if one.result != DONE), None)
    return Unfinished(
        whole.run,
        whole.who,
        max(one.ended for one in (whole, *own)),
        tuple(whole.roots.split()),
        [one.root for one in own if one.result == DONE],
        cut.root if cut else "",
        failed=cut is not None and cut.result == FAILED,
        same_folder=whole.lock_digest == lock_digest(at.standing.folder),
    )


def _why_not(whole: Record | None) -> str:
    if whole is None:
        return "no run is in the journal"
    if whole.action != APPLIED:
        return f"the last run was a {whole.action}, which goes on with the same command"
    return "the last run has applied all that it was asked for"
