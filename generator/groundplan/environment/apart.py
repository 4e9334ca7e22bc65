"""Files that groundplan owns one by one in a folder that is not its own, such as a repository.

A lock beside them has the digest of each. Whatever else is there stays, and nothing that was edited is replaced.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Literal

import pydantic

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.environment.files import FileSet, digest
from groundplan.environment.lock import Name
from groundplan.environment.write import Changes
from groundplan.reading import MIB, UnreadableError, read_regular
from groundplan.writing import UnwritableError, write_file

OWNERS_FILE = "groundplan.pipelines.json"
_BYTES = 4 * MIB
_RENDER = "`groundplan pipelines DIR` writes it"


class Owners(pydantic.BaseModel):
    """The files that are groundplan's, with their digests."""

    model_config = pydantic.ConfigDict(frozen=True, extra="ignore", defer_build=True)
    format_version: Literal["1"] = "1"
    groundplan: Annotated[str, pydantic.Field(max_length=100)] = ""
    files: Annotated[Mapping[Name, str], pydantic.Field(max_length=10_000)] = {}


def owners_text(release: str, files: FileSet) -> str:
    """The lock over the files as it is written."""
    digests = {name: digest(text) for name, text in sorted(files.items())}
    return json.dumps({"format_version": "1", "groundplan": release, "files": digests}, indent=2) + "\n"


def read_owners(folder: Path) -> Owners:
    """What the last run wrote there; nothing without a lock. Raises GP402 for one that cannot be read."""
    try:
        return Owners.model_validate_json(read_regular(folder / OWNERS_FILE, limit_bytes=_BYTES, within=folder))
    except UnreadableError as error:
        if error.missing:
            return Owners()
        problem = error.reason
    except pydantic.ValidationError:
        problem = "it is no list of files"
    place = Place(str(folder / OWNERS_FILE), 1)
    message = f"{OWNERS_FILE} cannot be read: {problem}"
    raise DiagnosticsError([Diagnostic("GP402", message, hint="restore it from the repository", place=place)])


def compared(files: FileSet, folder: Path) -> Changes:
    """What `write_apart` would do."""
    present = {name: _text(folder, name) for name in files}
    removed = [name for name in read_owners(folder).files if name not in files and _text(folder, name) is not None]
    return Changes(
        added=tuple(sorted(name for name, text in present.items() if text is None)),
        changed=tuple(sorted(name for name, text in present.items() if text is not None and text != files[name])),
        removed=tuple(sorted(removed)),
        unchanged=sum(text == files[name] for name, text in present.items()),
    )


def refused(files: FileSet, folder: Path) -> Iterator[Diagnostic]:
    """Why nothing would be written: GP401 for what was edited by hand, GP402 for what is not groundplan's."""
    owned = read_owners(folder).files
    for name in sorted({*files, *owned}):
        text = _text(folder, name)
        if text is None or text == files.get(name):
            continue
        if name not in owned:
            hint = "move it away, or leave the pipelines of that system to it"
            yield Diagnostic("GP402", f"{folder / name} is there and groundplan did not write it", hint=hint)
        elif digest(text) != owned[name]:
            hint = "put what you need into a file beside it, and restore this one: --overwrite loses the edit"
            yield Diagnostic("GP401", f"{folder / name} was edited by hand", hint=hint, place=Place(name, 1))


def out_of_date(files: FileSet, folder: Path) -> Iterator[Diagnostic]:
    """GP404 for each file that would be another one now."""
    found = compared(files, folder)
    words = (
        ("missing", found.added),
        ("not what the specs render to now", found.changed),
        ("left over", found.removed),
    )
    for why, names in words:
        yield from (Diagnostic("GP404", f"{name} is {why}", hint=_RENDER, place=Place(name, 1)) for name in names)


def write_apart(files: FileSet, lock: str, folder: Path) -> Changes:
    """Writes each file atomically, removes what is no longer made, and the lock last.

    One that is ended in the middle is finished by the next run: what is as it will be counts as groundplan's.
    Raises GP403 where the file system refuses.
    """
    changes = compared(files, folder)
    for name in (*changes.added, *changes.changed):
        _write(folder, name, files[name])
    for name in changes.removed:
        (folder / name).unlink(missing_ok=True)
    if files or changes.any:
        _write(folder, OWNERS_FILE, lock)
    return changes


def _write(folder: Path, name: str, text: str) -> None:
    try:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_file(folder / name, text.encode(), below=folder)
    except UnwritableError as error:
        raise DiagnosticsError([Diagnostic("GP403", f"cannot write {folder / name}: {error.reason}")]) from None
    except OSError as error:
        raise DiagnosticsError([Diagnostic("GP403", f"cannot write {folder / name}: {error.strerror}")]) from None


def _text(folder: Path, name: str) -> str | None:
    """None without a file; text that nothing is rendered to for what is no plain file below the folder."""
    try:
        return read_regular(folder / name, limit_bytes=_BYTES, within=folder).decode("utf-8", errors="backslashreplace")
    except UnreadableError as error:
        return None if error.missing else "\0"
