"""What a render changed, or would change."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from groundplan.app.render import Rendered
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.write import LARGEST_BYTES, Changes
from groundplan.escaping import for_source, for_text
from groundplan.reading import UnreadableError, read_regular
from groundplan.views import change

_COLORS = {"+": "\x1b[32m", "-": "\x1b[31m"}


def rendered(made: Rendered, folder: Path, *, dry_run: bool, color: bool) -> str:
    """The files, then what becomes of the environment that was there, in short."""
    files = text(made.changes, made.files, folder, dry_run=dry_run, written=made.written, color=color)
    return "\n".join([files, change.short(made.change, color=color)] if made.change else [files])


def rendered_json(made: Rendered) -> dict[str, Any]:
    """The files, and the change as `groundplan change` prints it."""
    return {"files": as_json(made.changes), "change": change.as_json(made.change) if made.change else None}


def text(  # noqa: PLR0913 - what is shown and how
    changes: Changes, files: Mapping[str, str], folder: Path, *, dry_run: bool, color: bool, written: bool = True
) -> str:
    """One line with the counts; on a dry run also the difference of every file that would change, but for the lock."""
    if not changes.any:
        return f"{for_text(folder)}: up to date, {changes.unchanged} files\n"
    counts = f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed"
    if not dry_run:
        note = "" if written else " (nothing written)"
        return f"{for_text(folder)}: {counts}, {changes.unchanged} unchanged{note}\n"
    lines = [f"{for_text(folder)}: {counts} (dry run, nothing written)"]
    lines += [f"  + {for_text(name)}" for name in changes.added] + [f"  - {for_text(name)}" for name in changes.removed]
    lines += [f"  ~ {for_text(name)}" for name in changes.changed]
    for name in (name for name in changes.changed if name != LOCK_FILE):
        lines += _difference(name, folder, files[name], color)
    return "\n".join(lines) + "\n"


def as_json(changes: Changes) -> dict[str, Any]:
    """Paths by what happens to them."""
    return {
        "added": list(changes.added),
        "changed": list(changes.changed),
        "removed": list(changes.removed),
        "unchanged": changes.unchanged,
    }


def _difference(name: str, folder: Path, new: str, color: bool) -> Iterator[str]:
    """The lines of a unified diff; what no render wrote, such as a link out of the folder, is not shown."""
    path = str(folder / name)
    try:
        old = read_regular(folder / name, limit_bytes=LARGEST_BYTES, within=folder).decode(errors="backslashreplace")
    except UnreadableError as error:
        yield for_text(f"--- {path} is not shown: {error.reason}")
        return
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), path, path, lineterm=""):
        paint, shown = _COLORS.get(line[:1], "") if color else "", for_source(line)
        yield f"{paint}{shown}\x1b[0m" if paint else shown
