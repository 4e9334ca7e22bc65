"""Logs of live runs: what Terraform told, without secrets, for their owner alone."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.escaping import lines_for_text
from groundplan.live.events import Event


class Log:
    """A file that takes events; what was written is there after a crash."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream

    def add(self, event: Event) -> None:
        """The lines of an event, whose secrets are hidden already."""
        for line in lines_for_text(event.text):
            self._stream.write(f"{line}\n")
        self._stream.flush()


@contextmanager
def logged(folder: Path, root: str, command: str) -> Iterator[tuple[Path, Log]]:
    """A log of one run of a root; that of the last run of the same kind is kept as `.old`. GP403 where it cannot be."""
    file = folder / f"{root}.{command.replace(' ', '-')}.log"
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if file.exists():
            file.replace(file.with_suffix(".log.old"))
        descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
    except OSError as error:
        message = f"cannot write {file}: {(error.strerror or str(error)).lower()}"
        raise DiagnosticsError([Diagnostic("GP403", message)]) from None
    with os.fdopen(descriptor, "w", encoding="utf-8", errors="backslashreplace") as stream:
        yield file, Log(stream)
