"""`groundplan` ended at random moments: who is hit, how, and when."""

from __future__ import annotations

import contextlib
import fcntl
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
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from tests.live.failures import wait_until
from tests.live.world import NAME, Ran, World

GROUNDPLAN = Path(sys.executable).with_name("groundplan")
ROOT = "10-foundation"
_EARLY, _LATE = 0.15, 0.15
"""Parts of the kills that come before anything is done, while it asks, prepares or plans, and after all is done."""
_LONGEST_PLAN_SECONDS = 4.0
_LONGEST_END_SECONDS = 3.0


class Victim(StrEnum):
    """Who is hit."""

    GROUNDPLAN = "groundplan"
    TERRAFORM = "Terraform"
    BOTH = "both"


class How(StrEnum):
    """By what."""

    INTERRUPT = "SIGINT"
    TERMINATE = "SIGTERM"
    KILL = "SIGKILL"
    TWICE = "SIGINT twice"
    HANGUP = "terminal closed"


_NUMBERS = {
    How.INTERRUPT: signal.SIGINT,
    How.TERMINATE: signal.SIGTERM,
    How.KILL: signal.SIGKILL,
    How.TWICE: signal.SIGINT,
    How.HANGUP: signal.SIGHUP,
}


@dataclass(frozen=True)
class End:
    """How a run is ended."""

    victim: Victim
    how: How

    def __str__(self) -> str:
        return f"{self.how} of {self.victim}"

    @property
    def cuts(self) -> bool:
        """Whether Terraform may not have written down what it made last."""
        return (self.how is How.KILL and self.victim is not Victim.GROUNDPLAN) or self.how is How.TWICE

    @property
    def codes(self) -> tuple[int, ...]:
        """Exit codes of groundplan that was not done by then; the signal's own while it starts or ends."""
        if self.victim is Victim.TERRAFORM:
            return (1, 5)  # 5 before it has told its version
        number = _NUMBERS[self.how]
        return (-number,) if self.how is How.KILL else (128 + number, -number)


ENDS = [
    *(End(victim, how) for victim in Victim for how in (How.INTERRUPT, How.TERMINATE, How.KILL)),
    End(Victim.GROUNDPLAN, How.TWICE),
    End(Victim.GROUNDPLAN, How.HANGUP),
]


@dataclass(frozen=True)
class Moment:
    """When: after so many changes in the cloud, or before any, in seconds."""

    changes: int
    pause_seconds: float

    def __str__(self) -> str:
        return f"{self.changes} changes + {self.pause_seconds:.3f} s"

    @classmethod
    def at_random(cls, dice: random.Random, changes: int) -> Moment:
        """Some moment of a run that makes so many changes."""
        when = dice.random()
        if when < _EARLY:
            return cls(0, dice.uniform(0.2, _LONGEST_PLAN_SECONDS))
        if when > 1 - _LATE:
            return cls(changes, dice.uniform(0.0, _LONGEST_END_SECONDS))
        return cls(dice.randint(1, changes), dice.uniform(0.0, 0.1))


def words(operator: World, *arguments: str, command: str = "apply") -> list[str]:
    """A run, approved beforehand."""
    program = ["--terraform-bin", str(operator.program)]
    return [str(GROUNDPLAN), command, str(operator.folder), *program, "--confirm", NAME, *arguments]


def groundplan(operator: World, *arguments: str, **options: Any) -> Ran:
    """Any command of groundplan, to its end."""
    process = operator.start_words([str(GROUNDPLAN), *arguments], cwd=operator.folder, **options)
    return operator.ended(process)


def applied(operator: World, root: str) -> Ran:
    """`groundplan apply` of one root, to its end."""
    return operator.ended(operator.start_words(words(operator, "--root", root), cwd=operator.folder))


@contextlib.contextmanager
def killed(
    operator: World, command: Sequence[str], end: End, moment: Moment, changes: Callable[[], int]
) -> Iterator[Ran]:
    """A command that was ended; what outlives it is gone at the end of the context at the latest."""
    terminal = Terminal() if end.how is How.HANGUP else None
    options = terminal.options if terminal else {}
    process = operator.start_words(command, cwd=operator.folder, **options)
    wait_until(lambda: changes() >= moment.changes, process)
    time.sleep(moment.pause_seconds)
    if end.victim is not Victim.GROUNDPLAN:
        wait_until(lambda: bool(_below(process.pid)), process)
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
        return
    terraform, number = _below(process.pid), _NUMBERS[end.how]
    if end.victim is not Victim.TERRAFORM:
        operator.send(process, number)
    if end.how is How.TWICE:
        time.sleep(0.05)
        operator.send(process, number)
    if end.victim is not Victim.GROUNDPLAN:
        for pid in terraform:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)


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
