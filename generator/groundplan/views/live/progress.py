"""What an apply is doing: a few lines that follow it on a terminal, elsewhere a line for each thing that happens."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Protocol, TextIO, cast

from groundplan.escaping import for_text
from groundplan.live.events import SIGNAL, SILENCE, WAITING, Event
from groundplan.views.console import Console, bar
from groundplan.views.live.words import lasted

MOST_RUNNING = 4
"""Resources that are named while they are worked on: those that take longest."""
MINUTE_SECONDS, TOLD_EVERY_SECONDS = 60, 10
"""Terraform tells of what it still works on every ten seconds; a log has it every minute."""
REFRESHES_PER_SECOND = 4
_OWN = (SIGNAL, WAITING)
_WORDS = {"apply_start": "begins", "apply_complete": "done", "apply_errored": "failed"}

Clock = Callable[[], float]


class Display(Protocol):
    """Shows what an apply is doing."""

    def __call__(self, event: Event) -> None:
        """Takes an event."""

    def root(self, root: str, actions: int) -> contextlib.AbstractContextManager[None]:
        """Around the apply of a root, which does so many things."""


@dataclass
class Board:
    """How far the apply of a root is."""

    root: str
    total: int
    clock: Clock
    done: int = 0
    running: dict[str, tuple[str, float]] = field(default_factory=dict)
    """By address, what is done to it and since when."""
    began: float = field(init=False)

    def __post_init__(self) -> None:
        self.began = self.clock()

    def hear(self, event: Event) -> None:
        """Takes an event."""
        if event.action == "read" or event.kind not in _WORDS:
            return
        address = event.address or ""
        if event.kind == "apply_start":
            self.running[address] = (event.action or "", self.clock())
            return
        self.running.pop(address, None)
        self.done += event.kind == "apply_complete"

    def count(self) -> str:
        """`12/31`; what turns out to be more than was planned, such as what is made again, raises both."""
        return f"{self.done}/{max(self.total, self.done)}"

    def slowest(self) -> list[tuple[str, tuple[str, float]]]:
        """What is worked on, what takes longest first, with its seconds."""
        now = self.clock()
        running = sorted(self.running.items(), key=lambda one: one[1][1])
        return [(address, (action, now - since)) for address, (action, since) in running]

    def lines(self) -> list[str]:
        """A bar, and what takes longest."""
        now = self.clock()
        progress = bar(self.done, max(self.total, self.done))
        shown = [f"{self.root}  {progress}  {_span(now - self.began)}"]
        slowest = self.slowest()
        shown += [f"  {action} {address}  {_span(lasts)}" for address, (action, lasts) in slowest[:MOST_RUNNING]]
        more = len(slowest) - MOST_RUNNING
        return [for_text(line) for line in [*shown, *([f"  and {more} more"] if more > 0 else [])]]


def silent(event: Event, board: Board | None) -> str:
    """What Terraform is still at while it tells nothing: what takes longest, or perhaps the state."""
    slowest = board.slowest()[:1] if board else []
    at_work = [f"it has begun to {action} {address} {_span(since)} ago" for address, (action, since) in slowest]
    what = at_work[0] if at_work else "nothing is being made, so it may be waiting for its state"
    return f"{event.root}: Terraform still runs and has told nothing for {_span(event.seconds or 0.0)}: {what}"


def display(console: Console, environment: Mapping[str, str], clock: Clock) -> Display:
    """Lines that follow on a terminal; plain ones in a pipeline, in a pipe and on a terminal that cannot move."""
    follows = console.err.isatty() and not environment.get("CI") and environment.get("TERM") != "dumb"
    return _Following(console, clock) if follows else _Plain(console, clock)


def own_words(console: Console) -> Callable[[Event], None]:
    """Shows only what groundplan itself says: of signals, of what is waited for, and that Terraform is silent."""

    def tell(event: Event) -> None:
        if event.kind in (*_OWN, SILENCE):
            console.note(_news(event, None))

    return tell


def happened(event: Event, count: str = "") -> str:
    """A line for a log; empty for what is no news."""
    if event.kind in _OWN:
        return event.text
    seconds = event.seconds or 0.0
    words = _WORDS.get(event.kind, "")
    if event.kind == "apply_progress" and seconds >= MINUTE_SECONDS and seconds % MINUTE_SECONDS < TOLD_EVERY_SECONDS:
        words = f"{_span(seconds)} so far"
    elif words and seconds:
        words = f"{words} after {_span(seconds)}"
    if not words or event.action == "read":
        return ""
    return f"{event.root}{f' {count}' if count else ''}: {event.action} {event.address}: {words}"


@dataclass
class _Plain:
    """A line for each event."""

    console: Console
    clock: Clock
    board: Board | None = None

    def __call__(self, event: Event) -> None:
        if self.board is not None:
            self.board.hear(event)
        if line := _news(event, self.board):
            self.console.note(line)

    @contextlib.contextmanager
    def root(self, root: str, actions: int) -> Iterator[None]:
        self.board = Board(root, actions, self.clock)
        yield
        self.board = None


@dataclass
class _Following:
    """What has ended stands as lines, as a log has them; below them, until the root has ended, what is worked on."""

    console: Console
    clock: Clock
    board: Board | None = None
    _live: Any = None

    def __call__(self, event: Event) -> None:
        if self.board is None or self._live is None:
            if line := _news(event, None):
                self.console.note(line)
            return
        self.board.hear(event)
        line = _news(event, self.board) if event.kind not in ("apply_start", "apply_progress") else ""
        if line:
            self._live.console.print(for_text(line), markup=False, highlight=False, soft_wrap=True)

    @contextlib.contextmanager
    def root(self, root: str, actions: int) -> Iterator[None]:
        from rich.console import Console as Terminal
        from rich.live import Live

        self.board = Board(root, actions, self.clock)
        stream = cast(TextIO, _Patient(self.console.err))
        terminal = Terminal(file=stream, force_terminal=True, no_color=not self.console.color_err)
        with Live(
            get_renderable=self._shown,
            console=terminal,
            transient=True,
            refresh_per_second=REFRESHES_PER_SECOND,
            redirect_stdout=False,
            redirect_stderr=False,
        ) as self._live:
            yield
        self.board = self._live = None

    def _shown(self) -> Any:
        from rich.text import Text

        lines = self.board.lines() if self.board else []
        return Text("\n".join(lines), no_wrap=True, overflow="ellipsis")


def _news(event: Event, board: Board | None) -> str:
    if event.kind == SILENCE:
        return silent(event, board)
    return happened(event, board.count() if board else "")


class _Patient:
    """A terminal that may be gone: what is shown there is nobody's result."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def write(self, text: str) -> int:
        """Writes what can be written."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        """Flushes what can be flushed."""
        with contextlib.suppress(OSError, ValueError):
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _span(seconds: float) -> str:
    return lasted(timedelta(seconds=seconds))
