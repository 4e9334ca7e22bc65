"""The environments of a repository: folders with a lock, found below a folder of it."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, shortened
from groundplan.environment.files import LOCK_FILE

MOST_ENVIRONMENTS = 256
"""What a matrix of GitHub takes: https://docs.github.com/en/actions/reference/limits."""
MOST_FOLDERS = 50_000
_DEPTH = 8
_NOT_ENTERED = {"modules", "node_modules", "workloads"}
_FOLDER = re.compile(r"[A-Za-z0-9_][A-Za-z0-9._-]*(/[A-Za-z0-9_][A-Za-z0-9._-]*)*")


def environments_below(top: Path) -> list[str]:
    """Folders of environments, relative to `top` and sorted; `.` for `top` itself.

    Raises GP951 where there are too many, or one has a name that a pipeline could not say without quotes.
    """
    found = sorted(_environments(top))
    wrong = [name for name in found if name != "." and not _FOLDER.fullmatch(name)]
    problems = [_unnamable(name) for name in wrong[:10]]
    if len(found) > MOST_ENVIRONMENTS:
        message = f"{len(found)} environments are below {top}, more than {MOST_ENVIRONMENTS}"
        problems.append(Diagnostic("GP951", message, hint="name a folder with fewer"))
    if problems:
        raise DiagnosticsError(problems)
    return found


def require_names_once(names: Sequence[tuple[str, Place]]) -> None:
    """Raises GP951 where two folders hold environments of one name."""
    count = Counter(name for name, _ in names)
    twice = [
        Diagnostic("GP951", f"two environments are called {name}", hint="one name, one environment", place=at)
        for name, at in names
        if count[name] > 1
    ]
    if twice:
        raise DiagnosticsError(twice)


def _environments(top: Path) -> Iterator[str]:
    if not top.is_dir():
        raise DiagnosticsError([Diagnostic("GP101", f"{top} is not a folder")])
    for seen, (parent, folders, names) in enumerate(os.walk(top)):
        inside = Path(parent).relative_to(top)
        if seen > MOST_FOLDERS:
            raise DiagnosticsError([Diagnostic("GP105", f"more than {MOST_FOLDERS:,} folders are below {top}")])
        if LOCK_FILE in names:
            yield inside.as_posix()
            folders.clear()
        else:
            deeper = len(inside.parts) < _DEPTH
            folders[:] = sorted(n for n in folders if deeper and not n.startswith(".") and n not in _NOT_ENTERED)


def _unnamable(name: str) -> Diagnostic:
    hint = "use letters, digits, `.`, `_` and `-` in the names of its folders"
    return Diagnostic("GP951", f"no pipeline can name the folder {shortened(name)!a}", hint=hint)
