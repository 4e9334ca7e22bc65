"""A refresh, and what it changes."""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from groundplan.app.price_changes import Difference, difference
from groundplan.app.progress import Progress
from groundplan.app.refresh import Refreshed, Task, refresh
from groundplan.diagnostics import DiagnosticsError
from groundplan.prices.changes import Changes
from groundplan.prices.refresh import refuse_target


def refresh_and_compare(
    task: Task, specs: Sequence[Path] | None, now: datetime, progress: Progress
) -> tuple[Refreshed, Difference | None]:
    """What `refresh` does; with specs, even none, also what the book changes: as it was, or the embedded prices."""
    if specs is None:
        return refresh(task, now, progress), None
    refuse_target(task.output)
    with tempfile.TemporaryDirectory(prefix="groundplan-") as folder:
        before = _copied(task.output, Path(folder))
        done = refresh(task, now, progress)
        try:
            return done, difference([task.output], before, specs)
        except DiagnosticsError as error:
            return done, Difference(Changes((), 0), (), tuple(error.diagnostics))


def _copied(book: Path, folder: Path) -> list[Path]:
    """The book as it is, out of the way of the new one; none where there is none yet."""
    if not (os.path.lexists(book) and book.is_file()):
        return []
    return [Path(shutil.copyfile(book, folder / book.name))]
