"""Reading files that come with a pull request: regular ones only, of bounded size, and never from outside a folder."""

from __future__ import annotations

import os
import stat
from pathlib import Path

KIB, MIB = 1024, 1024 * 1024


class UnreadableError(Exception):
    """Why a file was not read, as the end of `cannot read FILE: `."""

    def __init__(self, reason: str, *, missing: bool = False, too_large: bool = False) -> None:
        self.reason = reason
        self.missing = missing
        self.too_large = too_large
        super().__init__(reason)


def read_regular(path: Path, *, limit_bytes: int, within: Path | None = None) -> bytes:
    """The content of a regular file of at most `limit_bytes`; never waits for a pipe or a device.

    With `within`, a path that leads out of that folder, by `..` or by a link, is refused and not opened. Raises
    UnreadableError.
    """
    try:
        if within is not None and not Path(os.path.realpath(path)).is_relative_to(os.path.realpath(within)):
            raise UnreadableError(f"it leads out of {within}")
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    except FileNotFoundError:
        raise UnreadableError("no such file", missing=True) from None
    except PermissionError:
        raise UnreadableError("no permission to read it") from None
    except OSError as error:
        raise UnreadableError((error.strerror or "it cannot be opened").lower()) from None
    except ValueError:
        raise UnreadableError("the path contains a NUL character") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            raise UnreadableError("is a folder")
        if not stat.S_ISREG(mode):
            raise UnreadableError("is not a regular file")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(limit_bytes + 1)
    finally:
        os.close(descriptor)
    if len(data) > limit_bytes:
        raise UnreadableError(f"larger than {size(limit_bytes)}", too_large=True)
    return data


def is_file(path: Path) -> bool:
    """Whether a regular file is there; a name that no file can have is none (before Python 3.14, pathlib raises)."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def size(count: int) -> str:
    """A limit in bytes in the largest unit that divides it: `256 KiB`, `50 MiB`."""
    if count % MIB == 0:
        return f"{count // MIB} MiB"
    return f"{count // KIB} KiB" if count % KIB == 0 else f"{count} bytes"
