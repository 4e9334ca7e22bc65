"""First stage: a path to a `Document`, or everything that keeps the files from being read."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.reading import KIB, UnreadableError, is_file, is_link, read_regular
from groundplan.spec.document import Document
from groundplan.spec.migrations import migrated
from groundplan.spec.overlay import ReadFile, follow, may_lie_at, near

MAX_BYTES = 256 * KIB


def _read(path: Path) -> bytes:
    try:
        return read_regular(path, limit_bytes=MAX_BYTES)
    except UnreadableError as error:
        if error.too_large:
            hint = "a spec is a page or two; check that this is the right file"
            raise _problem("GP105", path, error.reason, hint) from None
        raise _unreadable(path, error.reason, _hint(path, error)) from None


def _hint(path: Path, error: UnreadableError) -> str | None:
    if error.missing:
        return near(path) or "check the path; `groundplan init` writes a spec"
    inside = path / "groundplan.yaml"
    return f"give the file in it: {inside}" if is_file(inside) else None


def load(path: Path, *, read: ReadFile | None = None, exists: Callable[[Path], bool] = is_file) -> Document:
    """Values of the spec at `path` merged over the bases it extends, with the place of each; files show as given.

    A spec on the disk may be a link to where its bases may lie (`extends`), and nowhere else.

    `read` and `exists` answer for files that are not on the disk, such as those of a revision.
    Raises `DiagnosticsError` with every problem of every file read.
    """
    if read is None and is_link(path) and not may_lie_at(Path(os.path.realpath(path)), path.parent):
        raise _unreadable(path, "is a link that leads out of the folders a spec may build on")
    return migrated(follow(path, read or _read, exists))


def _unreadable(path: Path, why: str, hint: str | None = None) -> DiagnosticsError:
    return _problem("GP101", path, f"cannot read the spec: {why}", hint)


def _problem(code: str, path: Path, message: str, hint: str | None) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic(code, message, hint=hint, place=Place(str(path), 1, 1))])
