"""What a run leaves in the journal of its environment."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from groundplan import __version__
from groundplan.app.live.connected import Connected
from groundplan.app.live.meanwhile import side_by_side
from groundplan.app.live.past import APPLIED, BEGUN, DONE, FAILED, WHOLE, Past, bucket_for
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.live.applied import Snapshots, snapshot_of
from groundplan.live.digests import lock_digest
from groundplan.live.journal import Journal, Record
from groundplan.live.roots import RootState

if TYPE_CHECKING:
    from groundplan.app.live.commit import Commit

_NO_BUCKET = "GP817"
"""Before the first apply has made it, nothing can be written down in it."""


@dataclass
class Ledger:
    """The records of one run, in the bucket of the states: of the run as a whole, and of each root."""

    at: Connected
    run: str
    now: Callable[[], datetime]
    commit: Callable[[], Commit | None] = lambda: None
    roots: Sequence[str] = ()
    """Those that were asked for; none for all."""
    action: str = APPLIED
    noted: bool = False
    """Whether the journal knows of the run, so that it can be gone on with."""

    def begun(self, state: RootState, plan_digest: str = "") -> None:
        """Says that the root is being worked on, for whoever goes on if that is cut off; as far as it can be said."""
        with contextlib.suppress(DiagnosticsError):
            record = self._record(state.root, BEGUN, plan_digest, serial=None)
            side_by_side(partial(self._note, state), partial(self._append, state, record))

    def ended(self, state: RootState, *, ok: bool, plan_digest: str = "") -> Sequence[Diagnostic]:
        """Says how it ended, and keeps what is applied now; warnings where that fails: what was done is done."""
        try:
            now = self.at.read(state)
            record = self._record(state.root, DONE if ok else FAILED, plan_digest, now.serial if now else None)
            self._note(state)
            append = partial(self._append, state, record)
            if ok:
                side_by_side(append, partial(self._keep, state))
            else:
                append()
        except DiagnosticsError as error:
            found = [one for one in error.diagnostics if one.code != _NO_BUCKET]
            return [replace(one, severity=Severity.WARNING) for one in found]
        return ()

    def confirmed(self, state: RootState, past: Past) -> Sequence[Diagnostic]:
        """Says that the root is what the folder says, where it was applied from another folder or nobody knows."""
        record = past.applied(state)
        if record is not None and record.lock_digest == lock_digest(self.at.standing.folder):
            return ()
        return self.ended(state, ok=True)

    def closed(self, *, whole: bool) -> None:
        """Says that the run has ended, and whether with all of its roots, unless it has touched none."""
        bucket = next((state for state in self.at.standing.states if state.bucket), None)
        if bucket is not None and self.noted:
            with contextlib.suppress(DiagnosticsError):
                self._append(bucket, self._record(WHOLE, DONE if whole else FAILED, "", serial=None))

    def _note(self, state: RootState) -> None:
        if not self.noted and bucket_for(self.at, state):
            self._append(state, self._record(WHOLE, BEGUN, "", serial=None))
            self.noted = True

    def _keep(self, state: RootState) -> None:
        bucket = bucket_for(self.at, state)
        snapshot = snapshot_of(self.at.standing.folder, self.at.standing.lock)
        if snapshot is not None and bucket:
            Snapshots(self.at.cloud.state_store(bucket), self.at.standing.name).keep(snapshot)

    def _append(self, state: RootState, record: Record) -> None:
        bucket = bucket_for(self.at, state)
        if bucket:
            Journal(self.at.cloud.state_store(bucket), self.at.standing.name).append(record)

    def _record(self, root: str, result: str, plan_digest: str, serial: int | None) -> Record:
        commit = self.commit()
        return Record(
            run=self.run,
            root=root,
            action=self.action,
            result=result,
            who=self.at.caller.who,
            ended=self.now(),
            commit=commit.id if commit else "",
            plan_digest=plan_digest,
            lock_digest=lock_digest(self.at.standing.folder),
            serial=serial,
            groundplan=__version__,
            edited=commit is not None and commit.edited,
            roots=" ".join(self.roots),
        )
