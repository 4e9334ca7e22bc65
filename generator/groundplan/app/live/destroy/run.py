"""Destroying the roots of an environment, the last one first: all planned and approved before anything goes."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.allowances import Allowance
from groundplan.app.live.cut import origin_of
from groundplan.app.live.destroy.cluster import UNASKED, Controllers, Inside
from groundplan.app.live.destroy.plans import DESTROYED, FIRST, LIFTED, Planner, destruction, in_order
from groundplan.app.live.destroy.protections import Judged, Protection, judged, protections
from groundplan.app.live.destroy.stays import UNSEEN, Aftermath, Stay, of_left
from groundplan.app.live.errored import ERRORED_STATE
from groundplan.app.live.ledger import Ledger
from groundplan.app.live.outcomes import Outcome, Recorder, Result, another_plan, halted, state_version, stopping
from groundplan.app.live.plan import RootPlan, waited_for
from groundplan.app.live.unlock import holder
from groundplan.app.progress import Progress
from groundplan.change.model import Change
from groundplan.change.planned import read_plan
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.live.cloud import Stray
from groundplan.live.kube import Made, Thing
from groundplan.live.roots import RootState
from groundplan.live.saved import Action
from groundplan.prices.age import age_of, stale


@dataclass(frozen=True, slots=True)
class Question:
    """What is about to be destroyed, for whoever approves it."""

    environment: str
    roots: Sequence[str]
    change: Change
    inside: Inside = UNASKED


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
    inside: Inside = UNASKED
    """What controllers had made when it began."""
    deleted: Sequence[Thing] = ()
    """What of that is gone."""
    stays: Sequence[Stay] = ()
    """What is left, or would be."""
    unseen: Sequence[str] = ()
    """What may be left besides, and was not looked for."""
    notices: Sequence[Diagnostic] = ()
    dry: bool = False
    again: Sequence[str] = ()
    """Options that the command was given and takes again."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """Of all roots, and what is to be known besides."""
        return [*(found for one in self.outcomes for found in one.diagnostics), *self.notices]

    @property
    def stopped_at(self) -> Outcome | None:
        """The root that was not destroyed; None where all are."""
        return stopping(self.outcomes)


@dataclass(frozen=True)
class Destroy:
    """The destruction of one environment; the planner's `live` tells its events to `recorder`."""

    planner: Planner
    recorder: Recorder
    approve: Approve
    ledger: Ledger
    progress: Progress
    controllers: Controllers
    aftermath: Aftermath
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
        inside = self.controllers.inside() if failed is None and any(map(self._may_clear, pending)) else UNASKED
        if failed is not None:
            outcomes = [Outcome(failed.root, Result.FAILED, diagnostics=failed.diagnostics)]
        elif not pending:
            outcomes = [Outcome(one.root, Result.GONE) for one in plans]
        elif dry or found.missing or not self._approved(pending, found.change, inside):
            outcomes = [Outcome(pending[0].root, Result.DECLINED)]
        else:
            outcomes = self._destroyed(states, plans)
        done = self._told(states, outcomes, found, dry=dry)
        self.ledger.closed(whole=done.stopped_at is None)
        done = replace(done, inside=inside, deleted=tuple(self.controllers.deleted))
        return self._with_stays(done, plans) if pending and failed is None else done

    def _with_stays(self, done: Destroyed, plans: Sequence[RootPlan]) -> Destroyed:
        """The same with what is left of the roots that went, or of all in a dry run, and in those that stand."""
        gone = {one.root for one in done.outcomes if done.dry or one.result in (Result.DESTROYED, Result.GONE)}
        if not gone:
            return done
        asked = {one.root for one in done.outcomes}
        planned = [one for root in plans if root.plan and root.root in gone for one in read_plan(root.root, root.plan)]
        looks = self.controllers.root in gone and not done.dry
        strays, notices = self._strays() if looks else ((), ())
        stays = [
            *self.aftermath.of_plans(planned),
            *self.aftermath.of_cluster(done.inside, strays),
            *(stay for state in self.planner.at.standing.states if state.root not in asked for stay in self._of(state)),
            *of_left(self.planner.at.standing.lock.left),
        ]
        old = stale(age_of(self.aftermath.dates, self.aftermath.today), "prices used")
        unseen = UNSEEN if looks else ()
        return replace(done, stays=tuple(dict.fromkeys(stays)), unseen=unseen, notices=[*notices, *old])

    def _of(self, state: RootState) -> Iterator[Stay]:
        found = self.planner.at.read(state)
        yield from self.aftermath.of_root(state.root, found.fields.get("resources") or ()) if found else ()

    def _strays(self) -> tuple[Sequence[Stray], Sequence[Diagnostic]]:
        """What the cluster has left behind, or a warning that nobody could be asked."""
        try:
            return self.planner.at.cloud.strays(self.planner.at.standing.name), ()
        except DiagnosticsError as error:
            return (), [replace(one, severity=Severity.WARNING) for one in error.diagnostics]

    def _judged(self, plans: Sequence[RootPlan]) -> Judged:
        return judged(destruction(self.planner.at, plans), self._protections(plans), self.words)

    def _protections(self, plans: Sequence[RootPlan]) -> Sequence[Protection]:
        planned = [one for root in plans if root.plan for one in read_plan(root.root, root.plan)]
        return protections(planned, self.planner.at.standing.folder)

    def _told(self, states: Sequence[RootState], outcomes: Sequence[Outcome], found: Judged, *, dry: bool) -> Destroyed:
        by_root = {one.root: one for one in outcomes}
        every = [by_root.get(state.root) or Outcome(state.root, Result.NOT_REACHED) for state in states]
        standing = self.planner.at.standing
        return Destroyed(standing.name, standing.folder, every, found.change, found.missing, dry=dry)

    def _plan(self, state: RootState) -> RootPlan:
        if halted := self.planner.live.halted(state.root):
            return RootPlan(state.root, diagnostics=(halted,))
        held = holder(self.planner.at, state.root, self.ledger.now())
        with self.progress.step(f"planning to destroy {state.root}{waited_for(held)}"):
            return self.planner.plan(state, held)

    def _approved(self, pending: Sequence[RootPlan], change: Change, inside: Inside | None = None) -> bool:
        roots = [one.root for one in pending]
        return self.approve(Question(self.planner.at.standing.name, roots, change, inside or UNASKED))

    def _destroyed(self, states: Sequence[RootState], plans: Sequence[RootPlan]) -> list[Outcome]:
        outcomes: list[Outcome] = []
        for state, planned in zip(states, plans, strict=True):
            outcomes.append(self._root(state, planned))
            if outcomes[-1].result in (Result.FAILED, Result.DECLINED):
                break
        return outcomes

    def _root(self, state: RootState, planned: RootPlan) -> Outcome:
        """Destroys a root by the plan that was approved, or a new one that does no more where its state is another."""
        if not planned.pending:
            return Outcome(state.root, Result.GONE)
        refusal = halted(self.planner.live, state.root) or self._cleared(state)
        refusal = refusal or self._forgotten(state, planned) or self._lifted(state, planned)
        if refusal is not None:
            return refusal
        return self._act(state, planned) if self._is_current(state, planned) else self._again(state, planned)

    def _again(self, state: RootState, before: RootPlan) -> Outcome:
        """Plans a root anew, whose state is another by now; asks again only where more would go."""
        planned = self._plan(state)
        if planned.saved is None or before.saved is None:
            return Outcome(state.root, Result.FAILED, diagnostics=planned.diagnostics)
        if not planned.pending:
            entered = self.ledger.ended(state, ok=True)
            return Outcome(state.root, Result.DESTROYED, diagnostics=(*before.diagnostics, *entered))
        found = self._judged([planned])
        same = _within(planned.saved.actions, before.saved.actions)
        if found.missing or not (same or self._approved([planned], found.change)):
            return Outcome(state.root, Result.DECLINED)
        return self._act(state, planned)

    def _may_clear(self, root: RootState | RootPlan) -> bool:
        """Whether the root is the cluster's own or a later one."""
        return bool(self.controllers.root) and root.root >= self.controllers.root

    def _cleared(self, state: RootState) -> Outcome | None:
        """Deletes what controllers made, as long as they run; what became of the root where that failed, else None.

        Volumes go with the cluster alone: what claims them has ended by then.
        """
        if not self._may_clear(state):
            return None
        try:
            with self.progress.step("deleting what the cluster has made in the cloud"):
                self.controllers.clear(Made.ENTRY)
                if state.root == self.controllers.root:
                    self.controllers.clear(Made.VOLUME)
        except DiagnosticsError as error:
            return Outcome(state.root, Result.FAILED, diagnostics=error.diagnostics)
        return None

    def _forgotten(self, state: RootState, planned: RootPlan) -> Outcome | None:
        """Forgets what went with the cluster; what became of the root where that failed, else None."""
        if not self.planner.cluster_is_gone:
            return None
        run = self.planner.forget_cluster(state, planned)
        return Outcome(state.root, Result.FAILED, diagnostics=run.diagnostics) if run and not run.ok else None

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
        assert planned.saved is not None
        if refusal := halted(self.planner.live, state.root) or another_plan(state.root, file, planned.saved):
            return refusal
        version, digest = state_version(self.planner.at, state), planned.saved.sha256
        self.ledger.begun(state, digest)
        self.recorder.clear()
        origin = origin_of(self.planner.at, state, planned.saved.lineage, destroys=True)
        run = self.planner.live.apply(state.root, file, origin)
        unsaid = run.ok and (action == LIFTED or state.root == FIRST)  # the journal goes with the bucket
        entered = () if unsaid else self.ledger.ended(state, ok=run.ok, plan_digest=digest)
        found = (*planned.diagnostics, *run.diagnostics, *entered)
        result = Result.DESTROYED if run.ok else Result.FAILED
        outcome = self.recorder.outcome(run, result, version, self.planner.live.place(state.root) / ERRORED_STATE)
        kept = self.planner.at.standing.folder / state.root / ERRORED_STATE if outcome.errored_state else None
        return replace(outcome, diagnostics=found, errored_state=kept)


def _within(actions: Sequence[Action], approved: Sequence[Action]) -> bool:
    return set(actions) <= set(approved)
