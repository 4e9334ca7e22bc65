"""The only files that providers of this process read: those of the copy that Terraform works in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from groundplan.reading import MIB, UnreadableError, read_regular

_LIMIT_BYTES = 4 * MIB
READERS = frozenset({"local_file", "local_sensitive_file", "aws_subnet"})
"""Data sources whose answers depend on files."""


@dataclass(frozen=True, slots=True)
class Files:
    """What a configuration may read beside its own text."""

    top: Path | None = None
    """Nothing above it is read; None: nothing is."""
    roots: tuple[Path, ...] = ()
    """Where relative names may begin: a provider is not told which root asks."""

    @classmethod
    def from_request(cls, request: Mapping[str, Any]) -> Files:
        """As `PluginProcess` asks for them."""
        top = request.get("top")
        return cls(Path(top) if top else None, tuple(Path(root) for root in request.get("roots", ())))

    def request(self) -> dict[str, Any]:
        """What `from_request` reads."""
        return {"top": str(self.top) if self.top else None, "roots": [str(root) for root in self.roots]}

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where it lies elsewhere, is none, or is another one in another root."""
        found = {data for root in self.roots if (data := self._read(root / name)) is not None}
        return found.pop() if len(found) == 1 else None

    def configuration(self) -> str:
        """The text of the roots, one after the other; empty where nothing is read."""
        paths = [path for root in self.roots if root.is_dir() for path in sorted(root.glob("*.tf"))]
        return "\n".join((self._read(path) or b"").decode("utf-8", "replace") for path in paths)

    def _read(self, path: Path) -> bytes | None:
        try:
            return read_regular(path, limit_bytes=_LIMIT_BYTES, within=self.top) if self.top else None
        except UnreadableError:
            return None


NO_FILES = Files()
