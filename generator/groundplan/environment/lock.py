"""The lock of a rendered environment, as far as a check needs it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import pydantic

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place

LOCK_FILE = "groundplan.lock.json"


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(frozen=True, extra="ignore")


class Call(_Part):
    """A module call of a root and what in the spec asked for it; `file` is relative to the environment."""

    component: str
    path: str
    file: str | None = None
    line: int | None = None
    column: int = 1

    @property
    def place(self) -> Place | None:
        """Where the spec asks for it."""
        return Place(self.file, self.line, self.column) if self.file and self.line else None


class Source(_Part):
    """A file the spec was read from."""

    file: str
    sha256: str


class Spec(_Part):
    """The spec an environment was rendered from, and what it extends."""

    file: str
    sources: tuple[Source, ...] = ()


class Lock(_Part):
    """`calls` by root and module address, digests by path."""

    format_version: Literal["1"]
    groundplan: str
    spec: Spec
    calls: Mapping[str, Mapping[str, Call]] = {}
    files: Mapping[str, str] = {}


def read_lock(folder: Path) -> Lock | None:
    """The folder's lock, None without one. Raises DiagnosticsError (GP402) for one that cannot be read."""
    path = folder / LOCK_FILE
    try:
        return Lock.model_validate_json(path.read_bytes())
    except FileNotFoundError:
        return None
    except OSError as error:
        problem = error.strerror or str(error)
    except pydantic.ValidationError as error:
        first = error.errors()[0]
        problem = f"{'.'.join(str(part) for part in first['loc']) or 'the file'}: {first['msg']}"
    raise DiagnosticsError(
        [
            Diagnostic(
                "GP402",
                f"{LOCK_FILE} cannot be read: {problem}",
                hint="render the environment again, or delete the lock to check the folder as plain Terraform",
                place=Place(str(path), 1),
            )
        ]
    )
