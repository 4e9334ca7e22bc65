"""Whether a rendered folder still is what its spec renders to."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from groundplan.check.report import NotChecked
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Severity
from groundplan.environment.lock import LOCK_FILE, Lock

Rerender = Callable[[Path], Mapping[str, str]]
"""Renders the environment in a folder from its spec: text by relative path."""

_TERRAFORM = (".tf", ".tf.json", ".tfvars", ".tfvars.json")
_RENDER = "render the environment again"


def stale(folder: Path, lock: Lock, rerender: Rerender | None) -> tuple[list[Diagnostic], list[NotChecked]]:
    """GP401 for files that differ from what was rendered, GP404 when the spec or the renderer moved on.

    Places are relative to `folder`. Comparing with a fresh rendering needs `rerender`.
    """
    found = [*_edited(folder, lock), *_added(folder, lock)]
    not_checked: list[NotChecked] = []
    moved_on = list(_spec(folder, lock, not_checked))
    if rerender is None:
        not_checked.append(NotChecked("fresh rendering", "the files were compared with the lock only"))
    elif not moved_on and not not_checked:
        edited = {diagnostic.place.file for diagnostic in found if diagnostic.place}
        try:
            moved_on = list(_rendering(folder, rerender(folder), edited))
        except DiagnosticsError as error:
            moved_on = [_from_here(diagnostic, folder) for diagnostic in error.diagnostics]
    return [*found, *moved_on], not_checked


def _from_here(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    """A finding that names files from the working directory, as one that names them from `folder`."""
    place = diagnostic.place
    if place is None:
        return diagnostic
    return replace(diagnostic, place=replace(place, file=os.path.relpath(place.file, folder)))


def _edited(folder: Path, lock: Lock) -> Iterator[Diagnostic]:
    for name, expected in sorted(lock.files.items()):
        actual = _digest(folder / name)
        if actual is None:
            yield Diagnostic("GP401", f"{name} is missing", hint=_RENDER, place=Place(name, 1))
        elif actual != expected:
            hint = "make the change in the spec, or in a file of its own beside the rendered ones, and render again"
            yield Diagnostic("GP401", f"{name} was edited by hand", hint=hint, place=Place(name, 1))


def _added(folder: Path, lock: Lock) -> Iterator[Diagnostic]:
    """Terraform files of the user's own: allowed, and part of what would be applied, so named."""
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            relative = (Path(parent) / name).relative_to(folder).as_posix()
            if name.endswith(_TERRAFORM) and relative not in lock.files:
                message = f"{relative} was not rendered from the spec"
                yield Diagnostic("GP401", message, severity=Severity.NOTE, place=Place(relative, 1))


def _spec(folder: Path, lock: Lock, not_checked: list[NotChecked]) -> Iterator[Diagnostic]:
    for source in lock.spec.sources:
        actual = _digest(folder / source.file)
        if actual is None:
            not_checked.append(NotChecked(f"freshness against {source.file}", "the file is not there"))
        elif actual != source.sha256:
            message = f"{source.file} changed after the environment was rendered"
            yield Diagnostic("GP404", message, hint=_RENDER, place=Place(source.file, 1))


def _rendering(folder: Path, files: Mapping[str, str], edited: set[str]) -> Iterator[Diagnostic]:
    for name, text in sorted(files.items()):
        if name == LOCK_FILE or name in edited:
            continue
        path = folder / name
        if not path.is_file() or path.read_bytes() != text.encode():
            yield Diagnostic("GP404", f"{name} would be rendered differently now", hint=_RENDER, place=Place(name, 1))


def _digest(path: Path) -> str | None:
    try:
        return f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
    except (FileNotFoundError, NotADirectoryError, IsADirectoryError):
        return None
