"""What goes wrong around a run: a lock somebody holds, a network that is gone, a full disk, a killed process."""

from __future__ import annotations

import contextlib
import json
import resource
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.live.faults import Fault
from tests.live.world import World

HOLDER = {
    "ID": "5d1b5ce6-9f5b-4a1e-8f0c-2b8a5a3c9d10",
    "Operation": "OperationTypeApply",
    "Info": "",
    "Who": "ci@runner-7",
    "Version": "1.15.0",
    "Created": "2026-01-05T08:00:00Z",
    "Path": "",
}
"""Who holds a lock, as Terraform writes it."""

PATIENCE_SECONDS = 120.0
_POLL_SECONDS = 0.01


@contextlib.contextmanager
def lock_held(operator: World, root: str, **changes: str) -> Iterator[dict[str, str]]:
    """The state of a root is locked by somebody else while the context is open; gives what the lock says."""
    lock = {**HOLDER, "Path": f"{operator.bucket}/{operator.state_key(root)}", **changes}
    operator.put(operator.lock_key(root), json.dumps(lock).encode())
    try:
        yield lock
    finally:
        operator.delete(operator.lock_key(root))


@contextlib.contextmanager
def network_gone(operator: World) -> Iterator[None]:
    """Nobody reaches the server of the states."""
    operator.wire.cut()
    try:
        yield
    finally:
        operator.wire.mend()


def full_disk(limit_bytes: int = 0) -> dict[str, Any]:
    """Options of a process that cannot make a file longer than that: what it writes fails, as on a full disk."""

    def limit() -> None:
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit_bytes, limit_bytes))

    return {"preexec_fn": limit, "restore_signals": False}


def wait_until(true: Callable[[], bool], process: subprocess.Popen[bytes] | None = None) -> None:
    """Returns when something is true or the process has ended; fails when neither comes."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not true() and (process is None or process.poll() is None):
        assert time.monotonic() < end, "nothing happens"
        time.sleep(_POLL_SECONDS)


@contextlib.contextmanager
def held_at(operator: World, kind: str, action: str = "create") -> Iterator[Callable[[], None]]:
    """Calls about a type hang until the context ends; gives a function that waits until one does."""
    fault: Any = Fault("hang", action, kind)  # type: ignore[arg-type]
    operator.cloud.fail(fault)
    try:
        yield lambda: wait_until(operator.cloud.hangs)
    finally:
        operator.cloud.fail()


@dataclass(frozen=True)
class Left:
    """What a run left."""

    lineage: str | None
    serial: int
    recorded: int
    """Objects in the state."""
    there: int
    """Objects in the cloud."""
    locked: bool


def left(operator: World, root: str) -> Left:
    """What is in state and cloud; fails for a state that cannot be read."""
    text = operator.get(operator.state_key(root))
    state = json.loads(text) if text else {"lineage": None, "serial": 0, "resources": []}
    managed = [one for one in state["resources"] if one["mode"] == "managed" and "builtin" not in one["provider"]]
    recorded = sum(len(one["instances"]) for one in managed)
    locked = operator.get(operator.lock_key(root)) is not None
    return Left(state["lineage"], state["serial"], recorded, operator.cloud.store.count(), locked)


def unlock(operator: World, root: str) -> None:
    """Takes away the lock that a killed run left."""
    lock = operator.get(operator.lock_key(root))
    if lock:
        about = json.loads(lock)
        name = about["ID"] if operator.provider == "aws" else operator.generation(operator.lock_key(root))
        operator.good(root, "force-unlock", "-force", str(name))
