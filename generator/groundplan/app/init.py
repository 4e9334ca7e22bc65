"""Starting a spec from a blueprint."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from groundplan.app.blueprints import fill_in, text_of
from groundplan.app.pipeline import resolve_spec
from groundplan.app.target import Target
from groundplan.clouds import find_cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.files import SPEC_FILE


@dataclass(frozen=True, slots=True)
class Started:
    """The spec that was written."""

    file: Path
    notices: Sequence[Diagnostic]


def start(folder: Path, blueprint: str, name: str | None, target: Target) -> Started:
    """A valid spec in the folder, never over one that is there; `target` names the cloud.

    Without a name it is called as the folder; without region and account it has the cloud's examples. What is not
    valid is not left there.
    """
    cloud = find_cloud(target.provider or "")
    assert cloud is not None, "callers offer the registry's names only"
    path = folder / SPEC_FILE
    location = f"provider: {cloud.name}, region: {target.region or cloud.example_region}"
    text = fill_in(
        text_of(blueprint),
        name=name or _name_of(folder, blueprint),
        cloud=f'{{{location}, account: "{target.account or cloud.account.example}"}}',
    )
    made = _create(path, text)
    try:
        resolved = resolve_spec(path)
    except DiagnosticsError:
        path.unlink()
        for parent in made:
            parent.rmdir()
        raise
    return Started(path, resolved.notices)


def _name_of(folder: Path, blueprint: str) -> str:
    """The folder's name as far as it can name an environment, else the blueprint's."""
    name = re.sub(r"[^a-z0-9]+", "-", Path(os.path.realpath(folder)).name.lower()).strip("-")[:24].rstrip("-")
    return name if re.fullmatch(r"[a-z][a-z0-9-]+", name) else blueprint


def _write_new(path: Path, data: bytes) -> None:
    """The whole file, or none."""
    with path.open("xb") as file:
        try:
            file.write(data)
            file.flush()
        except BaseException:
            path.unlink()
            raise


def _create(path: Path, text: str) -> list[Path]:
    """Writes the spec; the folders made for it, the innermost first."""
    try:
        if os.path.lexists(path):
            hint = "choose another folder, or edit the existing spec"
            raise DiagnosticsError([Diagnostic(code="GP403", message=f"{path} already exists", hint=hint)])
        made = [folder for folder in path.parents if not folder.exists()]
        path.parent.mkdir(parents=True, exist_ok=True)
        _write_new(path, text.encode(errors="surrogateescape"))
    except OSError as error:
        message = f"cannot write {path}: {error.strerror}"
        raise DiagnosticsError([Diagnostic(code="GP403", message=message)]) from None
    return made
