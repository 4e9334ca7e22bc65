"""What a render changed, or would change."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from groundplan.environment.files import LOCK_FILE
from groundplan.environment.write import Changes

_COLORS = {"+": "\x1b[32m", "-": "\x1b[31m"}


def text(changes: Changes, files: Mapping[str, str], folder: Path, *, dry_run: bool, color: bool) -> str:
    """One line with the counts; on a dry run also the difference of every file that would change, but for the lock."""
    if not changes.any:
        return f"{folder}: up to date, {changes.unchanged} files\n"
    counts = f"{len(changes.added)} added, {len(changes.changed)} changed, {len(changes.removed)} removed"
    if not dry_run:
        return f"{folder}: {counts}, {changes.unchanged} unchanged\n"
    lines = [f"{folder}: {counts} (dry run, nothing written)"]
    lines += [f"  + {name}" for name in changes.added] + [f"  - {name}" for name in changes.removed]
    lines += [f"  ~ {name}" for name in changes.changed]
    for name in (name for name in changes.changed if name != LOCK_FILE):
        lines += _difference(folder / name, files[name], color)
    return "\n".join(lines) + "\n"


def as_json(changes: Changes) -> dict[str, Any]:
    """Paths by what happens to them."""
    return {
        "added": list(changes.added),
        "changed": list(changes.changed),
        "removed": list(changes.removed),
        "unchanged": changes.unchanged,
    }


def _difference(path: Path, new: str, color: bool) -> Iterator[str]:
    old = path.read_text(encoding="utf-8", errors="backslashreplace")
    for line in difflib.unified_diff(old.splitlines(), new.splitlines(), str(path), str(path), lineterm=""):
        paint = _COLORS.get(line[:1], "") if color else ""
        yield f"{paint}{line}\x1b[0m" if paint else line
