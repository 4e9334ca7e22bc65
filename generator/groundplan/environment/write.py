"""From files to a folder: the old folder or the new one, never a mixture, and nothing of the user's is lost."""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import shutil
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, FileSet
from groundplan.environment.held import held
from groundplan.environment.lock import Lock, last_lock
from groundplan.environment.owners import foreign, take_over
from groundplan.environment.shelter import NEW, OLD, prefix, shelter_beside, sweep
from groundplan.reading import MIB, UnreadableError, read_regular
from groundplan.sandbox.signals import finished_first

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100
_NO_HARD_LINKS = {errno.EPERM, errno.EACCES, errno.EXDEV, errno.EMLINK, errno.ENOSYS, errno.ENOTSUP, errno.EOPNOTSUPP}


LARGEST_BYTES = 16 * MIB
"""Of a file that a render may have written; what is larger, it has not."""
_FOREIGN = "\0"
"""Stands for what no render writes."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What writing does to a folder: paths relative to it, each list sorted."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    unchanged: int

    @property
    def any(self) -> bool:
        """Whether there is anything to write."""
        return bool(self.added or self.changed or self.removed)


def compare(files: FileSet, folder: Path) -> Changes:
    """What `write` would do; reads only. `removed` are files an earlier render wrote that this one does not have."""
    with _file_system(folder):
        present = {name: _read(folder / name) for name in files}
        owned = _owned(last_lock(folder), files)
        removed = [name for name in owned if name not in files and (folder / name).is_file()]
    return Changes(
        added=tuple(sorted(name for name, text in present.items() if text is None)),
        changed=tuple(sorted(name for name, text in present.items() if text is not None and text != files[name])),
        removed=tuple(sorted(removed)),
        unchanged=sum(text == files[name] for name, text in present.items()),
    )


def refusals(files: FileSet, folder: Path, *, overwrite: bool = False) -> list[Diagnostic]:
    """Why `write` would not write.

    GP401 for a rendered file that was edited by hand, GP402 for something in the way that groundplan did not write,
    GP403 for a target that is no folder. `overwrite` gives up files, never folders.
    """
    with _file_system(folder):
        nearest = next(path for path in (folder, *folder.parents) if path.exists())
        if not nearest.is_dir():
            return [Diagnostic(code="GP403", message=f"{nearest} is not a folder", hint="choose another output")]
        problems = list(_folders_in_the_way(files, folder))
        if not overwrite:
            lock = last_lock(folder)
            problems += [*_edited_by_hand(files, folder, lock), *_files_in_the_way(files, folder, lock)]
        return problems


def write(files: FileSet, folder: Path, *, overwrite: bool = False) -> Changes:
    """Make `folder` hold `files`; what the user put beside them stays.

    The new folder is built beside the old one and the two are exchanged atomically. Raises `DiagnosticsError` with
    what `refusals` says, with GP405 when somebody else is writing there, and with GP403 when the file system refuses.
    """
    with exclusive(folder):
        return write_held(files, folder, overwrite=overwrite)


def write_held(files: FileSet, folder: Path, *, overwrite: bool = False) -> Changes:
    """`write` for who holds the folder already, with `exclusive`."""
    with _file_system(folder):
        target = Path(os.path.realpath(folder))
        sweep(target)
        if problems := refusals(files, folder, overwrite=overwrite):
            raise DiagnosticsError(problems)
        changes = compare(files, folder)
        if changes.any:
            if problems := foreign(target):
                raise DiagnosticsError(problems)
            _replace(files, target)
        return changes


@contextlib.contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Holds the folder for this process: another that wants to write there gets GP405 at once, and nothing is written.

    A process that is killed holds nothing any more. Where no file can be made beside the folder nothing is held: nobody
    can write there.
    """
    with _file_system(folder):
        target = Path(os.path.realpath(folder))
        made = _make_parents(target)
    try:
        with held(target.with_name(f"{prefix(target)}lock"), str(folder)):
            yield
    finally:
        for parent in made:
            with contextlib.suppress(OSError):  # it holds the folder now
                parent.rmdir()


def _make_parents(folder: Path) -> list[Path]:
    """The folders above it that were missing and are there now, the innermost first."""
    missing = [parent for parent in folder.parents if not parent.exists()]
    nearest = next(parent for parent in folder.parents if parent.exists())
    if nearest.is_dir() and os.access(nearest, os.W_OK | os.X_OK):
        folder.parent.mkdir(parents=True, exist_ok=True)
    return missing


@contextlib.contextmanager
def _file_system(folder: Path) -> Iterator[None]:
    """Turns what the file system refuses into a GP403."""
    try:
        yield
    except OSError as error:
        hint = None
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS, errno.EBUSY, errno.EXDEV):
            hint = "the folder is replaced atomically: its parent must be writable, and it must not be a mount point"
        message = f"cannot write {folder}: {error.strerror or error}"
        raise DiagnosticsError([Diagnostic(code="GP403", message=message, hint=hint)]) from error


def edited(files: FileSet, folder: Path) -> list[str]:
    """Files of the last render that are neither what it wrote nor what this one would."""
    with _file_system(folder):
        return list(_edited(files, folder, last_lock(folder)))


def _edited(files: FileSet, folder: Path, lock: Lock | None) -> Iterator[str]:
    for name in sorted(_owned(lock, files)):
        text = _read(folder / name)
        if lock and text is not None and lock.edited(name, text) and text != files.get(name):
            yield name


def _edited_by_hand(files: FileSet, folder: Path, lock: Lock | None) -> Iterator[Diagnostic]:
    for name in _edited(files, folder, lock):
        yield Diagnostic(
            code="GP401",
            message=f"{folder / name} was edited since it was rendered",
            hint="move the change into the spec, or render with --overwrite to lose it",
        )


def _files_in_the_way(files: FileSet, folder: Path, lock: Lock | None) -> Iterator[Diagnostic]:
    """Files that groundplan did not write where one is to go, or a folder that one is to go into."""
    owned = _owned(lock, files)
    found = [
        name
        for name, text in files.items()
        if name not in owned and name != LOCK_FILE and _read(folder / name) not in (None, text)
    ]
    found += [parent for parent in _parents(files) if (folder / parent).is_symlink() or (folder / parent).is_file()]
    for name in sorted(found):
        yield Diagnostic(
            code="GP402",
            message=f"{folder / name} already exists and groundplan did not write it",
            hint="choose another folder, or render with --overwrite to replace it",
        )


def _folders_in_the_way(files: FileSet, folder: Path) -> Iterator[Diagnostic]:
    for name in files:
        path = folder / name
        if path.is_dir() and not path.is_symlink():
            message = f"{path} is a folder, where a file must go"
            yield Diagnostic(code="GP402", message=message, hint="move it away, or choose another folder")


def _parents(files: FileSet) -> set[str]:
    """Every folder that a file goes into, without the top."""
    folders: set[str] = set()
    for name in files:
        parent = name.rpartition("/")[0]
        while parent and parent not in folders:
            folders.add(parent)
            parent = parent.rpartition("/")[0]
    return folders


def _read(path: Path) -> str | None:
    """The file's text; None when there is none. What is not UTF-8 or not a regular file gives text no render writes."""
    try:
        mode = path.stat().st_mode
        if stat.S_ISDIR(mode):
            return None
        if not stat.S_ISREG(mode) or path.is_symlink():
            return _FOREIGN
        return read_regular(path, limit_bytes=LARGEST_BYTES).decode("utf-8", errors="backslashreplace")
    except UnreadableError as error:
        if error.too_large:
            return _FOREIGN
        raise OSError(errno.EACCES, error.reason, str(path)) from None
    except (FileNotFoundError, NotADirectoryError):
        return _FOREIGN if path.is_symlink() else None


def _owned(lock: Lock | None, files: FileSet) -> frozenset[str]:
    """The files that the last render wrote; none when there was none or its lock is damaged.

    The spec counts only where the last render wrote a copy of it, and `files` has one too: where it is rendered in
    place it is the user's own file.
    """
    if lock is None:
        return frozenset()
    return lock.owned | {SPEC_FILE} if SPEC_FILE in files and lock.copied_spec else lock.owned


def _replace(files: FileSet, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    with finished_first(), shelter_beside(folder) as shelter:
        staging = shelter / NEW
        staging.mkdir()
        if folder.exists():
            _keep(folder, staging, gone={*_owned(last_lock(folder), files), *files, LOCK_FILE, *_parents(files)})
        for name, text in files.items():
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        take_over(folder, staging, files)
        _exchange(staging, folder)


def _keep(folder: Path, staging: Path, *, gone: set[str]) -> None:
    """Take over what is not ours, as hard links: state, provider downloads, notes, the spec, empty folders."""
    for parent, folders, names in os.walk(folder, onerror=_raise):
        source = Path(parent)
        target = staging / source.relative_to(folder)
        links = [name for name in folders if (source / name).is_symlink()]
        kept = [n for n in (*names, *links) if (source / n).relative_to(folder).as_posix() not in gone]
        if kept or not (names or folders):
            target.mkdir(parents=True, exist_ok=True)
        for name in kept:
            _link(source / name, target / name)


def _link(source: Path, target: Path) -> None:
    """A hard link, or a copy where the file system has none."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError as error:
        if error.errno not in _NO_HARD_LINKS:
            raise
        shutil.copy2(source, target, follow_symlinks=False)


def _raise(error: OSError) -> None:
    raise error


def _exchange(staging: Path, folder: Path) -> None:
    """Put `staging` where `folder` is. Where there is none a rename does; else the kernel swaps both names at once."""
    if not folder.exists():
        staging.rename(folder)
        return
    libc = ctypes.CDLL(None, use_errno=True)
    renameat2 = getattr(libc, "renameat2", None)
    if renameat2 is not None:
        done = renameat2(_AT_FDCWD, os.fsencode(staging), _AT_FDCWD, os.fsencode(folder), _RENAME_EXCHANGE)
        if done == 0:
            return
        if ctypes.get_errno() not in (errno.ENOSYS, errno.EINVAL):
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(folder))
    _exchange_in_two_steps(staging, folder)


def _exchange_in_two_steps(staging: Path, folder: Path) -> None:
    """For systems without an exchanging rename. Killed between the two steps, the next run puts the old folder back."""
    spare = staging.with_name(OLD)
    folder.rename(spare)
    try:
        staging.rename(folder)
    except OSError:
        spare.rename(folder)
        raise
