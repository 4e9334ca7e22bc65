"""Variables that a job of a pipeline hands over to later ones."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError


def hand_over(file: Path, lines: Iterable[str]) -> None:
    """Appends `NAME=VALUE` lines to the file, as GitHub and GitLab read them. Raises GP403 where that fails."""
    text = "".join(f"{line}\n" for line in lines if "\n" not in line)
    try:
        descriptor = os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
    except OSError as error:
        message = f"cannot write {file}: {(error.strerror or str(error)).lower()}"
        raise DiagnosticsError([Diagnostic("GP403", message)]) from None
