"""Whose a replaced folder is: owners, groups and permissions of what is there stay as they are."""

from __future__ import annotations

import contextlib
import os
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePath

from groundplan.diagnostics import Diagnostic

_PERMISSIONS = 0o777


def foreign(folder: Path) -> list[Diagnostic]:
    """GP403 where the folder is another user's and replacing it would make it this one's; root can give it back."""
    if os.geteuid() == 0 or not folder.exists() or folder.stat().st_uid == os.geteuid():
        return []
    hint = "render as its owner, or into another folder"
    message = f"{folder} belongs to another user, and replacing it would make it yours"
    return [Diagnostic("GP403", message, hint=hint)]


def take_over(folder: Path, staging: Path, files: Iterable[str]) -> None:
    """Give what was built in `staging` the owners and permissions that it has in `folder`.

    What is new has the owner of the folder it stands in, as far as this user can give it away.
    """
    if not folder.exists():
        return
    for name in sorted(_folders(folder, staging)):
        _take(folder / name, staging / name)
    for name in files:
        old, new = folder / name, staging / name
        if old.is_file() and not old.is_symlink():
            _take(old, new)
        else:
            _hand_over(folder, staging, name)


def _folders(folder: Path, staging: Path) -> Iterator[str]:
    for parent, _, _ in os.walk(folder):
        name = os.path.relpath(parent, folder)
        if (staging / name).is_dir() and not (staging / name).is_symlink():
            yield name


def _take(old: Path, new: Path) -> None:
    """Raises OSError where the owner cannot be kept: an owner never changes silently."""
    had, has = old.stat(), new.stat()
    if (had.st_uid, had.st_gid) != (has.st_uid, has.st_gid):
        os.chown(new, had.st_uid, had.st_gid, follow_symlinks=False)
    new.chmod(stat.S_IMODE(had.st_mode) if new.is_dir() else had.st_mode & _PERMISSIONS)


def _hand_over(folder: Path, staging: Path, name: str) -> None:
    """A new file, and the new folders above it, get the owner of the folder they stand in."""
    for part in (*reversed(PurePath(name).parents), PurePath(name)):
        path, owner = staging / part, (staging / part).parent.stat()
        if (folder / part).is_dir() or (owner.st_uid, owner.st_gid) == (path.stat().st_uid, path.stat().st_gid):
            continue
        with contextlib.suppress(PermissionError):  # a user gives nothing away; it is this user's then
            os.chown(path, owner.st_uid, owner.st_gid, follow_symlinks=False)
