"""What is applied of an environment, as its journal says, and the spec and the lock that it was rendered from."""

from __future__ import annotations

import contextlib
import os
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import takewhile
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import DiagnosticsError
from groundplan.environment.files import LOCK_FILE
from groundplan.live.applied import Snapshot, Snapshots, snapshot_of
from groundplan.live.journal import Journal, Record
from groundplan.live.roots import RootState
from groundplan.reading import is_file

if TYPE_CHECKING:
    from groundplan.app.pipeline import Resolved
    from groundplan.cost.report import CostReport
    from groundplan.environment.lock import Lock
    from groundplan.spec.document import Document

APPLIED, DESTROYED = "apply", "destroy"
"""Actions of the journal."""
BEGUN, DONE, FAILED = "begun", "ok", "failed"
"""Results of the journal."""
WHOLE = "all"
"""In place of a root, in the records of a run as a whole."""
_BEFORE = "applied:"
"""What stands before the name of a file of the spec as it was applied."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A rendered environment: its lock, and the spec that it is of, as far as anybody has it."""

    lock: Lock
    document: Document | None = None
    resolved: Resolved | None = None


def bucket_for(at: Connected, state: RootState) -> str:
    """The bucket of a root's journal: that of its state, or of any other root where that is a file; empty for none."""
    return state.bucket or next((one.bucket for one in at.standing.states if one.bucket), "")


class Past:
    """What the journal knows of each root; what cannot be read is not known."""

    def __init__(self, at: Connected) -> None:
        self._at = at
        self._applied: dict[str, Record | None] = {}
        self._last: dict[str, Record | None] = {}
        self._rendered: dict[str, Rendered | None] = {}
        self._estimates: dict[int, CostReport] = {}

    def last(self, state: RootState) -> Record | None:
        """The newest record of the root."""
        self._read(state)
        return self._last[state.root]

    def applied(self, state: RootState) -> Record | None:
        """The newest apply of the root that went through, unless it was destroyed since."""
        self._read(state)
        return self._applied[state.root]

    @cached_property
    def whole(self) -> Record | None:
        """The newest record of a run as a whole; raises DiagnosticsError where the journal cannot be read."""
        state = next((one for one in self._at.standing.states if one.bucket), None)
        return next(iter(self._journal(state).of(WHOLE)), None) if state else None

    def rendered(self, state: RootState) -> Rendered | None:
        """What the root was applied from; None where that was not kept."""
        record = self.applied(state)
        if record is None:
            return None
        digest = record.lock_digest
        if digest not in self._rendered:
            with contextlib.suppress(DiagnosticsError):
                self._rendered[digest] = self._kept(bucket_for(self._at, state), digest)
        return self._rendered.setdefault(digest, None)

    @cached_property
    def now(self) -> Rendered:
        """What the folder holds."""
        from groundplan.app.pipeline import resolve_document
        from groundplan.spec.load import load

        standing = self._at.standing
        spec = standing.folder / standing.lock.spec.file
        with contextlib.suppress(DiagnosticsError):
            document = load(spec) if is_file(spec) else None
            if document is not None:
                return Rendered(standing.lock, document, resolve_document(document, spec, standing.folder))
        return Rendered(standing.lock)

    def estimate(self, rendered: Rendered, today: date) -> CostReport | None:
        """What it costs, estimated once; None without its spec."""
        if rendered.resolved is None:
            return None
        if id(rendered) not in self._estimates:
            self._estimates[id(rendered)] = rendered.resolved.estimate(today=today)
        return self._estimates[id(rendered)]

    def _kept(self, bucket: str, digest: str) -> Rendered | None:
        own = snapshot_of(self._at.standing.folder, self._at.standing.lock)
        if own is not None and own.digest == digest:
            return self.now
        found = Snapshots(self._at.cloud.state_store(bucket), self._at.standing.name).read(digest)
        return _rendered(found) if found else None

    def _read(self, state: RootState) -> None:
        if state.root in self._last:
            return
        self._last[state.root] = self._applied[state.root] = None
        if not bucket_for(self._at, state):
            return
        with contextlib.suppress(DiagnosticsError):
            records = self._journal(state).of(state.root)
            for one in takewhile(lambda one: (one.action, one.result) != (DESTROYED, DONE), records):
                self._last[state.root] = self._last[state.root] or one
                if (one.action, one.result) == (APPLIED, DONE):
                    self._applied[state.root] = one
                    return

    def _journal(self, state: RootState) -> Journal:
        return Journal(self._at.cloud.state_store(bucket_for(self._at, state)), self._at.standing.name)


def _rendered(one: Snapshot) -> Rendered | None:
    """The environment again, without a folder of it; without a spec where this release does not take it."""
    from groundplan.app.pipeline import resolve_document
    from groundplan.environment.lock import read_lock

    with tempfile.TemporaryDirectory(prefix="groundplan-applied-") as name:
        folder = Path(name)
        (folder / LOCK_FILE).write_text(one.lock, encoding="utf-8")
        lock = read_lock(folder)
        if lock is None:
            return None
        with contextlib.suppress(DiagnosticsError):
            document = _document(one.spec, lock.spec.file)
            return Rendered(lock, document, resolve_document(document, folder / lock.spec.file, folder))
        return Rendered(lock)


def _document(spec: Mapping[str, str], own: str) -> Document:
    """The spec in these files, whose places show as `applied:FILE`."""
    from groundplan.spec.load import load

    top = Path("/applied/environment")
    texts = {os.path.normpath(top / name): text for name, text in spec.items()}

    def read(file: Path) -> bytes:
        return texts.get(os.path.normpath(file), "").encode()

    found = load(top / own, read=read, exists=lambda file: os.path.normpath(file) in texts)
    return found.renamed(lambda file: f"{_BEFORE}{os.path.relpath(file, top)}")
