"""From a Terraform address to the module call of a root, and from there to the component and line of the spec."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from groundplan.check.report import Finding
from groundplan.check.spec_lines import Wanted, decided_at, read_spec
from groundplan.diagnostics import Diagnostic, Place, Snippet
from groundplan.environment.lock import Call, Lock
from groundplan.hcl.sources import Sources, strip_indexes
from groundplan.reading import MIB, UnreadableError, read_regular
from groundplan.spec.document import Document

MAX_SHOWN_BYTES = 4 * MIB
_SPECS = (".yaml", ".yml")


@dataclass
class Mapper:
    """Knows one folder: its lock, if it has one, and its sources."""

    folder: Path
    lock: Lock | None
    sources: Sources
    _lines: dict[str, list[str]] = field(default_factory=dict)

    def finding(
        self,
        diagnostic: Diagnostic,
        *,
        check_id: str | None = None,
        root: str | None = None,
        terraform_place: Place | None = None,
        seen_in: tuple[str, ...] = (),
    ) -> Finding:
        """The diagnostic as a finding: placed in the spec if its address leads there, else in the Terraform source.

        Places given are relative to the folder; those that come back start with the folder.
        """
        address = diagnostic.address
        source = terraform_place or (self.sources.place(root, address) if address else None)
        call = self.call(root, address)
        wanted = call.place if call else None
        if wanted is not None:
            placed = diagnostic.with_place(self.shown(wanted), self._snippet(wanted))
        else:
            where = diagnostic.place or source
            snippet = diagnostic.snippet or (self._snippet(where) if where else None)
            placed = diagnostic.with_place(self.shown(where), snippet)
        return Finding(
            diagnostic=replace(placed, path=call.path if call else diagnostic.path),
            check_id=check_id or diagnostic.code,
            terraform_place=self.shown(source),
            root=root,
            component=call.component if call else None,
            seen_in=seen_in,
        )

    def chosen(self, root: str | None, address: str | None) -> bool:
        """Whether a module call of a rendered environment has it, whose spec is there to be compared with."""
        in_module = address is not None and address.split(".")[0] == "module"
        return in_module and self.call(root, address) is not None and self._document is not None

    def nearer(self, finding: Finding, keys: tuple[str, ...], value: str | None = None) -> Finding:
        """The finding at the key of the spec that decides it, or the value under that; as it is where none does."""
        call = self.call(finding.root, finding.diagnostic.address)
        if call is None or not keys or self._document is None:
            return finding
        wanted = Wanted(call.path, finding.diagnostic.address or "", keys, value)
        found = decided_at(self._document, wanted, self.folder)
        if found is None:
            return finding
        path, place = found
        placed = finding.diagnostic.with_place(self.shown(place), self._snippet(place))
        return replace(finding, diagnostic=replace(placed, path=path))

    @cached_property
    def _document(self) -> Document | None:
        return read_spec(self.folder, self.lock) if self.lock else None

    def call(self, root: str | None, address: str | None) -> Call | None:
        """The module call of the root that an address lies under, as the lock knows it."""
        if self.lock is None or root is None or address is None:
            return None
        calls: Mapping[str, Call] = self.lock.calls.get(root, {})
        return calls.get(".".join(strip_indexes(address).split(".")[:2]))

    def shown(self, place: Place | None) -> Place | None:
        """A place relative to the folder as a reader of the report finds it."""
        if place is None:
            return None
        return replace(place, file=os.path.normpath(self.folder / place.file))

    def _snippet(self, place: Place) -> Snippet | None:
        if place.file not in self._lines:
            self._lines[place.file] = _lines_of(self.folder / place.file, self.folder)
        lines = self._lines[place.file]
        if not 1 <= place.line <= len(lines):
            return None
        text = lines[place.line - 1]
        return Snippet(text, max(1, len(text.rstrip()) - place.column + 1))


def _lines_of(path: Path, folder: Path) -> list[str]:
    """The lines of a file that may be shown: one of the folder, or of the folder above it, where specs may be."""
    try:
        within = Path(os.path.realpath(folder)).parent if path.suffix in _SPECS else folder
        return read_regular(path, limit_bytes=MAX_SHOWN_BYTES, within=within).decode("utf-8", "replace").splitlines()
    except UnreadableError:
        return []
