"""Lines of a shell in a job, which a person can cancel."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

_POLL_SECONDS = 0.05
MARK = "RUNNER_TRACKING_ID"
"""By which a runner finds what a job has started, and ends it with the job: actions/runner, ProcessExtensions."""


class CancelledError(Exception):
    """The job was cancelled while a line ran, or before one did."""


@dataclass
class Log:
    """What the lines of a job have written, as its page shows it."""

    file: Path
    lines: list[str] = field(default_factory=list)
    """The lines that ran."""

    @property
    def text(self) -> str:
        return self.file.read_text("utf-8", errors="replace") if self.file.exists() else ""


@dataclass(frozen=True)
class Patience:
    """Seconds between the signals of a cancelled job."""

    first: float
    second: float


GITHUB = Patience(7.5, 2.5)
"""https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation"""

Ending = Callable[["subprocess.Popen[bytes]", Mapping[str, str], Patience], None]
"""How a system ends a process of a cancelled job."""


def run(
    words: Sequence[str | Path],
    *,
    cwd: Path,
    env: Mapping[str, str],
    log: Log,
    cancel: Event,
    ending: Ending,
    patience: Patience,
) -> int:
    """Runs a program to its end; its exit code. Raises CancelledError when it was cancelled meanwhile."""
    if cancel.is_set():
        raise CancelledError
    with log.file.open("ab") as output:
        process = subprocess.Popen(
            list(words), cwd=cwd, env=dict(env), stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            start_new_session=True, restore_signals=True,
        )  # fmt: skip
        while process.poll() is None:
            if cancel.wait(_POLL_SECONDS):
                ending(process, env, patience)
                raise CancelledError
    return process.returncode


def ended_as_github_does(process: subprocess.Popen[bytes], env: Mapping[str, str], patience: Patience) -> None:
    """SIGINT and SIGTERM to the entry process alone, then the end of all that the job has started.

    https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-cancellation
    """
    for number, seconds in ((signal.SIGINT, patience.first), (signal.SIGTERM, patience.second)):
        process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            process.wait(seconds)
            break
    for number in _descendants(process.pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(number, signal.SIGKILL)
    end_marked(env)
    process.wait()


def _descendants(number: int) -> list[int]:
    """A process and what it has started, by their parents."""
    found = [number]
    for one in found:
        with contextlib.suppress(OSError):
            text = "".join(path.read_text() for path in Path(f"/proc/{one}/task").glob("*/children"))
            found += map(int, text.split())
    return found


def end_marked(env: Mapping[str, str]) -> None:
    """Ends at once what carries the mark of the job."""
    mark = f"{MARK}={env[MARK]}".encode()
    while found := [number for number in _processes() if mark in _environment(number)]:
        for number in found:
            with contextlib.suppress(ProcessLookupError):
                os.kill(number, signal.SIGKILL)
        time.sleep(_POLL_SECONDS)


def _processes() -> list[int]:
    return [int(path.name) for path in Path("/proc").iterdir() if path.name.isdecimal()]


def _environment(number: int) -> list[bytes]:
    """Variables of a process; none where it is gone or a zombie."""
    with contextlib.suppress(OSError):
        return Path(f"/proc/{number}/environ").read_bytes().split(b"\0")
    return []
