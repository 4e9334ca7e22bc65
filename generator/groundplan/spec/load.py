"""First stage: a path to a `Document`, or everything that keeps the files from being read."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.spec.document import Document
from groundplan.spec.overlay import ReadFile, follow, near

MAX_BYTES = 256 * 1024


def read_file(path: Path) -> bytes:
    """Content of a regular file of at most 256 KiB; raises `DiagnosticsError`, and never blocks on a pipe or device."""
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        hint = near(path) or "check the path; `groundplan init` writes a spec"
        raise _unreadable(path, "no such file", hint) from None
    except PermissionError:
        raise _unreadable(path, "no permission to read it") from None
    except OSError as error:
        raise _unreadable(path, (error.strerror or "cannot be opened").lower()) from None
    except ValueError:
        raise _unreadable(path, "the path contains a NUL character") from None
    try:
        mode = os.fstat(descriptor).st_mode
        if stat.S_ISDIR(mode):
            inside = path / "groundplan.yaml"
            raise _unreadable(path, "is a folder", f"give the file in it: {inside}" if inside.is_file() else None)
        if not stat.S_ISREG(mode):
            raise _unreadable(path, "is not a regular file", "save the spec to a file first")
        with open(descriptor, "rb", closefd=False) as file:
            data = file.read(MAX_BYTES + 1)
    finally:
        os.close(descriptor)
    if len(data) > MAX_BYTES:
        hint = "a spec is a page or two; check that this is the right file"
        raise _problem("GP105", path, f"larger than {MAX_BYTES // 1024} KiB", hint)
    return data


def load(path: Path, *, read: ReadFile = read_file, exists: Callable[[Path], bool] = Path.is_file) -> Document:
    """Values of the spec at `path` merged over the bases it extends, with the place of each; files show as given.

    `read` and `exists` answer for files that are not on the disk, such as those of a revision.
    Raises `DiagnosticsError` with every problem of every file read.
    """
    return follow(path, read, exists)


def _unreadable(path: Path, why: str, hint: str | None = None) -> DiagnosticsError:
    return _problem("GP101", path, f"cannot read the spec: {why}", hint)


def _problem(code: str, path: Path, message: str, hint: str | None) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic(code, message, hint=hint, place=Place(str(path), 1, 1))])
