"""A state that Terraform could not write to where it belongs, and left in its root."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from groundplan.app.live.connected import Connected
from groundplan.app.live.cut import dead_lock
from groundplan.diagnostics import Diagnostic
from groundplan.live.roots import RootState
from groundplan.live.terraform import Live

ERRORED_STATE = "errored.tfstate"
"""Where Terraform leaves it: in the root."""


def errored_state(folder: Path, root: str) -> Path | None:
    """The file in a rendered folder; None where there is none."""
    file = folder / root / ERRORED_STATE
    return file if file.exists() else None


def written_back(at: Connected, live: Live, state: RootState, file: Path) -> Sequence[Diagnostic]:
    """Writes the state in the file to where it belongs; why that failed, nothing where it is there.

    Terraform refuses one that is older than what is there, or of another lineage. A lock of a dead run is named and
    not waited for.
    """
    lock = at.store(state).lock(at.key(state)) if state.bucket else None
    if lock and (dead := dead_lock(at, live, state, lock)):
        return [dead]
    ready = live.init(state.root)
    pushed = live.state_push(state.root, file) if ready.ok else ready
    if not pushed.ok:
        return pushed.diagnostics
    file.replace(file.with_suffix(".tfstate.written"))
    return ()
