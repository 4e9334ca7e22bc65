"""A throwaway copy of a configuration: Terraform works there, never in the user's folder."""

from __future__ import annotations

import contextlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.terraform.usage import IGNORED_FOLDERS, is_loop

_OVERRIDE = "_groundplan_override.tf"
LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
_LOCK = ".terraform.lock.hcl"


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
    """A temporary folder that is gone afterwards, also when an interrupt meets the removal itself."""
    folder = Path(tempfile.mkdtemp(prefix="groundplan-", dir=parent))
    try:
        yield folder.resolve()
    finally:
        try:
            shutil.rmtree(folder)
        except BaseException:
            shutil.rmtree(folder, ignore_errors=True)
            raise


def copy_configuration(folder: Path, modules: Iterable[Path], top: Path) -> Workspace:
    """Copies `folder` and the module folders outside it to `top`, in the same positions to each other.

    State, lock files, downloaded things and version control stay behind; so does what is no file: pipes, broken links,
    links to a folder they stand in. Raises DiagnosticsError (GP101) for what cannot be read. Not for a folder that is
    not trusted: see `groundplan.terraform.intake`.
    """
    folder = folder.resolve()
    wanted = [folder, *(module for module in modules if not module.is_relative_to(folder))]
    original = Path(os.path.commonpath(wanted))
    workspace = Workspace(top, original)
    for source in wanted:
        try:
            shutil.copytree(source, workspace.copy_of(source), ignore=_ignore, dirs_exist_ok=True)
        except shutil.Error as error:
            unread = [Diagnostic("GP101", f"cannot read {name}: {why}") for name, _, why in error.args[0]]
            raise DiagnosticsError(unread) from None
    return workspace


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
