"""A throwaway copy of a configuration: Terraform works there, never in the user's folder."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from groundplan.terraform.usage import IGNORED_FOLDERS

_OVERRIDE = "groundplan_offline_override.tf"
_LOCAL_BACKEND = 'terraform {\n  backend "local" {}\n}\n'
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


def copy_configuration(folder: Path, modules: Iterable[Path], top: Path) -> Workspace:
    """Copies `folder` and the module folders outside it to `top`, in the same positions to each other.

    State, lock files, downloaded things and version control stay behind.
    """
    folder = folder.resolve()
    wanted = [folder, *(module for module in modules if not module.is_relative_to(folder))]
    original = Path(os.path.commonpath(wanted))
    workspace = Workspace(top, original)
    for source in wanted:
        shutil.copytree(source, workspace.copy_of(source), ignore=_ignore, dirs_exist_ok=True)
    return workspace


def use_local_backend(root: Path) -> None:
    """Adds an override file so that the root keeps its state in its own folder, whatever backend it names."""
    (root / _OVERRIDE).write_text(_LOCAL_BACKEND, encoding="utf-8")


def _ignore(_folder: str, names: list[str]) -> set[str]:
    return {
        name
        for name in names
        if name in IGNORED_FOLDERS or name == _LOCK or name.endswith((".tfstate", ".tfstate.backup", ".tfplan"))
    }
