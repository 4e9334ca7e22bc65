"""Signals that end a command as an interrupt does: what it made is cleared away, and the exit code names the signal."""

from __future__ import annotations

import contextlib
import signal
from collections.abc import Iterator
from types import FrameType

SIGNALS = {name: number for name in ("SIGTERM", "SIGHUP") if (number := getattr(signal, name, None)) is not None}
"""By name, those that this system has."""


class Stopped(SystemExit):
    """Raised where the main thread stands when a signal arrives, so that everything on the way out is closed."""

    def __init__(self, number: int) -> None:
        super().__init__(128 + number)
        self.words = "Interrupted" if number == signal.SIGINT else f"Ended by {signal.Signals(number).name}"


@contextlib.contextmanager
def stopped_by_signals() -> Iterator[None]:
    """Within it, SIGTERM and SIGHUP raise `Stopped`, once; one that was ignored before stays so, as under nohup."""
    before = {}
    with contextlib.suppress(ValueError):  # not in the main thread, whose handlers stay
        for number in SIGNALS.values():
            if signal.getsignal(number) == signal.SIG_DFL:
                before[number] = signal.signal(number, _stop)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _stop(number: int, _frame: FrameType | None) -> None:
    for other in SIGNALS.values():  # what is being cleared away is not interrupted
        signal.signal(other, signal.SIG_IGN)
    raise Stopped(number)
