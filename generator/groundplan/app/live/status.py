"""What of an environment is applied, by whom and from which commit, and whether the folder has moved on since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

from groundplan.app.live.commit import Commit
from groundplan.app.live.connected import Connected
from groundplan.app.live.first import seen
from groundplan.app.live.past import DONE, Past
from groundplan.change.edits import differences
from groundplan.change.model import Edit
from groundplan.live.cloud import StateLock
from groundplan.live.digests import lock_digest
from groundplan.live.file_locks import file_lock
from groundplan.live.journal import Record
from groundplan.live.roots import RootState
from groundplan.live.state import State
from groundplan.reading import is_file


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
    edits: Sequence[Edit] = ()
    """What of the spec is another value than when it was applied, as far as that spec was kept."""
    last_age: timedelta | None = None
    file: Path | None = None
    """Where the state is as long as it is a file of this machine."""
    bucket: str = ""
    """Where it goes from there; empty where it stays."""

    @property
    def is_unfinished(self) -> bool:
        """Whether the last apply or destruction of it failed, or was cut off."""
        return self.last is not None and self.last.result != DONE


@dataclass(frozen=True, slots=True)
class Status:
    """An environment: whose account, which folder of which commit, and each root in order."""

    environment: str
    account: str
    folder: str
    commit: Commit | None
    roots: Sequence[RootStatus]


def status(
    at: Connected, now: datetime, commit: Commit | None = None, environment: Mapping[str, str] | None = None
) -> Status:
    """Everything that is known without asking Terraform; `environment` says where a first state is kept."""
    homes = {state.root: state.bucket for state in at.standing.states}
    at = seen(at, environment) if environment is not None else at
    past, digest = Past(at), lock_digest(at.standing.folder)
    found = (_status(at, past, state, digest, now) for state in at.standing.states)
    roots = [replace(one, bucket=homes[one.root]) if one.file else one for one in found]
    return Status(at.standing.name, at.caller.account, str(at.standing.folder), commit, roots)


def _status(at: Connected, past: Past, state: RootState, digest: str, now: datetime) -> RootStatus:
    last, applied = past.last(state), past.applied(state)
    pending = applied.lock_digest != digest if applied else None
    return RootStatus(
        state.root,
        at.read(state),
        at.store(state).lock(at.key(state)) if state.bucket else file_lock(state.file),
        last,
        applied,
        _age(applied, now),
        pending,
        _edits(past, state) if pending else (),
        _age(last, now),
        None if state.bucket or not is_file(state.file) else state.file,
    )


def _age(record: Record | None, now: datetime) -> timedelta | None:
    return max(now - record.ended, timedelta(0)) if record else None


def _edits(past: Past, state: RootState) -> Sequence[Edit]:
    rendered = past.rendered(state)
    return tuple(one.edit for one in differences(rendered.document if rendered else None, past.now.document))
