"""`groundplan apply` ended at random moments, and what of it is left in the cloud, in the state and on the disk."""

from __future__ import annotations

import base64
import contextlib
import fcntl
import json
import os
import pty
import random
import select
import signal
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.live.failures import wait_until
from tests.live.world import NAME, Ran, World

GROUNDPLAN = Path(sys.executable).with_name("groundplan")
ROOT = "10-foundation"
_EARLY = 0.2
"""Part of the kills that come before anything is made: while it asks, prepares or plans."""
_LONGEST_PLAN_SECONDS = 4.0


class End(StrEnum):
    """How an apply is ended."""

    INTERRUPT = "SIGINT"
    TWICE = "SIGINT twice"
    TERMINATE = "SIGTERM"
    HANGUP = "terminal closed"
    KILL = "SIGKILL of groundplan"
    KILL_TERRAFORM = "SIGKILL of Terraform"
    KILL_ALL = "SIGKILL of groundplan and Terraform"


CUTS = (End.TWICE, End.KILL_TERRAFORM, End.KILL_ALL)
"""After which Terraform has not written down what it made last."""


@dataclass(frozen=True)
class Moment:
    """When: after so many objects, or before any, in seconds."""

    objects: int
    pause_seconds: float

    @classmethod
    def at_random(cls, dice: random.Random, objects: int) -> Moment:
        """Some moment of an apply that makes so many objects."""
        if dice.random() < _EARLY:
            return cls(0, dice.uniform(0.2, _LONGEST_PLAN_SECONDS))
        return cls(dice.randint(1, objects), dice.uniform(0.0, 0.1))


def words(operator: World, *arguments: str) -> list[str]:
    """An apply of the root that is killed, approved beforehand."""
    program = ["--terraform-bin", str(operator.program)]
    return [str(GROUNDPLAN), "apply", str(operator.folder), *program, "--confirm", NAME, *arguments]


def groundplan(operator: World, *arguments: str, **options: Any) -> Ran:
    """Any command of groundplan, to its end."""
    process = operator.start_words([str(GROUNDPLAN), *arguments], cwd=operator.folder, **options)
    return operator.ended(process)


def applied(operator: World, root: str) -> Ran:
    """`groundplan apply` of one root, to its end."""
    return operator.ended(operator.start_words(words(operator, "--root", root), cwd=operator.folder))


@dataclass
class Ground:
    """An account with `00-state` applied, to which a test returns between two kills."""

    operator: World
    kept: frozenset[str] = frozenset()
    """Keys of the objects that stay."""
    buckets: frozenset[str] = frozenset()
    objects: int = 0
    """That an apply of the root makes."""
    _state: bytes = field(default=b"", repr=False)

    @classmethod
    def made(cls, operator: World) -> Ground:
        """Applies `00-state`, then the root once, and takes the root away again."""
        assert (ran := applied(operator, "00-state")).code == 0, ran.output
        ground = cls(operator, _keys(operator), frozenset(operator.bucket_names()))
        assert (ran := applied(operator, ROOT)).code == 0, ran.output
        operator.good(ROOT, "init", "-input=false")
        ground.objects = operator.cloud.store.count() - len(ground.kept)
        ground.again()
        return ground

    def again(self) -> None:
        """Takes away what an apply of the root has made and written."""
        operator = self.operator
        operator.cloud.fail()
        for one in operator.cloud.store.objects():
            if one.key not in self.kept:
                operator.cloud.store.remove(one.type, one.key)
        operator.delete(operator.state_key(ROOT))
        operator.delete(operator.lock_key(ROOT))
        operator.remove_buckets(operator.bucket_names() - self.buckets)
        (operator.folder / ROOT / "errored.tfstate").unlink(missing_ok=True)

    def unrecorded(self) -> Sequence[str]:
        """Types of the objects that are in the cloud and in no state of the root, `errored.tfstate` included."""
        there, recorded = self.operator.cloud.store.objects(), _recorded(self.operator)
        return sorted(one.type for one in there if one.key not in self.kept | recorded)


def _keys(operator: World) -> frozenset[str]:
    return frozenset(file.stem for file in operator.cloud.store.folder.glob("*/*.json"))


def _recorded(operator: World) -> frozenset[str]:
    errored = operator.folder / ROOT / "errored.tfstate"
    texts = [operator.get(operator.state_key(ROOT)), errored.read_bytes() if errored.exists() else None]
    states = [json.loads(text) for text in texts if text]
    instances = [one for state in states for resource in state["resources"] for one in resource["instances"]]
    return frozenset(base64.b64decode(one["private"]).decode() for one in instances if one.get("private"))


@contextlib.contextmanager
def killed(operator: World, end: End, moment: Moment, before: int) -> Iterator[Ran]:
    """An apply that was ended; what outlives it is gone at the end of the context at the latest."""
    terminal = Terminal() if end is End.HANGUP else None
    options = terminal.options if terminal else {}
    process = operator.start_words(words(operator, "--root", ROOT), cwd=operator.folder, **options)
    wait_until(lambda: operator.cloud.store.count() >= before + moment.objects, process)
    time.sleep(moment.pause_seconds)
    family = [process.pid, *_below(process.pid)]
    _end(operator, process, end, terminal)
    with contextlib.ExitStack() as stack:
        stack.callback(_wait_for, family)
        yield operator.ended(process)


class Terminal:
    """A terminal that somebody looks at until it is closed, which hangs up on whatever runs in it."""

    def __init__(self) -> None:
        self._ours, self._theirs = pty.openpty()
        self._closed = threading.Event()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    @property
    def options(self) -> dict[str, Any]:
        """Of a process that stands in it."""
        streams = dict.fromkeys(("stdin", "stdout", "stderr"), self._theirs)
        return {**streams, "preexec_fn": lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0)}

    def close(self) -> None:
        """Closes it."""
        self._closed.set()
        self._reader.join()
        os.close(self._theirs)
        os.close(self._ours)

    def _read(self) -> None:
        while not self._closed.is_set():
            if select.select([self._ours], [], [], 0.01)[0]:
                os.read(self._ours, 65536)


def _end(operator: World, process: subprocess.Popen[bytes], end: End, terminal: Terminal | None) -> None:
    if terminal:
        terminal.close()
    terraform = _below(process.pid)
    signals = {End.INTERRUPT: signal.SIGINT, End.TWICE: signal.SIGINT, End.TERMINATE: signal.SIGTERM}
    if end in signals:
        operator.send(process, signals[end])
        if end is End.TWICE:
            time.sleep(0.05)
            operator.send(process, signal.SIGINT)
    if end in (End.KILL, End.KILL_ALL):
        operator.send(process, signal.SIGKILL)
    if end in (End.KILL_TERRAFORM, End.KILL_ALL):
        for pid in terraform:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)


def _below(pid: int) -> Sequence[int]:
    """Numbers of the processes that one has started, and of those that these have."""
    try:
        children = [int(one) for one in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    except OSError:
        return []
    return [found for child in children for found in (child, *_below(child))]


def _wait_for(family: Sequence[int]) -> None:
    wait_until(lambda: not any(_runs(pid) for pid in family))


def _runs(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
