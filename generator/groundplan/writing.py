"""Writing single files: whole or not at all, where their name says and nowhere else."""

from __future__ import annotations

import contextlib
import errno
import itertools
import os
import stat
from collections.abc import Iterator
from pathlib import Path

_PERMISSIONS = 0o777


class UnwritableError(Exception):
    """Why a file was not written, as the end of `cannot write FILE: `; what was there is as it was."""

    def __init__(self, reason: str) -> None:
        self.reason = reason
        super().__init__(reason)


def write_file(path: Path, data: bytes, *, below: Path | None = None) -> None:
    """Puts `data` in place of the file, atomically; it keeps its owner and its permissions.

    A link is followed where it leads to a file in its own folder or deeper, since others lead to where nobody looks
    for what is written. `below` is the folder that a relative path starts from: links on the way there are links that
    may come with a pull request, and are held to the same. Raises UnwritableError.
    """
    try:
        for link in _links(path, below):
            if not _leads_down(link):
                raise UnwritableError(f"{link} is a link that leads out of its folder")
        target = Path(os.path.realpath(path))
        _replace(target, data, _present(target))
    except OSError as error:
        raise UnwritableError((error.strerror or str(error)).lower()) from None
    except ValueError:
        raise UnwritableError("the path contains a NUL character") from None


def _links(path: Path, below: Path | None) -> Iterator[Path]:
    """The links among the parts of the path, from `below` on; elsewhere, where folders are the system's, the last."""
    for part in (*reversed(path.parents), path):
        judged = part == path or (below is not None and (not path.is_absolute() or part.is_relative_to(below)))
        if judged and part.name != ".." and part.is_symlink():
            yield part


def _leads_down(link: Path) -> bool:
    return Path(os.path.realpath(link)).is_relative_to(os.path.realpath(link.parent))


def _present(target: Path) -> os.stat_result | None:
    try:
        found = target.lstat()
    except FileNotFoundError:
        return None
    if stat.S_ISDIR(found.st_mode):
        raise UnwritableError("it is a folder")
    if not stat.S_ISREG(found.st_mode):
        raise UnwritableError("it is no regular file")
    return found


def _replace(target: Path, data: bytes, had: os.stat_result | None) -> None:
    descriptor, temporary = _beside(target)
    try:
        with os.fdopen(descriptor, "wb") as file:
            if had is not None:
                _keep(descriptor, had)
            file.write(data)
            file.flush()
            _to_disk(descriptor)
        temporary.replace(target)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink()
        raise


def _beside(target: Path) -> tuple[int, Path]:
    """A new file in the same folder, under a name that is free."""
    for number in itertools.count():
        path = target.with_name(f".groundplan-{os.getpid()}-{number}")
        with contextlib.suppress(FileExistsError):
            return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666), path
    raise AssertionError("numbers do not end")


def _keep(descriptor: int, had: os.stat_result) -> None:
    has = os.fstat(descriptor)
    if (had.st_uid, had.st_gid) != (has.st_uid, has.st_gid):
        try:
            os.fchown(descriptor, had.st_uid, had.st_gid)
        except PermissionError:
            raise UnwritableError("it belongs to another user, and replacing it would make it yours") from None
    os.fchmod(descriptor, had.st_mode & _PERMISSIONS)


def _to_disk(descriptor: int) -> None:
    """A disk that is full may say so only here."""
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.ENOTSUP):
            raise
