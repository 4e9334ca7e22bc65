"""From files to a folder: the old folder or the new one, never a mixture, and nothing of the user's is lost."""

from __future__ import annotations

import ctypes
import errno
import glob
import json
import os
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.render.render import LOCK_FILE, SPEC_FILE, FileSet, digest

_RENAME_EXCHANGE = 2
_AT_FDCWD = -100


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
    present = {name: _read(folder / name) for name in files}
    return Changes(
        added=tuple(sorted(name for name, text in present.items() if text is None)),
        changed=tuple(sorted(name for name, text in present.items() if text is not None and text != files[name])),
        removed=tuple(sorted(n for n in _locked(folder, files) if n not in files and (folder / n).is_file())),
        unchanged=sum(text == files[name] for name, text in present.items()),
    )


def edited_by_hand(files: FileSet, folder: Path) -> list[Diagnostic]:
    """A GP401 for every file that is neither what the last render wrote nor what this one would, named with its path."""
    found = []
    for name, expected in _locked(folder, files).items():
        text = _read(folder / name)
        if text is not None and digest(text) != expected and text != files.get(name):
            found.append(
                Diagnostic(
                    code="GP401",
                    message=f"{folder / name} was edited since it was rendered",
                    hint="move the change into the spec, or render with --overwrite to lose it",
                )
            )
    return found


def write(files: FileSet, folder: Path, *, overwrite: bool = False) -> Changes:
    """Make `folder` hold `files`; what the user put beside them stays.

    The new folder is built beside the old one and the two change places in one step. Raises `DiagnosticsError`:
    GP401 when a rendered file was edited by hand and `overwrite` is false, GP402 when a file that groundplan did not
    write stands where one is to go, GP403 when the file system refuses.
    """
    if not overwrite and (problems := [*edited_by_hand(files, folder), *_in_the_way(files, folder)]):
        raise DiagnosticsError(problems)
    changes = compare(files, folder)
    if not changes.any:
        return changes
    try:
        _replace(files, folder.resolve())
    except OSError as error:
        message = f"cannot write {folder}: {error.strerror or error}"
        raise DiagnosticsError([Diagnostic(code="GP403", message=message)]) from error
    return changes


def _in_the_way(files: FileSet, folder: Path) -> list[Diagnostic]:
    if folder.exists() and not folder.is_dir():
        return [Diagnostic(code="GP403", message=f"{folder} is not a folder")]
    locked = _locked(folder, files)
    return [
        Diagnostic(
            code="GP402",
            message=f"{folder / name} is there already and groundplan did not write it",
            hint="choose another folder, or render with --overwrite to replace it",
        )
        for name in files
        if name not in locked and name != LOCK_FILE and _read(folder / name) not in (None, files[name])
    ]


def _read(path: Path) -> str | None:
    """The file's text; None when there is none. Bytes that are not UTF-8 make a text no render would write."""
    try:
        return path.read_bytes().decode("utf-8", errors="backslashreplace")
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None


def _locked(folder: Path, files: FileSet) -> Mapping[str, str]:
    """Digest by name of what the last render wrote; empty when there was none or its lock is damaged.

    The spec counts only when `files` has a copy of it: where it is rendered in place it is the user's own file.
    """
    text = _read(folder / LOCK_FILE)
    if text is None:
        return {}
    try:
        lock = json.loads(text)
        locked = {str(name): str(value) for name, value in lock["files"].items()}
        spec = {source["file"]: source["sha256"] for source in lock["spec"]["sources"]}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}
    return locked | {SPEC_FILE: spec[SPEC_FILE]} if SPEC_FILE in files and SPEC_FILE in spec else locked


def _replace(files: FileSet, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    _sweep(folder)
    staging = Path(tempfile.mkdtemp(prefix=f".{folder.name}.groundplan-{os.getpid()}-", dir=folder.parent))
    try:
        staging.chmod(0o755)
        if folder.exists():
            _keep(folder, staging, gone={*_locked(folder, files), *files, LOCK_FILE})
        for name, text in files.items():
            path = staging / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8", newline="")
        _sync(staging)
        _exchange(staging, folder)
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _keep(folder: Path, staging: Path, *, gone: set[str]) -> None:
    """Take over what is not ours, as hard links: state, provider downloads, notes, the spec."""
    for parent, folders, names in os.walk(folder):
        relative = Path(parent).relative_to(folder)
        for name in [*names, *(n for n in folders if (Path(parent) / n).is_symlink())]:
            if (relative / name).as_posix() in gone:
                continue
            target = staging / relative / name
            target.parent.mkdir(parents=True, exist_ok=True)
            os.link(Path(parent) / name, target, follow_symlinks=False)


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


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
    """For systems without an exchanging rename: between the two steps the old folder stands under its spare name."""
    spare = staging.with_name(f"{staging.name}-old")
    folder.rename(spare)
    try:
        staging.rename(folder)
    except OSError:
        spare.rename(folder)
        raise
    shutil.rmtree(spare, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Clear what a killed run left beside `folder`; a run that is still alive keeps its own."""
    prefix = f".{folder.name}.groundplan-"
    for leftover in folder.parent.glob(f"{glob.escape(prefix)}*"):
        pid = leftover.name.removeprefix(prefix).split("-")[0]
        if pid.isdigit() and _alive(int(pid)):
            continue
        if leftover.name.endswith("-old") and not folder.exists():
            leftover.rename(folder)
        else:
            shutil.rmtree(leftover, ignore_errors=True)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
