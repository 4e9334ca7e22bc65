"""Signals during a live run: Terraform ends by itself and keeps its state; whoever insists is told what that costs."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import threading
from collections.abc import Iterator
from types import FrameType

from groundplan.sandbox.signals import passed_on

_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)

WORDS = {
    1: "Interrupted: waiting for Terraform to end what it has begun and to write its state. Keep this terminal open.",
    2: "Interrupted again: Terraform gives up what it waits for. What it was making may exist without being "
    "in the state, and the state may be left in errored.tfstate. A third time kills it at once.",
    3: "Killed: the state may lack what was being made, and its lock may be left behind.",
}
"""What is said at each signal."""


PASSED_ON_LOOKS = 25
"""How often a run is looked at before the first signal is passed on to a Terraform that does not tell of it."""
TOLD = "Interrupt received"
"""What Terraform says at the first one."""


class Interrupts:
    """Counts signals and passes them on to every program that runs: the first one by whoever follows the run.

    Whoever ends a job sends its signal to every process of it, and not as a terminal does: Terraform may have got it.

    A program stands in a session of its own: the terminal's Ctrl-C would otherwise come to it as well, and two of
    them are what makes Terraform give up.
    """

    def __init__(self) -> None:
        self.count = 0
        self._running: set[subprocess.Popen[bytes]] = set()

    @contextlib.contextmanager
    def passed_to(self, process: subprocess.Popen[bytes]) -> Iterator[None]:
        """While the context is open, the process gets what comes."""
        self._running.add(process)
        try:
            yield
        finally:
            self._running.discard(process)

    @contextlib.contextmanager
    def handled(self) -> Iterator[None]:
        """While the context is open, signals are counted and raise nothing. Handlers are the main thread's alone."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        ignored = (signal.SIG_IGN, None)
        before = {each: signal.signal(each, self._come) for each in _SIGNALS if signal.getsignal(each) not in ignored}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def _come(self, number: int, _frame: FrameType | None) -> None:
        self.count += 1
        passed_on(number)
        if self.count > 1:
            for process in tuple(self._running):
                interrupt(process, self.count)


def interrupt(process: subprocess.Popen[bytes], count: int) -> None:
    """Asks it to end; at the third time it is killed, with all that it has started."""
    with contextlib.suppress(OSError):
        if process.poll() is None:
            if count >= max(WORDS):
                os.killpg(process.pid, signal.SIGKILL)
            else:
                process.send_signal(signal.SIGINT)
