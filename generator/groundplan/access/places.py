"""Where a statement is written in Terraform."""

from __future__ import annotations

import os
import re
from dataclasses import replace
from functools import cache

from groundplan.access.model import Statement
from groundplan.diagnostics import Place
from groundplan.hcl.sources import Sources
from groundplan.reading import MIB, UnreadableError, read_regular

_BYTES = 4 * MIB


class Places:
    """Knows the Terraform of a folder."""

    def __init__(self, sources: Sources) -> None:
        self.sources = sources
        self._text = cache(self._read)

    def of(self, statement: Statement) -> Place | None:
        """The line with its `Sid` where only one in the module has it, else that of the resource."""
        if statement.given is None:
            return None
        place = self.sources.place(statement.given.root, statement.given.address)
        if place is None:
            return None
        folder = os.path.dirname(place.file) or "."  # noqa: PTH120 a key, not a path of the machine
        files = [name for name in self.sources.files if (os.path.dirname(name) or ".") == folder]  # noqa: PTH120
        found = [replace(place, file=name, line=line) for name in files for line in self._lines(name, statement.name)]
        return replace(found[0], column=1) if len(found) == 1 else place

    def _lines(self, name: str, sid: str) -> list[int]:
        pattern = re.compile(rf'\bSid"?\s*[:=]\s*"{re.escape(sid)}"|\bsid\s*=\s*"{re.escape(sid)}"')
        return [number for number, line in enumerate(self._text(name), 1) if pattern.search(line[:1000])]

    def _read(self, name: str) -> list[str]:
        try:
            data = read_regular(self.sources.folder / name, limit_bytes=_BYTES, within=self.sources.folder)
        except UnreadableError:
            return []
        return data.decode("utf-8", "replace").splitlines()
