"""What is written down around a run that changes something: the version of the state before, the journal after."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from groundplan import __version__
from groundplan.app.live.connected import Connected
from groundplan.app.live.past import DONE
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.live.journal import Journal, Record
from groundplan.live.roots import RootState
from groundplan.live.saved import lock_digest
from groundplan.live.terraform import RunResult

FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Diary:
    """Of one run on one environment."""

    at: Connected
    run_id: str
    now: Callable[[], datetime]

    def version(self, state: RootState) -> str:
        """The version of the state that there is now; empty where there is none, or it is a file."""
        if not state.bucket:
            return ""
        versions = self.at.store(state).versions(self.at.key(state))
        return next((one.id for one in versions if one.latest and not one.deleted), "")

    def enter(self, state: RootState, action: str, run: RunResult, plan_digest: str) -> Sequence[Diagnostic]:
        """Writes the run into the journal; a warning where that fails, since what was done is done."""
        bucket = state.bucket or next((one.bucket for one in self.at.standing.states if one.bucket), "")
        if not bucket:
            return ()
        try:
            now = self.at.read(state)
            record = Record(
                run=self.run_id,
                root=state.root,
                action=action,
                result=DONE if run.ok else FAILED,
                who=self.at.caller.who,
                ended=self.now(),
                plan_digest=plan_digest,
                lock_digest=lock_digest(self.at.standing.folder),
                serial=now.serial if now else None,
                groundplan=__version__,
            )
            store = self.at.cloud.state_store(bucket)
            if store.exists():
                Journal(store, self.at.standing.name).append(record)
        except DiagnosticsError as error:
            return [replace(one, severity=Severity.WARNING) for one in error.diagnostics]
        return ()
