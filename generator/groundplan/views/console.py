"""The two streams: one result on stdout, progress and problems on stderr."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, TextIO

from groundplan.diagnostics import Diagnostic
from groundplan.views.diagnostics import render_diagnostics

PATIENCE_SECONDS = 1.0
"""Work that takes longer than this is announced."""


@dataclass(frozen=True, slots=True)
class Console:
    """Where a command's output goes; `color` is decided per stream when it is made."""

    out: TextIO
    err: TextIO
    color_out: bool
    color_err: bool

    @classmethod
    def of_process(cls, environment: Mapping[str, str] = os.environ) -> Console:
        """The process's own streams; colour only on terminals, and never under NO_COLOR (https://no-color.org)."""
        plain = bool(environment.get("NO_COLOR")) or environment.get("TERM") == "dumb"
        return cls(sys.stdout, sys.stderr, not plain and sys.stdout.isatty(), not plain and sys.stderr.isatty())

    def result(self, text: str) -> None:
        """Print the command's result."""
        self.out.write(text if not text or text.endswith("\n") else f"{text}\n")

    def json(self, value: Mapping[str, Any]) -> None:
        """Print the command's result as one JSON object."""
        self.out.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")

    def problems(self, diagnostics: Sequence[Diagnostic]) -> None:
        """Print findings to stderr."""
        self.err.write(render_diagnostics(diagnostics, color=self.color_err))

    def note(self, text: str) -> None:
        """Print one line to stderr."""
        self.err.write(f"{text}\n")

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Announce work on stderr: at once on a terminal, elsewhere when it ended and took over a second."""
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
