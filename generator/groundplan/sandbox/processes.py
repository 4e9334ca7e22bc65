"""The programs that run now: their output in bounds, and their end in every case."""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO

from groundplan.sandbox import signals
from groundplan.sandbox.sweeper import process_swept

_MIB = 1024**2
_CHUNK_BYTES = 65536
_DRAIN_SECONDS = 5.0
"""How long to wait for what a killed program had written: a descendant that escaped may hold the pipe for ever."""

AnyProcess = subprocess.Popen[bytes] | subprocess.Popen[str]


@dataclass(frozen=True, slots=True)
class Output:
    """What a program wrote, and why it was killed, if it was."""

    stdout: bytes
    stderr: bytes
    timed_out: bool = False
    too_long: bool = False


@contextlib.contextmanager
def running(process: AnyProcess, *, swept: bool = True) -> Iterator[None]:
    """While the context is open, a signal that ends groundplan ends the process; afterwards it has ended.

    `swept` ends it also when groundplan is killed, by a program that has to be started for it.
    """
    signals.RUNNING.add(process)
    try:
        with process_swept(process.pid) if swept else contextlib.nullcontext():
            if signals.ending():
                end(process)
            yield
    finally:
        try:
            end(process)
        finally:
            signals.RUNNING.discard(process)


def end(process: AnyProcess) -> None:
    """Kills it with its group, if it leads one, and waits until it is gone."""
    if process.poll() is None:
        signals.kill(process)
    process.wait()


def collect(
    process: subprocess.Popen[bytes], *, timeout_seconds: float | None, limit_bytes: int = 512 * _MIB
) -> Output:
    """Both outputs, pipes, of a process at its end; one that runs or writes for too long is killed."""
    readers = [_Reader(pipe, limit_bytes, process) for pipe in (process.stdout, process.stderr) if pipe is not None]
    deadline = None if timeout_seconds is None else time.monotonic() + timeout_seconds
    timed_out = not all(reader.join_until(deadline) for reader in readers)
    if not timed_out:
        try:
            process.wait(None if deadline is None else max(deadline - time.monotonic(), 0.0))
        except subprocess.TimeoutExpired:
            timed_out = True
    if timed_out:
        end(process)
        drained = time.monotonic() + _DRAIN_SECONDS
        for reader in readers:
            reader.join_until(drained)
    stdout, stderr = (bytes(reader.data) for reader in readers)
    return Output(stdout, stderr, timed_out, too_long=any(reader.too_long for reader in readers))


class _Reader(threading.Thread):
    """Reads a pipe to its end; kills the process that writes more than the limit."""

    def __init__(self, pipe: IO[bytes], limit_bytes: int, process: subprocess.Popen[bytes]) -> None:
        super().__init__(daemon=True)
        self._pipe, self._limit_bytes, self._process = pipe, limit_bytes, process
        self.data = bytearray()
        self.too_long = False
        self.start()

    def run(self) -> None:
        """Until the pipe ends or the limit is reached."""
        with contextlib.suppress(ValueError, OSError):
            while data := os.read(self._pipe.fileno(), _CHUNK_BYTES):
                self.data += data
                if len(self.data) > self._limit_bytes:
                    self.too_long = True
                    end(self._process)
                    return

    def join_until(self, deadline: float | None) -> bool:
        """Whether it has ended by the deadline."""
        self.join(None if deadline is None else max(deadline - time.monotonic(), 0.0))
        return not self.is_alive()
