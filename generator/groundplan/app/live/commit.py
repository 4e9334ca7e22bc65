"""Which commit a rendered folder is of, and whether it still is as it was committed."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.app.compare.revisions import REGULAR, Repository
from groundplan.diagnostics import DiagnosticsError
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.lock import Lock
from groundplan.reading import MIB, UnreadableError, read_regular

_LISTING_BYTES = 8 * MIB
_FILE_BYTES = 16 * MIB
_SHA1_DIGITS = 40
SHORT = 12
"""Characters of a commit that are shown."""


@dataclass(frozen=True, slots=True)
class Commit:
    """A commit, and whether the folder differs from it: by an edit, or by a file that was never committed."""

    id: str
    edited: bool

    def __str__(self) -> str:
        return f"{self.id[:SHORT]}{', edited since' if self.edited else ''}"


def commit_of(folder: Path, lock: Lock, environment: Mapping[str, str]) -> Commit | None:
    """That of HEAD around the folder; None without a repository, or where it holds neither the lock nor the spec.

    Only objects of the repository are read, and the files themselves: no index, no hook, no filter.
    """
    try:
        repository = Repository.around(folder / LOCK_FILE, environment)
        head = repository.commit("HEAD")
        spec = [one.file for one in lock.spec.sources]
        names = [LOCK_FILE, *lock.owned, *spec]
        paths = {name: repository.inside(folder / name) for name in names}
        top = repository.inside(folder)
        there = dict(_blobs(repository, head, [] if top == "." else [top, *(paths[name] for name in spec)]))
    except DiagnosticsError:
        return None
    wanted = names if paths[LOCK_FILE] in there else spec if any(paths[name] in there for name in spec) else []
    if not wanted:
        return None
    same = all(_is(folder / name, there.get(paths[name], ""), folder) for name in wanted)
    return Commit(head, edited=not same)


def _blobs(repository: Repository, commit: str, where: list[str]) -> Iterator[tuple[str, str]]:
    """Path and object of the regular files at these paths and below them; of all without any."""
    words = ("ls-tree", "-r", "-z", "--full-tree", commit, "--", *where)
    code, output = repository.run(*words, limit_bytes=_LISTING_BYTES)
    for line in os.fsdecode(output).split("\0")[:-1] if not code else ():
        about, _, path = line.partition("\t")
        mode, _, found = about.split()
        if mode in REGULAR:
            yield path, found


def _is(file: Path, blob: str, folder: Path) -> bool:
    """Whether the file is what Git has as that object: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects."""
    try:
        data = read_regular(file, limit_bytes=_FILE_BYTES, within=folder.resolve().parent)
    except UnreadableError:
        return False
    kind = hashlib.sha1 if len(blob) == _SHA1_DIGITS else hashlib.sha256
    return kind(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == blob
