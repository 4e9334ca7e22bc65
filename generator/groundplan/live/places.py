"""Where live runs keep what is not the environment's: data of Terraform, providers, logs."""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError

TRACE_FILE = "apply.jsonl"
PLANNING_FILE = "planning.jsonl"
PREPARED_FILE = "prepared"
_DIGITS = 12
_NOT_IN_NAMES = re.compile(r"[^a-z0-9-]")


@dataclass(frozen=True, slots=True)
class Places:
    """Folders below the user's cache; none of them holds anything that cannot be made again."""

    cache: Path
    environment: Path
    """Of one rendered folder: two folders of the same name have nothing in common."""

    def data(self, root: str) -> Path:
        """TF_DATA_DIR of a root: modules, providers and the backend it was prepared for."""
        return private(self.environment / root / "data")

    def trace(self, root: str) -> Path:
        """What an apply of a root has told, while it is not known to have ended by itself."""
        return private(self.environment / root) / TRACE_FILE

    def planning(self, root: str) -> Path:
        """What a plan of a root that holds a lock has told, while it is not known to have ended by itself."""
        return private(self.environment / root) / PLANNING_FILE

    def prepared(self, root: str) -> Path:
        """What the data of a root were prepared from, as a digest."""
        return private(self.environment / root) / PREPARED_FILE

    @property
    def copies(self) -> Path:
        """For copies of the folder that a command makes and takes away."""
        return private(self.environment / "copies")

    @property
    def logs(self) -> Path:
        """For logs, where the user named no folder."""
        return self.environment / "logs"

    @property
    def plugins(self) -> Path:
        """The cache of providers that all environments share."""
        return private(self.cache / "plugins")


def places(folder: Path, environment: Mapping[str, str]) -> Places:
    """For a rendered folder, below XDG_CACHE_HOME, else ~/.cache; GP818 where there is neither."""
    named, home = environment.get("XDG_CACHE_HOME", ""), environment.get("HOME", "")
    base = Path(named) if named.startswith("/") else Path(home, ".cache")
    if not base.is_absolute():
        raise DiagnosticsError([_nowhere("neither XDG_CACHE_HOME nor HOME names a folder")])
    cache, real = base / "groundplan", folder.resolve()
    digest = hashlib.sha256(os.fsencode(real)).hexdigest()[:_DIGITS]
    return Places(cache, cache / "live" / f"{real.name}-{digest}")


def kept_states(bucket: str, environment: Mapping[str, str], *, make: bool = True) -> Path:
    """The folder of what is to be in a bucket that is not there yet, below XDG_STATE_HOME, else ~/.local/state.

    No cache: it may be all that anybody knows of what was made. It is found by the bucket, which is the same for every
    folder of an environment. GP818 where there is no such place.
    """
    named, home = environment.get("XDG_STATE_HOME", ""), environment.get("HOME", "")
    base = Path(named) if named.startswith("/") else Path(home, ".local", "state")
    if not base.is_absolute():
        raise DiagnosticsError([_nowhere("neither XDG_STATE_HOME nor HOME names a folder")])
    name = f"{_NOT_IN_NAMES.sub('-', bucket)[:_DIGITS]}-{hashlib.sha256(bucket.encode()).hexdigest()[:_DIGITS]}"
    folder = base / "groundplan" / name
    return private(folder) if make else folder


def private(folder: Path) -> Path:
    """The folder, made where it is not there, for its owner alone."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unmade(folder, error) from None
    return folder


def unmade(path: Path, error: OSError) -> DiagnosticsError:
    """GP818 to raise, for what could not be made there."""
    return DiagnosticsError([_nowhere(f"cannot make {path}: {(error.strerror or str(error)).lower()}")])


def _nowhere(reason: str) -> Diagnostic:
    return Diagnostic("GP818", reason, hint="set XDG_CACHE_HOME to a folder with free space")
