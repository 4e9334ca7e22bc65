"""The files in which `init` notes the versions and checksums of providers, kept with saved plans.

A plan is good for the providers that made it: https://developer.hashicorp.com/terraform/language/files/dependency-lock
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.digests import PROVIDER_LOCK, file_digest
from groundplan.reading import MIB, UnreadableError, read_regular
from groundplan.writing import UnwritableError, write_file

if TYPE_CHECKING:
    from groundplan.live.saved import Record, SavedRoot

_BYTES = 4 * MIB


def keep_lock(root: str, place: Path, plans: Path) -> str:
    """Copies the file of a root that runs in `place` beside its plan: its digest, empty where there is none."""
    data = _read(place / PROVIDER_LOCK, place)
    if data is None:
        return ""
    _write(plans / _name(root), data, plans)
    return file_digest(plans / _name(root), plans)


def other_locks(record: Record, plans: Path, place: Callable[[str], Path]) -> Iterator[Diagnostic]:
    """GP417 for roots that have other providers than those that were planned with, GP412 for a copy that changed."""
    for saved in record.roots:
        if saved.providers and file_digest(plans / _name(saved.root), plans) != saved.providers:
            yield Diagnostic("GP412", f"{_name(saved.root)} is not the one that was saved", hint="plan again")
        elif _is_other(saved, place(saved.root)):
            message = f"{saved.root}/{PROVIDER_LOCK} has other providers than {saved.root} was planned with"
            hint = "plan again with these, or remove the file if nobody put it into Git; nothing was applied"
            yield Diagnostic("GP417", message, hint=hint)


def put_locks(record: Record, plans: Path, place: Callable[[str], Path]) -> None:
    """Gives roots that have no such file the one that they were planned with."""
    for saved in record.roots:
        folder = place(saved.root)
        if saved.providers and not (folder / PROVIDER_LOCK).exists():
            data = _read(plans / _name(saved.root), plans)
            _write(folder / PROVIDER_LOCK, data or b"", folder)


def _is_other(saved: SavedRoot, place: Path) -> bool:
    there = file_digest(place / PROVIDER_LOCK, place)
    return bool(saved.providers and there and there != saved.providers)


def _name(root: str) -> str:
    return f"{root}{PROVIDER_LOCK}"


def _read(file: Path, within: Path) -> bytes | None:
    try:
        return read_regular(file, limit_bytes=_BYTES, within=within)
    except UnreadableError as error:
        if error.missing:
            return None
        raise DiagnosticsError([Diagnostic("GP411", f"cannot read {file}: {error.reason}")]) from None


def _write(file: Path, data: bytes, below: Path) -> None:
    try:
        write_file(file, data, below=below)
    except UnwritableError as error:
        raise DiagnosticsError([Diagnostic("GP403", f"cannot write {file}: {error.reason}")]) from None
