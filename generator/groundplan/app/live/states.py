"""Earlier versions of the states of an environment, and going back to one."""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError, shortened
from groundplan.live.cloud import StateLock, StateStore, StateVersion
from groundplan.live.roots import RootState
from groundplan.live.state import State, gone_back, state_of


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a root's state; `state` is None where it was removed, or cannot be read."""

    root: str
    version: StateVersion
    state: State | None


@dataclass(frozen=True, slots=True)
class Restoration:
    """From which serial a state goes back to what an earlier one said, and under which serial that is written."""

    root: str
    version: str
    now: State | None
    old: State
    serial: int
    done: bool = False


def history(at: Connected, roots: tuple[str, ...], most: int) -> Sequence[Version]:
    """The newest versions of each root's state, of those that are in a bucket."""
    return [one for state in at.standing.chosen(roots) if state.bucket for one in _versions(at, state, most)]


def _versions(at: Connected, state: RootState, most: int) -> Iterator[Version]:
    store, key = at.store(state), at.key(state)
    for version in store.versions(key)[:most]:
        data = None if version.deleted else store.read_version(key, version.id)
        yield Version(state.root, version, state_of(data) if data else None)


def restoration(at: Connected, root: str, version: str) -> Restoration:
    """What going back would do. Raises GP933 for a version that is not there, GP934 for one that does not fit."""
    [state] = at.standing.chosen((root,))
    if not state.bucket:
        raise _refused(
            "GP934", f"the state of {root} is a file: no versions of it are kept", "copy terraform.tfstate.backup"
        )
    data = at.store(state).read_version(at.key(state), version)
    if data is None:
        words = shlex.join(["groundplan", "state", "history", str(at.standing.folder), "--root", root])
        raise _refused("GP933", f"the state of {root} has no version {shortened(version)}", f"`{words}` lists them")
    old, now = state_of(data), at.read(state)
    if old is None:
        raise _refused("GP934", f"version {shortened(version)} is no state", "choose another")
    if now is not None and now.lineage != old.lineage:
        message = (
            f"version {shortened(version)} of {root} is of another lineage: what it lists is not what stands there"
        )
        raise _refused("GP934", message, "choose one of the same lineage")
    return Restoration(root, version, now, old, max(old.serial, now.serial if now else 0) + 1)


def restore(at: Connected, wanted: Restoration, run: str, time: datetime) -> Restoration:
    """Writes the old state as the newest one, under a lock. Raises GP931 where another holds it, GP935 for a change."""
    [state] = at.standing.chosen((wanted.root,))
    store, key = at.store(state), at.key(state)
    with locked(store, key, wanted.root, StateLock(run, at.caller.who, "groundplan state restore", time, key)):
        now = at.read(state)
        if (now.serial if now else None) != (wanted.now.serial if wanted.now else None):
            message = f"the state of {wanted.root} was written by another in the meantime"
            raise _refused("GP935", message, "look at it again; nothing was changed")
        store.write(key, gone_back(wanted.old, wanted.serial))
    return Restoration(wanted.root, wanted.version, wanted.now, wanted.old, wanted.serial, done=True)


@contextmanager
def locked(store: StateStore, key: str, root: str, lock: StateLock) -> Iterator[None]:
    """While the context is open, the state is ours, as Terraform sees it. Raises GP931 where another holds it."""
    taken = store.take_lock(key, _written(lock), lock.id)
    if taken is None:
        held = store.lock(key)
        who = f" by {held.who}" if held and held.who else ""
        raise _refused("GP931", f"the state of {root} is locked{who}", "wait, or ask `groundplan unlock` since when")
    try:
        yield
    finally:
        store.remove_lock(key, taken)


def _written(lock: StateLock) -> bytes:
    """As Terraform writes and reads a lock."""
    created = (lock.created or datetime.fromtimestamp(0, UTC)).astimezone(UTC).isoformat().replace("+00:00", "Z")
    fields = {"ID": lock.id, "Operation": lock.operation, "Info": "", "Who": lock.who, "Version": lock.version}
    return json.dumps({**fields, "Created": created, "Path": lock.path}).encode()


def _refused(code: str, message: str, hint: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic(code, message, hint=hint)])
