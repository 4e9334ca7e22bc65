"""Whether a rendered folder still is what its spec renders to."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from groundplan.check.report import NotChecked
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Severity
from groundplan.environment.files import LOCK_FILE, digest, is_sealed
from groundplan.environment.outline import Outline
from groundplan.reading import MIB, UnreadableError, read_regular

Rerender = Callable[[Path], Mapping[str, str]]
"""Renders the environment in a folder from its spec: text by relative path."""

_TERRAFORM = (".tf", ".tf.json", ".tfvars", ".tfvars.json")
MAX_BYTES = 16 * MIB
"""No rendered file and no spec is near it."""
_RENDER = "render the environment again"


def stale(folder: Path, outline: Outline, rerender: Rerender | None) -> tuple[list[Diagnostic], list[NotChecked]]:
    """GP401 for files that differ from what was rendered, GP404 when the spec or the renderer moved on.

    Places are relative to `folder`. Comparing with a fresh rendering needs `rerender`.
    """
    found = [*_edited(folder, outline), *_added(folder, outline)]
    not_checked: list[NotChecked] = []
    moved_on = list(_spec(folder, outline, not_checked))
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


def _edited(folder: Path, outline: Outline) -> Iterator[Diagnostic]:
    for name in sorted(outline.owned):
        text = rendered_text(folder / name, folder)
        if text is None:
            yield Diagnostic("GP401", f"{name} is missing", hint=_RENDER, place=Place(name, 1))
        elif outline.edited(name, text):
            hint = "make the change in the spec, or in a file of its own beside the rendered ones, and render again"
            yield Diagnostic("GP401", f"{name} was edited by hand", hint=hint, place=Place(name, 1))


def _added(folder: Path, outline: Outline) -> Iterator[Diagnostic]:
    """Terraform files of the user's own: allowed, and part of what would be applied, so named."""
    owned = outline.owned
    for parent, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            relative = (Path(parent) / name).relative_to(folder).as_posix()
            if name.endswith(_TERRAFORM) and relative not in owned:
                message = f"{relative} was not rendered from the spec"
                yield Diagnostic("GP401", message, severity=Severity.NOTE, place=Place(relative, 1))


def _spec(folder: Path, outline: Outline, not_checked: list[NotChecked]) -> Iterator[Diagnostic]:
    above = Path(os.path.realpath(folder)).parent
    for file, sha256 in outline.sources.items():
        text = rendered_text(folder / file, above)
        if text is None:
            not_checked.append(NotChecked(f"freshness against {file}", "the file is not there"))
        elif digest(text) != sha256:
            message = f"{file} changed after the environment was rendered"
            yield Diagnostic("GP404", message, hint=_RENDER, place=Place(file, 1))


def _rendering(folder: Path, files: Mapping[str, str], edited: set[str]) -> Iterator[Diagnostic]:
    """What would be another file now. A sealed file may have any text: it follows prices, the environment does not."""
    for name, text in sorted(files.items()):
        if name == LOCK_FILE or name in edited:
            continue
        present = rendered_text(folder / name, folder)
        if present != text and not (is_sealed(text) and present is not None and is_sealed(present)):
            yield Diagnostic("GP404", f"{name} would be rendered differently now", hint=_RENDER, place=Place(name, 1))


def rendered_text(path: Path, within: Path) -> str | None:
    """The file's text, None without one. What is not text, or no file, gives text that nothing is rendered to."""
    try:
        return read_regular(path, limit_bytes=MAX_BYTES, within=within).decode("utf-8")
    except UnreadableError as error:
        return None if error.missing or path.is_dir() else "\0"
    except UnicodeDecodeError:
        return "\0"
