"""A copy of a rendered folder with files of a run's own: what was reviewed stays as it is.

`Live.elsewhere` runs roots in it, with data of Terraform's that are the copy's, since its backend may be another.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.hcl.write import hcl
from groundplan.live.digests import FILE_BYTES, read_by_terraform
from groundplan.reading import UnreadableError, read_regular

MODULES = "modules"
OVERRIDE = "groundplan_override.tf"
"""Terraform merges files with this ending into the blocks of the others; a backend replaces the one that was there:
https://developer.hashicorp.com/terraform/language/files/override"""
_MADE_BY_INIT = ".terraform.lock.hcl"


def copied(folder: Path, to: Path, roots: Sequence[str], added: Mapping[str, str]) -> None:
    """Makes `to` a copy of these roots and all modules of a rendered folder, with the files `added`, by their paths.

    Only what Terraform reads is copied. In a copy that is there already, states and lock files stay and what the
    folder has no longer goes. Raises DiagnosticsError: GP411 for what cannot be read, GP818 for what cannot be written.
    """
    names = [name for name in read_by_terraform(folder) if PurePosixPath(name).parts[0] in (*roots, MODULES)]
    try:
        for name in _left(to, {*names, *added}):
            (to / name).unlink()
        for name in names:
            _put(to, name, _read(folder, name))
        for name, text in added.items():
            _put(to, name, text.encode())
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        hint = "make room there, or set XDG_CACHE_HOME and XDG_STATE_HOME to folders with free space"
        raise DiagnosticsError([Diagnostic("GP818", f"cannot copy to {to}: {reason}", hint=hint)]) from None


def kept_in(file: Path | None = None) -> str:
    """An override that keeps the state of a root in a file: without a name, in one of the folder that it runs in."""
    if file is None:
        return 'terraform {\n  backend "local" {}\n}\n'
    return f'terraform {{\n  backend "local" {{\n    path = {hcl(str(file.absolute()))}\n  }}\n}}\n'


def _left(to: Path, wanted: set[str]) -> Iterator[str]:
    """What an earlier copy had besides."""
    names = read_by_terraform(to)
    return (name for name in names if name not in wanted and not name.endswith(_MADE_BY_INIT))


def _put(to: Path, name: str, data: bytes) -> None:
    file = to / name
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(data)


def _read(folder: Path, name: str) -> bytes:
    try:
        return read_regular(folder / name, limit_bytes=FILE_BYTES, within=folder)
    except UnreadableError as error:
        raise DiagnosticsError([Diagnostic("GP411", f"cannot read {folder / name}: {error.reason}")]) from None
