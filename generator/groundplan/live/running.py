"""One live run from its start to its end: what it writes is followed in a file and not through a pipe.

A pipe would break when groundplan is killed, and Terraform would die of it in the middle of an apply. So it writes to
a file without a name, and whatever happens to groundplan, Terraform ends what it has begun, writes its state and gives
its lock back.
"""

from __future__ import annotations

import os
import select
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from groundplan.live.interrupts import PASSED_ON_LOOKS, TOLD, Interrupts, interrupt
from groundplan.live.places import unmade
from groundplan.live.trace import Origin, begin_line, pid_line
from groundplan.terraform.runner import Runner, Streams

_LOOK_SECONDS = 0.02
_CHUNK_BYTES = 65536
_LONGEST_LINE_BYTES = 4 * 1024 * 1024
_MOST_BYTES = 512 * 1024 * 1024
"""Of an answer that is read as a whole."""


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended; `stdout` where it is an answer and not a stream of lines."""

    code: int
    stdout: bytes
    seconds: float
    interrupted: bool


@dataclass(frozen=True, slots=True)
class Call:
    """A command of Terraform with its arguments and options, as python-terraform takes them."""

    folder: Path
    command: str
    arguments: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)
    answers: bool = False
    """Whether stdout is one answer; otherwise it is lines to listen to, as stderr always is."""
    private: bool = False
    """Whether the files that it makes are for their owner alone."""
    kept_open: tuple[int, ...] = ()
    """Descriptors that it holds as long as it runs, such as that of a lock."""
    trace: tuple[Path, Origin] | None = None
    """File that its lines are added to, which outlives groundplan, and the state that they are about."""


@dataclass(frozen=True, slots=True)
class Listener:
    """Who hears of a run: its lines, every signal that came, and that it still runs."""

    line: Callable[[str], None]
    signal: Callable[[int], None]
    look: Callable[[], None] = lambda: None
    """Called again and again while it runs."""


def follow(
    runner: Runner, call: Call, environment: Mapping[str, str], interrupts: Interrupts, listener: Listener
) -> Ended:
    """Runs it to its end, told line by line; a signal is passed on and raises nothing."""
    started, before = time.perf_counter(), interrupts.count
    with interrupts.handled(), _file(call.trace) as out, tempfile.TemporaryFile() as err:
        if call.trace:
            out.write(begin_line(call.trace[1]))
        told, begin = err if call.answers else out, out.seek(0, os.SEEK_END)
        umask = 0o077 if call.private else -1
        streams = Streams(environment, out.fileno(), told.fileno(), call.kept_open, umask)
        process = runner.start(call.folder, call.command, *call.arguments, to=streams, **call.options)
        with interrupts.passed_to(process), _pauses(process) as pause:
            if call.trace:
                out.write(pid_line(process.pid))
            _watch(process, _Lines(told, begin), interrupts, listener, pause)
        answer = _whole(out) if call.answers else b""
    return Ended(process.returncode, answer, time.perf_counter() - started, interrupts.count > before)


def _file(trace: tuple[Path, Origin] | None) -> IO[bytes]:
    """One without a name, or the one that is kept, which no other may read."""
    if trace is None:
        return tempfile.TemporaryFile()
    file, _ = trace
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
    except OSError as error:
        raise unmade(file, error) from None
    return os.fdopen(descriptor, "r+b", buffering=0)


def _whole(file: IO[bytes]) -> bytes:
    file.seek(0)
    return file.read(_MOST_BYTES)


@contextmanager
def _pauses(process: subprocess.Popen[bytes]) -> Iterator[Callable[[], object]]:
    """What waits between two looks, or until the process has ended, where the system tells that."""
    descriptor = _descriptor(process.pid)
    if descriptor is None:
        yield lambda: time.sleep(_LOOK_SECONDS)
        return
    end = select.poll()
    end.register(descriptor, select.POLLIN)
    try:
        yield lambda: end.poll(_LOOK_SECONDS * 1000)
    finally:
        os.close(descriptor)


def _descriptor(pid: int) -> int | None:
    """One that can be read when the process has ended: https://man7.org/linux/man-pages/man2/pidfd_open.2.html."""
    if sys.platform != "linux":
        return None
    try:
        return os.pidfd_open(pid)
    except OSError:  # an older kernel, or a container that forbids it
        return None


def _watch(
    process: subprocess.Popen[bytes],
    lines: _Lines,
    interrupts: Interrupts,
    listener: Listener,
    pause: Callable[[], object],
) -> None:
    told = before = interrupts.count
    first = _First(process)
    try:
        while True:
            ended = process.poll() is not None
            while told < interrupts.count:
                told += 1
                listener.signal(told)
            if told > before + 1:
                first.look(at_once=True)
            for line in lines.new(last=ended):
                first.heard |= TOLD in line
                listener.line(line)
            if ended:
                return
            if told > before:
                first.look()
            listener.look()
            pause()
    except BaseException:
        first.look(at_once=True)  # nobody listens any more, and half an apply is worse than none
        process.wait()
        raise


class _First:
    """The first signal, which Terraform is sent once and may have got by itself: a second makes it give up."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        self._process, self._looks = process, 0
        self.heard = False
        """Whether Terraform has told of it, or was sent it."""

    def look(self, *, at_once: bool = False) -> None:
        """Sends it as soon as Terraform had the time to tell of it and has not."""
        self._looks += 1
        if not self.heard and (at_once or self._looks > PASSED_ON_LOOKS):
            self.heard = True
            interrupt(self._process, 1)


class _Lines:
    """What was added to a file since it was looked at, by lines."""

    def __init__(self, file: IO[bytes], begin: int) -> None:
        self._descriptor, self._offset, self._rest = file.fileno(), begin, b""

    def new(self, *, last: bool) -> Iterator[str]:
        """Whole lines, and at the end what has none."""
        while data := os.pread(self._descriptor, _CHUNK_BYTES, self._offset):
            self._offset += len(data)
            *whole, self._rest = (self._rest + data).split(b"\n")
            yield from (line.decode("utf-8", errors="replace") for line in whole)
            if len(self._rest) > _LONGEST_LINE_BYTES:
                self._rest = self._rest[:_LONGEST_LINE_BYTES]
        if last and self._rest:
            yield self._rest.decode("utf-8", errors="replace")
            self._rest = b""
