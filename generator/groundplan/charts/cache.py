"""Archives of charts by their digest, below the user's cache: what is there under a digest has it."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.reading import MIB, UnreadableError, read_regular
from groundplan.writing import UnwritableError, write_file

ARCHIVE_BYTES = 16 * MIB
"""Of one chart: ten times the largest in use."""


def sha256(data: bytes) -> str:
    """The digest as registries and records have it, without the name of the algorithm."""
    return hashlib.sha256(data).hexdigest()


@dataclass(frozen=True, slots=True)
class Cache:
    """A folder of archives; None where the user has no place for one."""

    folder: Path | None

    def find(self, digest: str) -> Path | None:
        """The archive; None where there is none, or where it is another one than its name says."""
        path = self.folder / f"{digest}.tgz" if self.folder else None
        return path if path and archive(path, digest) is not None else None

    def keep(self, data: bytes) -> None:
        """Puts an archive there; raises DiagnosticsError (GP818) where that cannot be done."""
        try:
            if self.folder is None:
                raise UnwritableError("neither XDG_CACHE_HOME nor HOME names a folder")
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_file(self.folder / f"{sha256(data)}.tgz", data)
        except (OSError, UnwritableError) as error:
            reason = error.reason if isinstance(error, UnwritableError) else (error.strerror or str(error)).lower()
            hint = "set XDG_CACHE_HOME to a folder with free space"
            raise DiagnosticsError([Diagnostic("GP818", f"no place for charts: {reason}", hint=hint)]) from None


def cache_of(environment: Mapping[str, str]) -> Cache:
    """The user's: below XDG_CACHE_HOME, else ~/.cache."""
    named, home = environment.get("XDG_CACHE_HOME", ""), environment.get("HOME", "")
    base = Path(named) if named.startswith("/") else Path(home, ".cache")
    return Cache(base / "groundplan" / "charts" if base.is_absolute() else None)


def archive(path: Path, digest: str, within: Path | None = None) -> bytes | None:
    """The archive at `path` if it has this digest; None for any other, and where there is none."""
    try:
        data = read_regular(path, limit_bytes=ARCHIVE_BYTES, within=within)
    except UnreadableError:
        return None
    return data if sha256(data) == digest else None
