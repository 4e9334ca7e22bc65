"""Which environments of a repository a change touches: those whose lock, Terraform or spec is another one.

Contents are compared, not names of files: what two branches both have is no change, and prices are none either.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from groundplan.app.compare.revisions import REGULAR, NoRepositoryError, Repository
from groundplan.app.repository import environments_below, require_names_once
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, did_you_mean, shortened
from groundplan.environment.files import LOCK_FILE
from groundplan.environment.lock import Lock, read_lock
from groundplan.live.digests import is_read_by_terraform
from groundplan.reading import MIB, UnreadableError, read_regular

FILE_BYTES = 16 * MIB
LISTING_BYTES = 32 * MIB
MOST_FILES = 100_000
_MODULES = "modules/"
_HASHES = {40: "sha1", 64: "sha256"}
"""By the length of an object's name: https://git-scm.com/docs/hash-function-transition."""


@dataclass(frozen=True, slots=True)
class Touched:
    """An environment that a change touches, by which files, and which of its roots."""

    name: str
    folder: str
    roots: tuple[str, ...]
    files: tuple[str, ...]
    """Relative to the folder of environments; none where everything counts as changed."""


@dataclass(frozen=True, slots=True)
class Affected:
    """What a change touches."""

    touched: Sequence[Touched]
    untouched: Sequence[str]
    removed: Sequence[str]
    """Folders that held an environment and hold none any more."""


@dataclass(frozen=True, slots=True)
class _Base:
    """The files of a revision below a folder: object by path relative to it."""

    objects: Mapping[str, str]

    def below(self, folder: str) -> Iterator[str]:
        prefix = "" if folder == "." else f"{folder}/"
        return (name.removeprefix(prefix) for name in self.objects if name.startswith(prefix))


def affected(top: Path, base: str, environment: Mapping[str, str], only: Sequence[str] = ()) -> Affected:
    """The environments below `top` that are not what they were in the revision `base`.

    Every one where `base` is empty or, as forges write "none", all zeros. Raises GP101 for a revision that is not
    here, and GP207 for an `only` that is no environment.
    """
    folders = environments_below(top)
    locks = {folder: lock for folder in folders if (lock := read_lock(top / folder)) is not None}
    require_names_once([(lock.cloud.environment, Place(f"{folder}/{LOCK_FILE}", 1)) for folder, lock in locks.items()])
    chosen = _chosen(only, locks)
    if not base.strip("0"):
        every = [Touched(locks[one].cloud.environment, one, tuple(locks[one].calls), ()) for one in chosen]
        return Affected(every, (), ())
    then = _base(top, base, environment)
    compared = [_compared(top, folder, locks[folder], then) for folder in chosen]
    gone = {name.removesuffix(LOCK_FILE).rstrip("/") or "." for name in then.objects if _is_lock(name)} - set(folders)
    return Affected(
        touched=[one for one in compared if one.files],
        untouched=[one.folder for one in compared if not one.files],
        removed=sorted(gone) if not only else (),
    )


def _is_lock(name: str) -> bool:
    return name == LOCK_FILE or name.endswith(f"/{LOCK_FILE}")


def _chosen(only: Sequence[str], locks: Mapping[str, Lock]) -> list[str]:
    names = [os.path.normpath(one) for one in only]
    wrong = [name for name in names if name not in locks]
    if wrong:
        hint = did_you_mean(wrong[0], locks) or f"environments: {', '.join(list(locks)[:10]) or 'none'}"
        message = f"no environment is in {shortened(wrong[0])}"
        raise DiagnosticsError([Diagnostic("GP207", message, hint=hint)])
    return [folder for folder in locks if not names or folder in names]


def _base(top: Path, base: str, environment: Mapping[str, str]) -> _Base:
    try:
        repository = Repository.around(top / LOCK_FILE, environment)
    except NoRepositoryError:
        message = f"{top} is in no Git repository, so that `{shortened(base)}` is no revision"
        raise DiagnosticsError([Diagnostic("GP101", message)]) from None
    commit = repository.commit(base)
    inside = repository.inside(top / LOCK_FILE).removesuffix(LOCK_FILE)
    where = ("--", inside.rstrip("/")) if inside else ()
    code, output = repository.run("ls-tree", "-r", "-z", "--full-tree", commit, *where, limit_bytes=LISTING_BYTES)
    lines = os.fsdecode(output).split("\0") if not code else []
    if code or len(lines) > MOST_FILES:
        raise DiagnosticsError([Diagnostic("GP101", f"cannot list the files of {shortened(base)}")])
    return _Base(dict(_entry(line, inside) for line in lines if line))


def _entry(line: str, inside: str) -> tuple[str, str]:
    """Path and object; what is no regular file has an object that no file has."""
    said, _, name = line.partition("\t")
    mode, _, found = said.split(" ", 2)
    return name.removeprefix(inside), found if mode in REGULAR else f"{mode} {found}"


def _compared(top: Path, folder: str, lock: Lock, then: _Base) -> Touched:
    changed = sorted(_changed(top, folder, lock, then))
    own = [name for name in changed if not name.startswith("..")]
    roots = _roots(top / folder, lock, own) if changed else ()
    files = tuple(_inside(folder, name) for name in changed)
    return Touched(lock.cloud.environment, folder, roots, files)


def _changed(top: Path, folder: str, lock: Lock, then: _Base) -> Iterator[str]:
    """Names relative to the environment."""
    listed = set(then.below(folder))
    names = {LOCK_FILE, *lock.files, *(source.file for source in lock.spec.sources)}
    names |= {name for name in (*listed, *_present(top / folder)) if is_read_by_terraform(name)}
    for name in names - set(lock.sealed):
        before = then.objects.get(_inside(folder, name))
        if before != _object(top, folder, name, before):
            yield name


def _inside(folder: str, name: str) -> str:
    """A name relative to the environment, relative to the folder of environments."""
    return os.path.normpath(f"{folder}/{name}")


def _present(folder: Path) -> Iterator[str]:
    for parent, folders, names in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from ((Path(parent) / name).relative_to(folder).as_posix() for name in names)


def _object(top: Path, folder: str, name: str, before: str | None) -> str | None:
    """The object that the file would be; None without a file."""
    path = top / folder / name
    try:
        data = read_regular(path, limit_bytes=FILE_BYTES, within=Path(os.path.realpath(top / folder)).parent)
    except UnreadableError as error:
        return None if error.missing else ""
    kind = _HASHES.get(len(before or ""), "sha1")
    return hashlib.new(kind, b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


def _roots(folder: Path, lock: Lock, changed: Iterable[str]) -> tuple[str, ...]:
    """Roots with a changed file, or with a changed module; all of them where neither says which."""
    tops = {name.partition("/")[0] for name in changed}
    modules = {"/".join(name.split("/")[1:3]) for name in changed if name.startswith(_MODULES)}
    found = {root for root in lock.calls if root in tops or any(_calls(folder, root, one) for one in modules)}
    return tuple(root for root in lock.calls if not found or root in found)


def _calls(folder: Path, root: str, module: str) -> bool:
    try:
        text = read_regular(folder / root / "main.tf", limit_bytes=FILE_BYTES, within=folder)
    except UnreadableError:
        return True
    return f'"../{_MODULES}{module}"'.encode() in text
