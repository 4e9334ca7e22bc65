"""A throwaway copy of a configuration: Terraform works there, never in the user's folder."""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import shutil
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.sandbox.sweeper import folder_swept
from groundplan.terraform.usage import IGNORED_FOLDERS, is_loop

_OVERRIDE = "_groundplan_override.tf"
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
_LOCK = ".terraform.lock.hcl"

_PREFIX = "groundplan-"
_IN_USE = ".groundplan-in-use"
_YOUNG_SECONDS = 60.0
_FULL = (errno.ENOSPC, errno.EDQUOT)
_SHORT = ("/tmp", "/dev/shm", "/var/tmp")
_SOCKET_FOLDER_BYTES = 80
"""The path of a unix socket is at most 107 bytes long."""


@dataclass(frozen=True, slots=True)
class Workspace:
    """Where the copy is, and which original folder its top stands for."""

    top: Path
    original: Path

    def copy_of(self, folder: Path) -> Path:
        """The copy of an original folder."""
        return self.top / folder.resolve().relative_to(self.original)

    def original_of(self, path: Path) -> Path:
        """The original of a path in the copy."""
        return self.original / Path(os.path.normpath(path)).relative_to(self.top)


@contextlib.contextmanager
def throwaway_folder(parent: Path | None = None) -> Iterator[Path]:
    """A temporary folder that is gone afterwards, whatever interrupts or kills groundplan.

    Raises DiagnosticsError (GP805) where none can be made, and when what is written to it meets a full disk.
    """
    folder = _make_folder(parent)
    with folder_swept(folder), _locked(folder):
        try:
            yield folder
        except OSError as error:
            if error.errno not in _FULL:
                raise
            raise _unusable(folder.parent, error) from None
        finally:
            try:
                shutil.rmtree(folder)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise


def _make_folder(parent: Path | None) -> Path:
    try:
        above = parent or Path(tempfile.gettempdir())
    except OSError as error:
        raise _unusable("any folder", error) from None
    try:
        folder = Path(tempfile.mkdtemp(prefix=_PREFIX, dir=above)).resolve()
        _remove_abandoned(above, folder.stat().st_mtime)
        return folder
    except OSError as error:
        raise _unusable(above, error) from None


def _unusable(folder: Path | str, error: OSError) -> DiagnosticsError:
    why = (error.strerror or "it cannot be written to").lower()
    hint = "set TMPDIR to a folder with free space"
    return DiagnosticsError([Diagnostic("GP805", f"cannot use {folder} for temporary files: {why}", hint=hint)])


@contextlib.contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """While the context is open, nobody takes the folder for one that was left behind."""
    descriptor = os.open(folder / _IN_USE, os.O_CREAT | os.O_WRONLY, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def _remove_abandoned(above: Path, now: float) -> None:
    """Removes throwaway folders of this user whose processes are gone, with what would have removed them."""
    for folder in above.glob(f"{_PREFIX}*"):
        with contextlib.suppress(OSError):
            if _is_abandoned(folder, now):
                shutil.rmtree(folder, ignore_errors=True)


def _is_abandoned(folder: Path, now: float) -> bool:
    """Whether it has the mark of a throwaway folder, and nobody holds it; young ones may be about to be locked."""
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
        return False
    descriptor = os.open(folder / _IN_USE, os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    try:
        if now - os.fstat(descriptor).st_mtime < _YOUNG_SECONDS:
            return False
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    finally:
        os.close(descriptor)


@contextlib.contextmanager
def socket_folder(base: Path) -> Iterator[Path]:
    """A folder, for nobody but this user, whose path leaves room for the names of sockets; `base` where it is short."""
    if len(os.fsencode(base)) <= _SOCKET_FOLDER_BYTES:
        folder = base / "sockets"
        folder.mkdir(mode=0o700)
        yield folder
        return
    for short in map(Path, _SHORT):
        if short.is_dir() and os.access(short, os.W_OK | os.X_OK):
            with throwaway_folder(short) as folder:
                yield folder
            return
    message = f"{base.parent} is too long a path for sockets, and none of {', '.join(_SHORT)} can be written to"
    raise DiagnosticsError([Diagnostic("GP805", message, hint="set TMPDIR to a shorter path")])


def copy_configuration(folder: Path, modules: Iterable[Path], top: Path) -> Workspace:
    """Copies `folder` and the module folders outside it to `top`, in the same positions to each other.

    State, lock files, downloaded things and version control stay behind; so does what is no file: pipes, broken links,
    links to a folder they stand in. Raises DiagnosticsError (GP101) for what cannot be read. Not for a folder that is
    not trusted: see `groundplan.terraform.intake`.
    """
    folder = folder.resolve()
    wanted = [folder, *(module for module in modules if not module.is_relative_to(folder))]
    workspace = Workspace(top, common_folder(folder, wanted))
    for source in wanted:
        try:
            shutil.copytree(source, workspace.copy_of(source), ignore=_ignore, dirs_exist_ok=True)
        except shutil.Error as error:
            unread = [Diagnostic("GP101", f"cannot read {name}: {why}") for name, _, why in error.args[0]]
            raise DiagnosticsError(unread) from None
    return workspace


def common_folder(folder: Path, modules: Iterable[Path]) -> Path:
    """The folder that a copy of a folder and of the modules that it calls begins with."""
    return Path(os.path.commonpath([folder.resolve(), *modules]))


def override_backend(root: Path, backend: str) -> None:
    """Adds an override file so that the root keeps its state where `backend` says, whatever it names itself.

    The last override wins, in the order of the files' names: https://developer.hashicorp.com/terraform/language/files/override.
    """
    last = max((path.name for path in root.iterdir()), default="")
    (root / f"{last}{_OVERRIDE}").write_text(backend, encoding="utf-8")


def _ignore(folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name in IGNORED_FOLDERS
        or name == _LOCK
        or name.endswith((".tfstate", ".tfstate.backup", ".tfplan"))
        or not _is_content(Path(folder, name))
    }


def _is_content(path: Path) -> bool:
    """Whether it is a file or a folder that ends somewhere."""
    return path.is_file() or (path.is_dir() and not is_loop(path))
