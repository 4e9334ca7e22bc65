"""The two streams: one result on stdout, progress and problems on stderr."""

from __future__ import annotations

import contextlib
import io
import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from groundplan.diagnostics import Diagnostic, shortened
from groundplan.escaping import for_json, for_text, terminal
from groundplan.views.diagnostics import render_diagnostics

PATIENCE_SECONDS = 1.0
"""Work that takes longer than this is announced."""

JSON = frozenset({"json", "sarif"})
"""Formats that are JSON."""
WIDTH, NARROWEST = 120, 60
"""Columns of what is no terminal, and those that any terminal is taken to have."""
BAR, LONGEST_STEP = 20, 40
"""Characters of a bar, and of the step named beside it."""
VERBATIM = frozenset({"html", "script"})
"""Formats with code of ours, whose values are escaped where they are put in."""


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command's output goes; `color` is decided per stream when it is made."""

    out: TextIO
    err: TextIO
    color_out: bool
    color_err: bool
    width_out: int = WIDTH
    width_err: int = WIDTH
    """Columns of each stream."""

    @classmethod
    def of_process(cls, environment: Mapping[str, str] = os.environ) -> Console:
        """The process's own streams; colour only on terminals, and never under NO_COLOR (https://no-color.org)."""
        plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        out, err = _usable(sys.stdout), _usable(sys.stderr)
        color_out, color_err = (not plain and stream.isatty() for stream in (out, err))
        return cls(out, err, color_out, color_err, _width(out), _width(err))

    def result(self, text: str, output_format: str = "text") -> None:
        """Print the command's result, which is made harmless as its format is, whatever views left in it."""
        ended = text if not text or text.endswith("\n") else f"{text}\n"
        if output_format in VERBATIM:
            self._print(ended)
        elif output_format in JSON:
            self._print(for_json(ended))
        else:
            self._print(terminal(ended, color=self.color_out and output_format == "text"))

    def json(self, value: Mapping[str, Any]) -> None:
        """Print the command's result as one JSON object."""
        unicode = (getattr(self.out, "encoding", None) or "utf-8").lower().startswith("utf")
        self.result(json.dumps(value, indent=2, ensure_ascii=not unicode), "json")

    def _print(self, text: str) -> None:
        """Flushed here, so that a reader who has gone is met where it is handled and not when the process ends."""
        self.out.write(text)
        self.out.flush()

    def problems(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Print findings to stderr."""
        self._tell(render_diagnostics(diagnostics, color=self.color_err))

    def note(self, text: str) -> None:
        """Print one line to stderr."""
        self._tell(f"{for_text(text)}\n")

    def told(self, text: str) -> None:
        """Print several lines to stderr."""
        self._tell(text)

    def _tell(self, text: str) -> None:
        """A terminal that is gone, or a reader, is no reason to end: what is told here is nobody's result."""
        with contextlib.suppress(OSError):
            self.err.write(terminal(text, color=self.color_err))

    @contextlib.contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Announce work on stderr: at once on a terminal, elsewhere when it ended and took over a second."""
        what = for_text(what)
        started = time.monotonic()
        live = self.err.isatty()
        if live:
            self.err.write(f"{what} …")
            self.err.flush()
        try:
            yield
        finally:
            seconds = time.monotonic() - started
            if live:
                self.err.write(f"\r\x1b[K{what}: {seconds:.1f} s\n" if seconds > PATIENCE_SECONDS else "\r\x1b[K")
            elif seconds > PATIENCE_SECONDS:
                self.err.write(f"{what}: {seconds:.1f} s\n")

    @contextlib.contextmanager
    def counted(self, what: str, total: int) -> Iterator[Callable[[str], None]]:
        """Announce work in steps on stderr: a bar on a terminal, elsewhere one line at the end as `step` writes it."""
        what, done, live = for_text(what), 0, self.err.isatty()

        def told(last: str) -> None:
            nonlocal done
            done += 1
            if live:
                self.err.write(f"\r\x1b[K{what} {bar(done, total)} {shortened(for_text(last), LONGEST_STEP)}")
                self.err.flush()

        with self.step(what):
            yield told


def bar(done: int, total: int) -> str:
    """How much of it is done: `[#####-----] 5/10`."""
    filled = BAR * done // max(total, 1)
    return f"[{'#' * filled}{'-' * (BAR - filled)}] {done}/{total}"


def _width(stream: TextIO) -> int:
    """Columns of a terminal, as far as it says so, and of anything else those that every log has."""
    try:
        columns = os.get_terminal_size(stream.fileno()).columns if stream.isatty() else 0
    except (OSError, ValueError):
        columns = 0
    return max(columns, NARROWEST) if columns else WIDTH


def _usable(stream: TextIO | None) -> TextIO:
    """The stream, writing what its encoding lacks as escapes; one that leads nowhere where the process has none."""
    if stream is None:
        return Path(os.devnull).open("w", encoding="utf-8")
    if isinstance(stream, io.TextIOWrapper):
        stream.reconfigure(errors="backslashreplace")
    return stream
