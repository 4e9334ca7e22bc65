"""A whole folder as it stands in a revision: read from Git's objects into a copy, nothing is checked out.

The copy has the bounds of `groundplan.terraform.intake`, and no links: what a link of a revision leads to is nowhere.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path, PurePosixPath

from groundplan.app.compare.revisions import REGULAR, Repository
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, bounded, shortened
from groundplan.reading import MIB, size
from groundplan.terraform.intake import (
    IGNORED,
    MAX_DEPTH,
    MAX_ENTRIES,
    MAX_NAME_BYTES,
    MAX_OTHER_BYTES,
    MAX_SOURCE_BYTES,
    MAX_SOURCES_BYTES,
    SOURCE,
)

LISTING_BYTES = 8 * MIB
"""Of `ls-tree`: twice what the most entries take, and the end of a tree that holds itself many times over."""
MAX_OTHERS_BYTES = 64 * MIB
"""Of what lies beside the source: it passes through memory."""
_TREE = "040000"
_NO_NAMES = ("", ".", "..")
_LFS = b"version https://git-lfs.github.com/spec/"
_HEADER_BYTES = 128


@dataclass(frozen=True, slots=True)
class _Entry:
    mode: str
    object: str
    size: str
    """In bytes; `-` for what is no file, and for one whose object is not here."""
    name: str
    """Relative to the folder, as Git has it: nothing about it is sure."""

    @property
    def is_source(self) -> bool:
        return self.name.endswith(SOURCE)


def take_tree(repository: Repository, revision: str, folder: Path, top: Path) -> list[Diagnostic] | None:
    """Writes `folder` as it was in `revision` to `top`, which must not be there yet; None where it was not there.

    Gives what is not in the copy: GP101 for links, submodules and names that no file can have, GP105 for what is too
    large. Raises GP101 for an object that is not here, and GP105 where there is too much of it.
    """
    folder = Path(os.path.realpath(folder))
    commit = repository.commit(revision)
    shown = f"{revision}:{repository.inside(folder)}"
    tree = _tree(repository, commit, folder, shown)
    if tree is None:
        return None
    problems: list[Diagnostic] = []
    wanted = _fitting(_wanted(_listed(repository, tree, shown), shown, problems), shown, problems)
    _write(_contents(repository, wanted, shown), top, shown, problems)
    return list(bounded(problems))


def _tree(repository: Repository, commit: str, folder: Path, shown: str) -> str | None:
    """The object of the folder; None where the commit has none of that name."""
    inside = repository.inside(folder)
    if inside == ".":
        return commit
    code, output = repository.run("ls-tree", "--full-tree", "-z", commit, "--", inside)
    if code:
        raise _not_here(shown)
    found = [_entry(line) for line in os.fsdecode(output).split("\0") if line.endswith(f"\t{inside}")]
    if not found:
        return None
    if found[0].mode != _TREE:
        raise DiagnosticsError([Diagnostic("GP101", f"{shown} is not a folder in this revision")])
    return found[0].object


def _listed(repository: Repository, tree: str, shown: str) -> list[_Entry]:
    code, output = repository.run("ls-tree", "-r", "-l", "-z", "--full-tree", tree, limit_bytes=LISTING_BYTES)
    if code:
        raise _not_here(shown)
    lines = os.fsdecode(output).split("\0")[:-1]
    if len(lines) > MAX_ENTRIES:
        raise _too_much(shown, f"more than {MAX_ENTRIES:,} files")
    return [_entry(line) for line in lines]


def _entry(line: str) -> _Entry:
    about, _, name = line.partition("\t")
    mode, _, found, *size_bytes = about.split()
    return _Entry(mode, found, size_bytes[0] if size_bytes else "-", name)


def _wanted(entries: Iterable[_Entry], shown: str, problems: list[Diagnostic]) -> Iterator[_Entry]:
    """The files that can be written as they are called, each name once. Hidden folders stay behind, as on the disk."""
    files: set[str] = set()
    folders: set[str] = set()
    for entry in entries:
        parts = entry.name.split("/")
        if any((part.startswith(".") and part not in _NO_NAMES) or part in IGNORED for part in parts[:-1]):
            continue
        above = set(accumulate(parts[:-1], lambda folder, part: f"{folder}/{part}"))
        twice = entry.name in files or entry.name in folders or above & files
        files.add(entry.name)
        folders |= above
        if problem := _problem(entry, parts) or ("is there twice" if twice else ""):
            problems.append(_about("GP101", shown, entry.name, problem))
        else:
            yield entry


def _problem(entry: _Entry, parts: Sequence[str]) -> str:
    """Why it is not written; empty when nothing speaks against it."""
    if entry.mode == "120000":
        return "is a link, which leads nowhere in a revision"
    if entry.mode not in REGULAR:
        return "is another repository, which is not read"
    if any(part in _NO_NAMES for part in parts) or not entry.name.isprintable():
        return "has a name that no file can have, or that cannot be shown"
    if len(parts) > MAX_DEPTH or any(len(os.fsencode(part)) > MAX_NAME_BYTES for part in parts):
        return f"lies deeper than {MAX_DEPTH} folders, or has a name of more than {MAX_NAME_BYTES} bytes"
    return ""


def _fitting(entries: Iterable[_Entry], shown: str, problems: list[Diagnostic]) -> list[_Entry]:
    """Those whose content is within the bounds; raises GP101 for an object that is not here."""
    fitting: list[_Entry] = []
    source_bytes = other_bytes = 0
    for entry in entries:
        if not entry.size.isdigit():
            raise _not_here(f"{shown}/{entry.name}")
        file_bytes = int(entry.size)
        if file_bytes > (most := MAX_SOURCE_BYTES if entry.is_source else MAX_OTHER_BYTES):
            problems.append(_about("GP105", shown, entry.name, f"is larger than {size(most)}"))
            continue
        source_bytes += file_bytes * entry.is_source
        other_bytes += file_bytes * (not entry.is_source)
        if source_bytes > MAX_SOURCES_BYTES or other_bytes > MAX_OTHERS_BYTES:
            raise _too_much(shown, f"{size(MAX_SOURCES_BYTES)} of Terraform, or {size(MAX_OTHERS_BYTES)} beside it")
        fitting.append(entry)
    return fitting


def _contents(repository: Repository, entries: Sequence[_Entry], shown: str) -> Iterator[tuple[str, bytes]]:
    """Each file's name and content, all from one process."""
    given = "".join(f"{entry.object}\n" for entry in entries).encode()
    most = sum(int(entry.size) for entry in entries) + _HEADER_BYTES * len(entries)
    code, output = repository.run("cat-file", "--batch", limit_bytes=most, given=given) if entries else (0, b"")
    start = 0
    for entry in entries:
        end_of_header = output.find(b"\n", start)
        content = end_of_header + 1
        expected = f"{entry.object} blob {entry.size}".encode()
        if code or end_of_header < 0 or output[start:end_of_header] != expected:
            raise _not_here(f"{shown}/{entry.name}")
        start = content + int(entry.size) + 1
        yield entry.name, output[content : start - 1]


def _write(files: Iterable[tuple[str, bytes]], top: Path, shown: str, problems: list[Diagnostic]) -> None:
    top.mkdir()
    for name, content in files:
        if content.startswith(_LFS) and name.endswith(SOURCE):
            problems.append(_about("GP101", shown, name, "is kept by Git LFS: its content is not in the revision"))
            continue
        path = top / PurePosixPath(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _about(code: str, shown: str, name: str, problem: str) -> Diagnostic:
    name = shortened(name if name.isprintable() else ascii(name))
    return Diagnostic(code, f"{name} {problem}", place=Place(f"{shown}/{name}", 1))


def _not_here(shown: str) -> DiagnosticsError:
    hint = "a partial clone lacks objects, and nothing is fetched here: `git fetch --refetch --filter=blob:limit=1m`"
    message = "cannot read the folder: the repository does not have this object"
    return DiagnosticsError([Diagnostic("GP101", message, hint=hint, place=Place(shown, 1))])


def _too_much(shown: str, what: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP105", f"too large to read: {what}", place=Place(shown, 1))])
