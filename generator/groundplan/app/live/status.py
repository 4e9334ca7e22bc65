"""What of an environment is applied, by whom and from which commit, and whether the folder has moved on since."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundplan.app.live.connected import Connected
from groundplan.live.cloud import StateLock
from groundplan.live.journal import Journal, Record
from groundplan.live.roots import RootState
from groundplan.live.saved import lock_digest
from groundplan.live.state import State

APPLIED = "apply"
DONE = "ok"


@dataclass(frozen=True, slots=True)
class RootStatus:
    """A root: its state, who holds it, the last run of it, and the last apply that went through.

    `pending` says whether the folder is another than the one applied; None where the journal does not know.
    """

    root: str
    state: State | None
    lock: StateLock | None
    last: Record | None
    applied: Record | None
    age: timedelta | None
    pending: bool | None


def status(at: Connected, now: datetime) -> Sequence[RootStatus]:
    """Every root, in order."""
    buckets = dict.fromkeys(state.bucket for state in at.standing.states if state.bucket)
    records = [one for name in buckets for one in Journal(at.cloud.state_store(name), at.standing.name).records()]
    digest = lock_digest(at.standing.folder)
    return [_status(at, state, records, digest, now) for state in at.standing.states]


def _status(at: Connected, state: RootState, records: Sequence[Record], digest: str, now: datetime) -> RootStatus:
    own = [one for one in records if one.root == state.root]
    applied = next((one for one in own if one.action == APPLIED and one.result == DONE), None)
    lock = at.store(state).lock(at.key(state)) if state.bucket else None
    age = max(now - applied.ended, timedelta(0)) if applied else None
    pending = applied.lock_digest != digest if applied else None
    return RootStatus(state.root, at.read(state), lock, own[0] if own else None, applied, age, pending)
