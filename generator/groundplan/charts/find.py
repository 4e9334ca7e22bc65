"""Where the chart of a release is at hand: in the folder, or in the user's cache."""

from __future__ import annotations

import os
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from groundplan.charts.cache import Cache, archive
from groundplan.charts.records import Record, Records
from groundplan.charts.releases import Release
from groundplan.diagnostics import Diagnostic, Place

_PULL = "`groundplan charts pull` fetches it"


class Origin(StrEnum):
    """Where an archive is."""

    FOLDER = "folder"
    """A chart of the folder's own, named by its path."""
    VENDORED = "vendored"
    CACHED = "cached"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Found:
    """Where the chart of a release is, and why it is not at hand where it is not."""

    release: Release
    origin: Origin
    path: Path | None = None
    reason: str = ""
    problem: Diagnostic | None = None
    """An archive of the folder that is not the one that was pulled."""


def find(release: Release, folder: Path, records: Records, cache: Cache) -> Found:
    """The chart of a release of `folder`."""
    if release.unknown:
        return _missing(release, f"{', '.join(f'`{name}`' for name in release.unknown)} are known after apply")
    if release.local is not None:
        return _local(release, folder)
    if release.chart.problem:
        return _missing(release, release.chart.problem)
    record = records.get(release.chart)
    if record is None:
        return _missing(release, f"it was never pulled: {_PULL}")
    return _vendored(release, record, folder) if record.vendored else _cached(release, record, cache)


def _local(release: Release, folder: Path) -> Found:
    path = Path(os.path.realpath(folder / release.root / (release.local or "")))
    if not path.is_relative_to(os.path.realpath(folder)):
        return _missing(release, "its chart leads out of the folder")
    if path.is_file() or (path / "Chart.yaml").is_file():
        return Found(release, Origin.FOLDER, path)
    return _missing(release, "it names no repository, and no chart of the folder")


def _vendored(release: Release, record: Record, folder: Path) -> Found:
    path = folder / record.file
    if archive(path, record.sha256, folder) is not None:
        return Found(release, Origin.VENDORED, path)
    what = "is not the archive that was pulled" if path.is_file() else "is not there"
    message, hint = f"{record.file} {what}", "`groundplan charts pull --vendor` writes it"
    problem = Diagnostic("GP609", message, hint=hint, address=release.address, place=Place(record.file, 1))
    return Found(release, Origin.MISSING, reason=f"{record.file} {what}", problem=problem)


def _cached(release: Release, record: Record, cache: Cache) -> Found:
    path = cache.find(record.sha256)
    return Found(release, Origin.CACHED, path) if path else _missing(release, f"it is not in the cache: {_PULL}")


def _missing(release: Release, reason: str) -> Found:
    return Found(release, Origin.MISSING, reason=reason)
