"""The signals that end groundplan: what it has started ends first, then it ends as after Ctrl-C.

What runs is known per process and not per object, because a signal comes to a process.
"""

from __future__ import annotations

import contextlib
import os
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from types import FrameType
from typing import Protocol


class Process(Protocol):
    """A program that runs."""

    @property
    def pid(self) -> int:
        """Its number."""

    def kill(self) -> None:
        """Ends it."""


class Terminated(KeyboardInterrupt):
    """SIGTERM or SIGHUP came: everything ends as after Ctrl-C, with the exit code of that signal."""

    def __init__(self, number: int) -> None:
        self.number = number
        super().__init__(signal.Signals(number).name)


_PASSED_ON: list[int] = []
RUNNING: set[Process] = set()
_ending = threading.Event()


@dataclass
class _Held:
    """What has to be finished before a signal may raise, and the signal that waits for it."""

    depth: int = 0
    waiting: int | None = None


_held = _Held()


@contextlib.contextmanager
def finished_first() -> Iterator[None]:
    """What is done within it is done to its end: a signal that comes meanwhile raises afterwards. For short work.

    A context manager that removes something in its `finally` does not need it there alone: a signal may also raise
    between its last line and that `finally`.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    _held.depth += 1
    try:
        yield
    finally:
        _held.depth -= 1
        if _held.depth == 0 and _held.waiting is not None:
            number, _held.waiting = _held.waiting, None
            raise _interruption(number)


def passed_on(number: int) -> None:
    """Notes a signal that raises nothing, because what runs ends by itself."""
    _PASSED_ON.append(number)


def first_passed_on() -> int:
    """The first such signal of the command that runs; SIGINT where there was none."""
    return _PASSED_ON[0] if _PASSED_ON else signal.SIGINT


def ending() -> bool:
    """Whether nothing is to be started any more."""
    return _ending.is_set()


def kill(process: Process) -> None:
    """Kills it with its group, if it leads one."""
    with contextlib.suppress(OSError):
        if os.getpgid(process.pid) == process.pid:
            os.killpg(process.pid, signal.SIGKILL)
    with contextlib.suppress(OSError):
        process.kill()


@contextlib.contextmanager
def ended_by_signals() -> Iterator[None]:
    """Makes SIGINT, SIGTERM and SIGHUP kill all that runs and raise KeyboardInterrupt, of which Terminated is one.

    Only the first raises, so that nothing interrupts the removal of temporary folders. A signal that the caller
    ignores, as `nohup` does, stays ignored.
    """
    _PASSED_ON.clear()
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    wanted = [number for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP) if _handled(number)]
    before = {number: signal.signal(number, _end) for number in wanted}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        _ending.clear()


def _handled(number: int) -> bool:
    return signal.getsignal(number) not in (signal.SIG_IGN, None)


def _end(number: int, _frame: FrameType | None) -> None:
    first = not _ending.is_set()
    _ending.set()
    for process in list(RUNNING):
        kill(process)
    if first and _held.depth:
        _held.waiting = number
    elif first:
        raise _interruption(number)


def _interruption(number: int) -> KeyboardInterrupt:
    return KeyboardInterrupt() if number == signal.SIGINT else Terminated(number)
