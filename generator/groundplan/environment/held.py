"""A lock that one process holds: a file locked by the kernel, which lets go of it however the process ends."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import stat
from collections.abc import Iterator
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.sandbox.signals import finished_first

_UNWRITABLE = {errno.EACCES, errno.EPERM, errno.EROFS, errno.ENOENT, errno.ENOTDIR, errno.ENAMETOOLONG, errno.ELOOP}
_NO_LOCKS = {errno.ENOLCK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


@contextlib.contextmanager
def held(file: Path, what: str) -> Iterator[None]:
    """Holds the lock `file` for `what` and removes the file afterwards; raises GP405 when another process has it.

    Where the file cannot be made, or the file system has no locks, nothing is held.
    """
    descriptor = _acquired(file, what)
    try:
        yield
    finally:
        if descriptor is not None:
            with finished_first(), contextlib.suppress(OSError):
                file.unlink()
            os.close(descriptor)


def _acquired(file: Path, what: str) -> int | None:
    """An open file that is locked and still the one of that name; the last holder may have removed it meanwhile."""
    while True:
        descriptor = _opened(file)
        if descriptor is None:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(file, descriptor):
                os.ftruncate(descriptor, 0)
                os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
                return descriptor
        except BlockingIOError:
            raise _busy(descriptor, what) from None
        except OSError as error:
            if error.errno not in _NO_LOCKS:
                os.close(descriptor)
                raise
            os.close(descriptor)
            return None
        os.close(descriptor)


def _opened(file: Path) -> int | None:
    """The regular file of that name, made where there is none; a link, a pipe or a device is refused with GP403."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
    try:
        descriptor = os.open(file, flags, 0o600)
    except OSError as error:
        if os.path.lexists(file):
            raise _in_the_way(file) from None
        if error.errno in _UNWRITABLE:
            return None
        raise
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise _in_the_way(file)
    return descriptor


def _is_at(file: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(os.lstat(file), os.fstat(descriptor))
    except FileNotFoundError:
        return False


def _busy(descriptor: int, what: str) -> DiagnosticsError:
    with contextlib.suppress(OSError):
        pid = os.pread(descriptor, 20, 0).decode("ascii", "replace").strip()
    os.close(descriptor)
    process = f" (process {pid})" if pid.isdigit() else ""
    hint = "wait until it has ended; nothing was written"
    return DiagnosticsError([Diagnostic("GP405", f"another groundplan is writing {what}{process}", hint=hint)])


def _in_the_way(file: Path) -> DiagnosticsError:
    hint = "remove it; a lock of groundplan is a file of your own"
    return DiagnosticsError([Diagnostic("GP403", f"{file} is no lock of groundplan of yours", hint=hint)])
