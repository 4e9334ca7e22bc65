"""Applying a rendered environment, root after root: each planned on what those before it have left, and approved."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan import __version__
from groundplan.app.live.approved import Approved, unnamed
from groundplan.app.live.connected import Connected
from groundplan.app.live.cut import origin_of, overtaken
from groundplan.app.live.errored import ERRORED_STATE, errored_state, written_back
from groundplan.app.live.first import First
from groundplan.app.live.guards import unreachable
from groundplan.app.live.ledger import Ledger
from groundplan.app.live.meanwhile import side_by_side
from groundplan.app.live.outcomes import (
    Outcome,
    Question,
    Recorder,
    Result,
    another_plan,
    halted,
    state_version,
    stopping,
)
from groundplan.app.live.plan import RootPlan, Seen, plan_root, shown
from groundplan.app.live.resume import Unfinished
from groundplan.app.live.unlock import holder, locked
from groundplan.app.progress import Progress
from groundplan.diagnostics import Diagnostic, DiagnosticsError, has_errors
from groundplan.live.cloud import StateLock
from groundplan.live.provider_locks import other_locks, put_locks
from groundplan.live.roots import RootState
from groundplan.live.state import State
from groundplan.live.terraform import Live

if TYPE_CHECKING:
    from groundplan.app.live.telling import Teller
    from groundplan.change.model import Entry
    from groundplan.live.saved import Record, SavedRoot

AFTER = "GP941"
"""A root that can be planned only after another one."""
_NO_LOGIN = ("GP812", "GP814")
Approve = Callable[[Question], bool]
States = Mapping[str, State | None]
"""By root, as they are."""
Watch = Callable[[str, int], AbstractContextManager[None]]
"""Around the apply of a root, which does so many things."""


@dataclass(frozen=True, slots=True)
class Applied:
    """What became of every root that was asked for, in order."""

    environment: str
    folder: Path
    outcomes: Sequence[Outcome]
    run: str = ""
    """Its id, which the journal has, too."""
    notices: Sequence[Diagnostic] = ()
    """Words that have let nothing pass, prices that are old."""
    resumable: bool = False
    """Whether the journal has the run, so that `--resume` goes on with it."""
    again: Sequence[str] = ()
    """Options that the command was given and takes again where nothing of it can be resumed."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """Of all roots."""
        return [*(found for one in self.outcomes for found in one.diagnostics), *self.notices]

    @property
    def stopped_at(self) -> Outcome | None:
        """The root that was not applied; None where all are."""
        return stopping(self.outcomes)


@dataclass(frozen=True)
class Apply:
    """An apply of the roots of one environment; `live` tells its events to `recorder`.

    Plans are made in `work`, a folder of the run's own, but for those in `plans`, which were saved and shown before.
    """

    at: Connected
    live: Live
    recorder: Recorder
    approve: Approve
    work: Path
    watch: Watch
    progress: Progress
    ledger: Ledger
    teller: Callable[[], Teller]
    plans: Path | None = None
    resumed: Unfinished | None = None
    """The run that this one goes on with."""
    first: First | None = None
    """The root that makes the state bucket, where its state is a file until then."""

    def run(self, roots: tuple[str, ...]) -> Applied:
        """Applies the roots in order until one fails or is not approved.

        A root of which nothing differs is left alone, so the same command goes on where another was cut off. Raises
        DiagnosticsError (GP411 to GP416) for saved plans that were made of something else than there is now.
        """
        states = self.at.standing.chosen(roots)
        now = {state.root: self.at.read(state) for state in self.at.standing.states} if self.plans else {}
        record = self._record(states, now)
        states = states if record is None or roots else tuple(one for one in states if record.knows(one.root))
        shown = self._shown(record, now) if record is not None else None
        first = next((one.root for one in shown or () if one.pending), "")
        declined = self._declined(first, shown or ()) if first else None
        outcomes = [declined] if declined else self._applied(states, Approved.of(shown, record), first)
        reached = {one.root for one in outcomes}
        left = [Outcome(state.root, Result.NOT_REACHED) for state in states if state.root not in reached]
        applied = Applied(self.at.standing.name, self.at.standing.folder, [*outcomes, *left])
        self.ledger.closed(whole=applied.stopped_at is None)
        return replace(applied, run=self.ledger.run, notices=self._notices(applied), resumable=self.ledger.noted)

    def _notices(self, applied: Applied) -> list[Diagnostic]:
        """What is to be known of the words that were given, and of the prices that were shown."""
        told = any(one.asked or one.result is Result.APPLIED for one in applied.outcomes)
        old = self.teller().old_prices if told else ()
        return [*old, *(() if applied.stopped_at else self.teller().idle())]

    def _record(self, states: Sequence[RootState], now: States) -> Record | None:
        if self.plans is None:
            return None
        from groundplan.live.saved import Basis, read_record, stale

        record = read_record(self.plans)
        basis = Basis(self.at.standing, self.at.caller.account, self.live.program.title, __version__, now)
        reasons = [*stale(record, self.plans, basis), *other_locks(record, self.plans, self.live.place)]
        if reasons := reasons or overtaken(self.at, self.live, record, now):
            raise DiagnosticsError(reasons)
        put_locks(record, self.plans, self.live.place)
        wanted = {state.root for state in states}
        return record.model_copy(update={"roots": tuple(one for one in record.roots if one.root in wanted)})

    def _shown(self, record: Record, now: States) -> list[RootPlan]:
        """The plans that were saved, as they are."""
        assert self.plans is not None
        self.at.meanwhile()
        plans = [(one, shown(self.live, one.root, self.plans / one.file)) for one in record.roots]
        return [RootPlan(one.root, plan, one, seen=Seen(now.get(one.root))) for one, plan in plans]

    def _declined(self, root: str, planned: Sequence[RootPlan], beyond: Sequence[str] = ()) -> Outcome | None:
        """None where the plans are approved; `beyond` says why they are asked about beside others."""
        roots = [one.root for one in planned if one.pending]
        change = self.teller().change(planned)
        asked = Question(self.at.standing.name, roots, change, beyond, unnamed(planned, change) if beyond else ())
        return None if self.approve(asked) else Outcome(root, Result.DECLINED, asked=asked)

    def _applied(self, states: Sequence[RootState], approved: Approved | None, first: str) -> list[Outcome]:
        """The first of the saved plans is applied as it is, unless something was applied before it."""
        outcomes: list[Outcome] = []
        run = self
        for state in states:
            is_saved = state.root == first and not any(one.result is Result.APPLIED for one in outcomes)
            if stopped := halted(run.live, state.root) or run._errored(state):
                outcomes.append(stopped)
            elif is_saved and self.plans is not None and approved and (saved := approved.saved(first)):
                outcomes.append(run._unreachable(state) or run._act(state, self.plans / saved.file, saved))
            else:
                outcomes.append(run._root(state, approved))
            if run.first and state.root == run.first.root:
                run, outcomes[-1] = run._moved(run.first, outcomes[-1])
            if outcomes[-1].result in (Result.FAILED, Result.DECLINED):
                break
        return outcomes

    def _moved(self, first: First, outcome: Outcome) -> tuple[Apply, Outcome]:
        """What goes on, and the outcome, once the state of the root that makes the bucket is in there."""
        if outcome.result is Result.DECLINED:
            return self, outcome
        ok = outcome.result in (Result.APPLIED, Result.NOTHING)
        lock = StateLock(self.ledger.run, self.at.caller.who, "groundplan apply", self.ledger.now(), first.root)
        found = first.ended(lock, ok=ok, is_empty=outcome.result is Result.NOTHING)
        result = Result.FAILED if has_errors(found) else outcome.result
        told = replace(outcome, result=result, diagnostics=(*outcome.diagnostics, *found))
        return replace(self, at=first.at, live=first.live, first=None), told

    def _errored(self, state: RootState) -> Outcome | None:
        """Why a root with a state that could not be written cannot be planned; None where there is none, or not now.

        A resumed run writes it to where it belongs, which Terraform refuses for one that is older than what is there.
        """
        file = errored_state(self.live.place(state.root).parent, state.root)
        if file is None:
            return None
        if self.resumed is None:
            found: Sequence[Diagnostic] = (_not_written(self.at.standing.folder, state.root),)
        else:
            found = written_back(self.at, self.live, state, file)
        return Outcome(state.root, Result.FAILED, diagnostics=found, errored_state=file) if found else None

    def _unreachable(self, state: RootState) -> Outcome | None:
        found = unreachable(self.at, self.live, state.root)
        return Outcome(state.root, Result.FAILED, diagnostics=[found]) if found else None

    def _root(self, state: RootState, approved: Approved | None) -> Outcome:
        """Plans a root and applies it; asks unless it does exactly what was approved, and says what differs."""
        planned = plan_root(self.at, self.live, state, self.work, self.progress, self.ledger.now)
        if planned.after:
            message = f"{state.root} can be planned only after {planned.after} is applied"
            return Outcome(state.root, Result.FAILED, diagnostics=[Diagnostic(AFTER, message, hint="apply that first")])
        if planned.saved is None:
            found = (*planned.diagnostics, *self._logged_out())
            return Outcome(state.root, Result.FAILED, diagnostics=found)
        if not planned.pending:
            return Outcome(state.root, Result.NOTHING, diagnostics=self.ledger.confirmed(state, self.teller().past))
        beyond = approved.beyond(planned, self._entries, self.live.secrets.hide) if approved else ()
        if (approved is None or beyond) and (declined := self._declined(state.root, [planned], beyond)):
            return declined
        acted = self._act(state, self.work / planned.saved.file, planned.saved)
        return replace(acted, diagnostics=(*planned.diagnostics, *acted.diagnostics))

    def _entries(self, planned: RootPlan) -> Sequence[Entry]:
        return self.teller().change([planned]).entries

    def _act(self, state: RootState, file: Path, saved: SavedRoot) -> Outcome:
        if refusal := halted(self.live, state.root) or another_plan(state.root, file, saved):
            return refusal
        digest, actions = saved.sha256, saved.actions
        self.recorder.clear()
        version, _ = side_by_side(partial(state_version, self.at, state), partial(self.ledger.begun, state, digest))
        with self.watch(state.root, sum(len(one.actions) for one in actions)):
            run = self.live.apply(state.root, file, origin_of(self.at, state, saved.lineage))
        outcome = self.recorder.outcome(
            run,
            Result.APPLIED if run.ok else Result.FAILED,
            version,
            self.live.place(state.root) / ERRORED_STATE,
        )
        found = (*run.diagnostics, *self.ledger.ended(state, ok=run.ok, plan_digest=digest))
        if run.ok:
            return replace(outcome, diagnostics=found)
        from groundplan.app.live.adopting import taken

        touched = {one.address for one in (*self.recorder.done, *self.recorder.unfinished.values())}
        left = [one.address for one in actions if one.address not in touched]
        told = (
            *self._logged_out(),
            *taken(self.at, self.teller().past.now.resolved, state.root, self._held(state, found)),
        )
        return replace(outcome, diagnostics=told, untouched=left)

    def _held(self, state: RootState, found: Sequence[Diagnostic]) -> Sequence[Diagnostic]:
        """The same, with who holds the state where somebody has taken it since it was planned."""
        held = holder(self.at, state.root, self.ledger.now()) if any(one.code == "GP927" for one in found) else None
        return [locked(self.at, held), *(one for one in found if one.code != "GP927")] if held else found

    def _logged_out(self) -> Sequence[Diagnostic]:
        """That the credentials do not hold any more, where that is so: what Terraform says of it is long."""
        try:
            self.at.cloud.caller()
        except DiagnosticsError as error:
            folder = shlex.quote(str(self.at.standing.folder))
            again = f"`groundplan apply {folder} --resume`" if self.ledger.noted else "the same command"
            hint = f"log in again, then {again}"
            ended = [one for one in error.diagnostics if one.code in _NO_LOGIN]
            return [replace(one, message=f"in the middle of the run {one.message}", hint=hint) for one in ended]
        return ()


def _not_written(folder: Path, root: str) -> Diagnostic:
    message = f"{root}/{ERRORED_STATE} is a state that could not be written: a plan would make what it lists once more"
    hint = f"`groundplan apply {shlex.quote(str(folder))} --resume` writes it first; remove it if it is from elsewhere"
    return Diagnostic("GP419", message, hint=hint)
