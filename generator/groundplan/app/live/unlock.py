"""Who holds the states of an environment, and taking away a lock that nobody holds any more."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.live.ages import age
from groundplan.live.cloud import StateLock
from groundplan.live.file_locks import file_lock
from groundplan.live.roots import RootState

YOUNG = timedelta(hours=1)
"""An apply may still be at work: the slowest of our resources are waited for that long."""


@dataclass(frozen=True, slots=True)
class Held:
    """A state that somebody holds; `age` is None where the lock does not say when it was taken."""

    root: str
    lock: StateLock
    age: timedelta | None
    removed: bool = False

    @property
    def is_young(self) -> bool:
        """Whether whoever took it may be at work."""
        return self.age is None or self.age < YOUNG


def held(at: Connected, roots: tuple[str, ...], now: datetime) -> Sequence[Held]:
    """The locks on the states of the roots, in their order."""
    found = ((state.root, _lock(at, state)) for state in at.standing.chosen(roots))
    return [_held(root, lock, now) for root, lock in found if lock]


def _lock(at: Connected, state: RootState) -> StateLock | None:
    return at.store(state).lock(at.key(state)) if state.bucket else file_lock(state.file)


def _held(root: str, lock: StateLock, now: datetime) -> Held:
    return Held(root, lock, max(now - lock.created, timedelta(0)) if lock.created else None)


def holder(at: Connected, root: str, now: datetime) -> Held | None:
    """Who holds the state of a root, as far as it is seen; None for nobody."""
    lock = lock_seen(at, at.standing.chosen((root,))[0])
    return _held(root, lock, now) if lock else None


def lock_seen(at: Connected, state: RootState) -> StateLock | None:
    """Who holds a state; None for nobody, and where the caller may not read locks: Terraform says it then."""
    try:
        return _lock(at, state)
    except DiagnosticsError as error:
        if any(one.code != "GP815" for one in error.diagnostics):
            raise
        return None


def locked(at: Connected, found: Held) -> Diagnostic:
    """Who keeps a root from being planned or applied (GP927), since when, for what, and what takes the lock away."""
    lock = found.lock
    doing = lock.operation.removeprefix("OperationType").lower() or "an unknown operation"
    since = f"for {age(found.age)}" if found.age is not None else "since an unknown time"
    message = f"the state of {found.root} is locked by {lock.who or 'somebody'}, {since}: {doing}"
    words = shlex.join(["groundplan", "unlock", str(at.standing.folder), "--id", lock.id])
    wait = "wait for them" if found.is_young else "ask them"
    hint = f"nothing was changed; {wait}, and only where nobody is at work any more: {words}"
    return Diagnostic("GP927", message, hint=hint)


def unlock(at: Connected, roots: tuple[str, ...], lock_id: str, now: datetime, *, force: bool) -> Held:
    """The lock with that id, which is gone now. Raises GP931 for a young one without `force`, GP932 for none.

    The lock of a file is the process that holds it, so it is GP931 whatever its age.
    """
    found = next((one for one in held(at, roots, now) if one.lock.id == lock_id), None)
    if found is None:
        raise _no_such(at, lock_id)
    if found.is_young and not force:
        raise DiagnosticsError([_young(found)])
    [state] = at.standing.chosen((found.root,))
    if not state.bucket:
        raise DiagnosticsError([_of_process(found)])
    if not at.store(state).remove_lock(at.key(state), lock_id):
        raise _no_such(at, lock_id)
    return Held(found.root, found.lock, found.age, removed=True)


def _no_such(at: Connected, lock_id: str) -> DiagnosticsError:
    words = shlex.join(["groundplan", "unlock", str(at.standing.folder)])
    hint = f"`{words}` shows who holds what; it may have been given back, or taken by another since"
    return DiagnosticsError([Diagnostic("GP932", f"no state is locked with {shortened(lock_id)}", hint=hint)])


def _of_process(found: Held) -> Diagnostic:
    message = f"the state of {found.root} is a file, held by a process of this machine"
    return Diagnostic("GP931", message, hint="wait for its end, or end it: the lock goes with it")


def _young(found: Held) -> Diagnostic:
    lock = found.lock
    since = f"{int(found.age.total_seconds() // 60)} minutes ago" if found.age is not None else "at an unknown time"
    message = f"the lock of {found.root} was taken {since} by {lock.who or 'somebody'}, who may be at work"
    hint = "ask them, or wait until it is an hour old; `--force` with `--id` removes it all the same"
    return Diagnostic("GP931", message, hint=hint)
