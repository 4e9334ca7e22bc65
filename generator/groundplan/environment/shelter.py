"""The hidden folder in which a new environment is built beside the old one, and what a killed run left of it."""

from __future__ import annotations

import contextlib
import glob
import os
import re
import shutil
import stat
import tempfile
from collections.abc import Iterator
from pathlib import Path

NEW, OLD = "new", "old"
"""Folders inside: what is being built, and what it replaced where that takes two steps."""
_MARK = "made-by-groundplan"
"""File inside that names the folder it was made in: no copy of a shelter, and nothing that git checks out, has that."""


def prefix(folder: Path) -> str:
    """How the names begin of what stands beside `folder` while it is written."""
    return f".{folder.name}.groundplan-"


@contextlib.contextmanager
def shelter_beside(folder: Path) -> Iterator[Path]:
    """An empty folder that only its owner can enter; gone afterwards, with what is left in it."""
    shelter = Path(tempfile.mkdtemp(prefix=f"{prefix(folder)}{os.getpid()}-", dir=folder.parent))
    try:
        mark(shelter)
        yield shelter
    finally:
        remove(shelter, folder)


def mark(shelter: Path) -> None:
    """Marks it as one of groundplan's."""
    (shelter / _MARK).write_text(_identity(shelter), encoding="ascii")


def remove(shelter: Path, folder: Path) -> None:
    """Removes it with its content, the mark last: what a killed removal leaves is known again.

    An old folder whose place is empty goes back there, or stays where it is.
    """
    _put_back(shelter, folder)
    for part in (NEW, OLD) if os.path.lexists(folder) else (NEW,):
        shutil.rmtree(shelter / part, ignore_errors=True)
    with contextlib.suppress(OSError):
        if _names(shelter) <= {_MARK}:
            (shelter / _MARK).unlink(missing_ok=True)
        shelter.rmdir()


def sweep(folder: Path) -> None:
    """Clear what killed runs left beside `folder`, which the caller holds; what is not provably theirs stays."""
    for leftover in folder.parent.glob(f"{glob.escape(prefix(folder))}*"):
        if not _is_ours(leftover, folder):
            continue
        remove(leftover, folder)


def _put_back(shelter: Path, folder: Path) -> None:
    """Renames the old folder in the shelter to what it was, where nothing else is there."""
    if (shelter / OLD).is_dir() and not os.path.lexists(folder):
        with contextlib.suppress(OSError):
            (shelter / OLD).rename(folder)


def _names(shelter: Path) -> set[str]:
    return {path.name for path in shelter.iterdir()}


def _is_ours(path: Path, folder: Path) -> bool:
    """Whether a run of groundplan by this user made it, for this folder: its name, owner, mode, content and mark."""
    try:
        found, names = path.lstat(), _names(path)
    except OSError:
        return False
    return (
        re.fullmatch(rf"{re.escape(prefix(folder))}\d+-[a-z0-9_]{{8}}", path.name) is not None
        and stat.S_ISDIR(found.st_mode)
        and stat.S_IMODE(found.st_mode) == stat.S_IRWXU
        and found.st_uid == os.geteuid()
        and names <= {NEW, OLD, _MARK}
        and not any((path / name).is_symlink() for name in names)
        and (not names or _is_marked(path))
    )


def _is_marked(shelter: Path) -> bool:
    try:
        return (shelter / _MARK).read_text(encoding="ascii", errors="replace") == _identity(shelter)
    except OSError:
        return False


def _identity(shelter: Path) -> str:
    found = shelter.lstat()
    return f"{found.st_dev}:{found.st_ino}\n"
