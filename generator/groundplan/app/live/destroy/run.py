"""Destroying the roots of an environment, the last one first: all planned and approved before anything goes."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.allowances import Allowance
from groundplan.app.live.acting import Diary
from groundplan.app.live.apply import ERRORED_STATE, Outcome, Recorder, Result
from groundplan.app.live.destroy.plans import DESTROYED, LIFTED, Planner, destruction, in_order
from groundplan.app.live.destroy.protections import Judged, Protection, judged, protections
from groundplan.app.live.plan import RootPlan
from groundplan.app.progress import Progress
from groundplan.change.model import Change
from groundplan.change.planned import read_plan
from groundplan.diagnostics import Diagnostic
from groundplan.live.roots import RootState
from groundplan.live.saved import Action, plan_digest
from groundplan.live.terraform import RunResult


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to be destroyed, for whoever approves it."""

    environment: str
    roots: Sequence[str]
    change: Change


Approve = Callable[[Question], bool]


@dataclass(frozen=True, slots=True)
class Destroyed:
    """What became of every root that was asked for, in the order in which they go."""

    environment: str
    folder: Path
    outcomes: Sequence[Outcome]
    change: Change
    """What it does as a whole, whether it was done or not."""
    missing: Sequence[str] = ()
    """Words of `--allow` that it takes and has not got."""
    dry: bool = False

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """Of all roots."""
        return [found for one in self.outcomes for found in one.diagnostics]

    @property
    def stopped_at(self) -> Outcome | None:
        """The root that was not destroyed; None where all are."""
        return next((one for one in self.outcomes if one.result in (Result.FAILED, Result.DECLINED)), None)


@dataclass(frozen=True)
class Destroy:
    """The destruction of one environment; the planner's `live` tells its events to `recorder`."""

    planner: Planner
    recorder: Recorder
    approve: Approve
    diary: Diary
    progress: Progress
    words: Sequence[Allowance] = ()

    def run(self, roots: tuple[str, ...], *, dry: bool = False) -> Destroyed:
        """Destroys the roots, the last one first, until one fails; with `dry` nothing.

        What is gone is left alone, so that the same command goes on where another was cut off.
        """
        states = in_order(self.planner.at, roots)
        plans = [self._plan(state) for state in states]
        found = self._judged(plans)
        failed = next((one for one in plans if one.saved is None), None)
        pending = [one for one in plans if one.pending]
        if failed is not None:
            outcomes = [Outcome(failed.root, Result.FAILED, diagnostics=failed.diagnostics)]
        elif not pending:
            outcomes = [Outcome(one.root, Result.GONE) for one in plans]
        elif dry or found.missing or not self._approved(pending, found.change):
            outcomes = [Outcome(pending[0].root, Result.DECLINED)]
        else:
            outcomes = self._destroyed(states, plans)
        return self._told(states, outcomes, found, dry=dry)

    def _judged(self, plans: Sequence[RootPlan]) -> Judged:
        return judged(destruction(self.planner.at, plans), self._protections(plans), self.words)

    def _protections(self, plans: Sequence[RootPlan]) -> Sequence[Protection]:
        planned = [one for root in plans if root.plan for one in read_plan(root.root, root.plan)]
        return protections(planned, self.planner.at.standing.folder)

    def _told(self, states: Sequence[RootState], outcomes: Sequence[Outcome], found: Judged, *, dry: bool) -> Destroyed:
        by_root = {one.root: one for one in outcomes}
        every = [by_root.get(state.root) or Outcome(state.root, Result.NOT_REACHED) for state in states]
        standing = self.planner.at.standing
        return Destroyed(standing.name, standing.folder, every, found.change, found.missing, dry)

    def _plan(self, state: RootState) -> RootPlan:
        with self.progress.step(f"planning to destroy {state.root}"):
            return self.planner.plan(state)

    def _approved(self, pending: Sequence[RootPlan], change: Change) -> bool:
        return self.approve(Question(self.planner.at.standing.name, [one.root for one in pending], change))

    def _destroyed(self, states: Sequence[RootState], plans: Sequence[RootPlan]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for state, planned in zip(states, plans, strict=True):
            outcomes.append(self._root(state, planned))
            if outcomes[-1].result in (Result.FAILED, Result.DECLINED):
                break
        return outcomes

    def _root(self, state: RootState, planned: RootPlan) -> Outcome:
        """Destroys a root by the plan that was approved, or a new one that does no more where its state is another."""
        assert planned.saved is not None
        if not planned.pending:
            return Outcome(state.root, Result.GONE)
        approved = planned.saved.actions
        refusal = self._lifted(state, planned)
        if refusal is not None:
            return refusal
        if not self._is_current(state, planned):
            planned = self._plan(state)
            if planned.saved is None:
                return Outcome(state.root, Result.FAILED, diagnostics=planned.diagnostics)
            if not planned.pending:
                return Outcome(state.root, Result.GONE)
            found = self._judged([planned])
            same = _within(planned.saved.actions, approved)
            if found.missing or not (same or self._approved([planned], found.change)):
                return Outcome(state.root, Result.DECLINED)
        return self._act(state, planned)

    def _lifted(self, state: RootState, planned: RootPlan) -> Outcome | None:
        """Lifts what protects the resources of a root; what became of the root where that failed, else None."""
        found = [one for one in self._protections([planned]) if one.row is not None]
        if not found:
            return None
        with self.progress.step(f"lifting what protects {len(found)} resources of {state.root}"):
            made = self.planner.plan_lifting(state, found)
        if made.saved is None:
            return Outcome(state.root, Result.FAILED, diagnostics=made.diagnostics)
        outcome = self._act(state, made, LIFTED) if made.pending else None
        return outcome if outcome and outcome.result is Result.FAILED else None

    def _is_current(self, state: RootState, planned: RootPlan) -> bool:
        now, saved = self.planner.at.read(state), planned.saved
        return now is not None and saved is not None and (now.serial, now.lineage) == (saved.serial, saved.lineage)

    def _act(self, state: RootState, planned: RootPlan, action: str = DESTROYED) -> Outcome:
        file = self.planner.file(state, action)
        version, digest = self.diary.version(state), plan_digest(file)
        self.recorder.clear()
        run = self.planner.live.apply(state.root, file)
        entered = self.diary.enter(state, action, run, digest)
        found = (*planned.diagnostics, *run.diagnostics, *entered)
        return replace(self._outcome(run, version), diagnostics=found)

    def _outcome(self, run: RunResult, version: str) -> Outcome:
        errored = self.planner.live.place(run.root) / ERRORED_STATE
        return Outcome(
            run.root,
            Result.DESTROYED if run.ok else Result.FAILED,
            tuple(self.recorder.done),
            () if run.ok else tuple(self.recorder.unfinished.values()),
            run.diagnostics,
            run.log,
            self.planner.at.standing.folder / run.root / ERRORED_STATE if not run.ok and errored.exists() else None,
            version,
        )


def _within(actions: Sequence[Action], approved: Sequence[Action]) -> bool:
    return set(actions) <= set(approved)
