"""Where an environment is taken from: the disk, a revision, or a spec alone."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Protocol

from groundplan.app.compare.revisions import NoRepositoryError, Repository
from groundplan.app.sides.tree import take_tree
from groundplan.diagnostics import Diagnostic, DiagnosticsError, has_errors
from groundplan.environment.files import LOCK_FILE
from groundplan.reading import is_file
from groundplan.spec.document import Document
from groundplan.spec.load import load
from groundplan.terraform.intake import take_in

_A_FOLDER = ("/", "./", "../", "~")
"""How a path begins that no revision can be called."""


class Origin(Protocol):
    """A place that a folder and the spec of it can be had from."""

    @property
    def folder(self) -> Path:
        """Where the folder is on the disk, or would be."""

    @property
    def label(self) -> str:
        """What the user calls it."""

    def take(self, top: Path) -> None:
        """Copies the folder to `top`, an empty one where there is none; raises DiagnosticsError where it cannot."""

    def load(self, spec: Path) -> Document | None:
        """The spec at that path as it is there; None where it is not."""

    def shown(self, name: str) -> str:
        """A file of the folder, named as the user can find it."""


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A folder as it stands."""

    folder: Path

    @property
    def label(self) -> str:
        """The folder."""
        return str(self.folder)

    def take(self, top: Path) -> None:
        """Within the bounds of an intake."""
        if not self.folder.exists():
            top.mkdir()
        elif not self.folder.is_dir():
            raise DiagnosticsError([Diagnostic("GP101", f"{self.folder} is not a folder")])
        else:
            _refuse([_located(found, self) for found in take_in(self.folder, top).problems])

    def load(self, spec: Path) -> Document | None:
        """The spec as it stands."""
        return load(spec) if is_file(spec) else None

    def shown(self, name: str) -> str:
        """Its path."""
        return os.path.normpath(self.folder / name)


@dataclass(frozen=True, slots=True)
class OfSpec:
    """A spec alone, whatever was rendered from it."""

    spec: Path

    @property
    def folder(self) -> Path:
        """Where the spec lies."""
        return self.spec.parent

    @property
    def label(self) -> str:
        """The spec."""
        return str(self.spec)

    def take(self, top: Path) -> None:
        """An empty folder."""
        top.mkdir()

    def load(self, spec: Path) -> Document | None:
        """That spec, whatever is asked for."""
        return load(self.spec)

    def shown(self, name: str) -> str:
        """The name: such a file is nowhere yet."""
        return name


@dataclass(frozen=True, slots=True)
class InRevision:
    """A folder as it was in a revision of the repository around it."""

    repository: Repository
    revision: str
    folder: Path

    @property
    def label(self) -> str:
        """The revision."""
        return self.revision

    def take(self, top: Path) -> None:
        """From the objects of the repository."""
        found = take_tree(self.repository, self.revision, self.folder, top)
        if found is None:
            top.mkdir()
        _refuse(found or [])

    def load(self, spec: Path) -> Document | None:
        """The spec as it was, with the bases that it extended."""
        return self.repository.load(spec, self.revision) if self.repository.holds(spec, self.revision) else None

    def shown(self, name: str) -> str:
        """Revision and path in the repository."""
        inside = os.path.normpath(Path(self.repository.inside(self.folder)) / name)
        return f"{self.revision}:{inside}"


def origin_of(word: str, folder: Path, environment: Mapping[str, str]) -> Origin:
    """What a user's word names: a folder, a spec, or a revision of the repository around `folder`.

    `REVISION:PATH` is another folder there, from the top of the repository, such as the one before it was renamed.
    Raises GP204 for a word that is a folder here as well as a revision, and GP101 for one that is neither.
    """
    path = Path(word)
    named = word.startswith(_A_FOLDER)
    if path.is_dir():
        if not named and _is_revision(word, folder, environment):
            hint = f"`./{word}` is the folder, `refs/heads/{word}` or `refs/tags/{word}` the revision"
            raise DiagnosticsError([Diagnostic("GP204", f"`{word}` is a folder here and a revision", hint=hint)])
        return OnDisk(path)
    if path.suffix in (".yaml", ".yml") and is_file(path):
        return OfSpec(path)
    if named:
        raise DiagnosticsError([Diagnostic("GP101", f"{word} is not a folder")])
    repository = _repository(word, folder, environment)
    revision, elsewhere, inside = word.partition(":")
    repository.commit(revision)
    there = repository.top / inside if elsewhere else folder
    if repository.inside(there).partition("/")[0] == "..":
        raise DiagnosticsError([Diagnostic("GP101", f"{word} leads out of the repository")])
    return InRevision(repository, revision, there)


def _repository(word: str, folder: Path, environment: Mapping[str, str]) -> Repository:
    """The one around the folder; raises GP101 that names both where there is none."""
    try:
        return Repository.around(folder / LOCK_FILE, environment)
    except NoRepositoryError:
        message = f"{folder} is in no Git repository, so that `{word}` is no revision; nor is it a folder here"
        hint = "give the folder or the spec that it is to be held against"
        raise DiagnosticsError([Diagnostic("GP101", message, hint=hint)]) from None


def _is_revision(word: str, folder: Path, environment: Mapping[str, str]) -> bool:
    try:
        Repository.around(folder / LOCK_FILE, environment).commit(word)
    except DiagnosticsError:
        return False
    return True


def _refuse(problems: list[Diagnostic]) -> None:
    if has_errors(problems):
        raise DiagnosticsError(problems)


def _located(found: Diagnostic, origin: Origin) -> Diagnostic:
    """A finding that names files from the folder's top, as one that names them from where the command runs."""
    return replace(found, place=replace(found.place, file=origin.shown(found.place.file))) if found.place else found
