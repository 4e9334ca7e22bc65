"""What destroying roots would do: a plan for each, made on what there is left of them."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.app.live.connected import Connected
from groundplan.app.live.cut import left_by_cut, lost_by, origin_of
from groundplan.app.live.destroy.protections import Protection, lifted_arguments, only_lifts
from groundplan.app.live.errored import errored_state, written_back
from groundplan.app.live.plan import RootPlan, keeps_out
from groundplan.app.live.unlock import Held
from groundplan.change.assemble import Environment, Specs, assemble
from groundplan.change.attribution import Edits
from groundplan.change.model import Change, Side
from groundplan.change.planned import read_plan
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, shortened
from groundplan.live.digests import plan_digest
from groundplan.live.roots import RootState
from groundplan.live.saved import SavedRoot, actions_of
from groundplan.live.state import State
from groundplan.live.terraform import Live, RunResult
from groundplan.terraform.effects import effects

FIRST = "00-state"
"""The root that keeps the states of the others: it is destroyed where it is named, and then last."""
IN_CLUSTER = ("/kubernetes", "/helm")
"""Ends of the addresses of providers that reach into a cluster."""
DESTROYED, LIFTED = "destroy", "lift"
"""What plans are for, as the journal calls it."""
_LOCKED, _INTERRUPTED = "GP927", "GP924"


@dataclass(frozen=True, slots=True)
class Planner:
    """Makes plans to destroy into the folder `plans`; `live` runs in a copy of the environment."""

    at: Connected
    live: Live
    plans: Path
    without_cluster: bool = False
    """Whether what is in the cluster counts as gone, as it does where there is no cluster."""

    def plan(self, state: RootState, held: Held | None = None) -> RootPlan:
        """The plan of one root; one that is not pending where nothing of it is left.

        Where what it looks up is gone, it is planned from its state alone: a root that can be planned only as long as
        another stands could not be destroyed a second time. A state that could not be written is written first.
        """
        errored = errored_state(self.at.standing.folder, state.root)
        if errored and (found := written_back(self.at, self.live, state, errored)):
            return RootPlan(state.root, diagnostics=tuple(found))
        now = self.at.read(state)
        if now is None or not now.resources:
            return _nothing(state.root)
        if held is not None and (kept := keeps_out(self.at, self.live, state, held)):
            return RootPlan(state.root, diagnostics=(kept,))
        ready = self.live.init(state.root)
        if not ready.ok:
            return RootPlan(state.root, diagnostics=ready.diagnostics)
        file = self.file(state)
        origin = origin_of(self.at, state, now.lineage, destroys=True)
        made = self.live.plan(state.root, file, destroy=True, origin=origin)
        notes = (*self._unrecorded(state, now), *made.diagnostics)
        if not made.ok and _may_go_on(made) and self.stands_on_nothing(state):
            made = self.live.plan(state.root, file, destroy=True, refresh=False, origin=origin)
            notes = (_from_its_state(state.root), *notes)
        if not made.ok:
            return RootPlan(state.root, diagnostics=made.diagnostics)
        return self._planned(state.root, file, now, notes, empties=True)

    def _unrecorded(self, state: RootState, now: State) -> tuple[Diagnostic, ...]:
        """GP746 where an apply that was killed has made what no state has, which therefore stays."""
        lost = lost_by(self.at, self.live.trace(state.root), state, now)
        return (left_by_cut(self.at, state.root, lost),) if lost else ()

    def file(self, state: RootState, action: str = DESTROYED) -> Path:
        """Where the plan is that does this to the root."""
        return self.plans / f"{state.root}.{action}.tfplan"

    def plan_lifting(self, state: RootState, found: Sequence[Protection]) -> RootPlan:
        """The plan that takes off what protects resources and does nothing else, with the copy edited for it.

        GP944 where it would do more: what is rendered has to be what is applied.
        """
        for path, text in list(lifted_arguments(self.live.place(state.root).parent, found)):
            path.write_text(text, encoding="utf-8")
        now, file = self.at.read(state), self.file(state, LIFTED)
        made = self.live.plan(state.root, file, targets=sorted({one.planned.address for one in found}))
        if not made.ok or now is None:
            return RootPlan(state.root, diagnostics=made.diagnostics)
        planned = self._planned(state.root, file, now, ())
        more = [one.address for one in read_plan(state.root, planned.plan or {}) if not only_lifts(one, found)]
        return RootPlan(state.root, diagnostics=(_does_more(state.root, more),)) if more else planned

    def stands_on_nothing(self, state: RootState) -> bool:
        """Whether something before the root is gone: the cluster, or all that a root had."""
        if self.cluster_is_gone:
            return True
        earlier = (one for one in self.at.standing.states if FIRST < one.root < state.root)
        return any((found := self.at.read(one)) is None or not found.resources for one in earlier)

    @property
    def cluster_is_gone(self) -> bool:
        """Whether nothing in it can be destroyed any more."""
        return self.without_cluster or self.at.cloud.cluster(self.at.standing.name) is None

    def forget_cluster(self, state: RootState, planned: RootPlan) -> RunResult | None:
        """Takes what was in the cluster out of the state: it went with it. None where there is nothing."""
        inside = [one.address for one in read_plan(state.root, planned.plan or {}) if one.provider.endswith(IN_CLUSTER)]
        return self.live.state_rm(state.root, inside) if inside else None

    def _planned(
        self, root: str, file: Path, state: State, notes: tuple[Diagnostic, ...], *, empties: bool = False
    ) -> RootPlan:
        """The plan; one that `empties` has something to do as long as the state lists anything.

        What that is may be gone, by an apply of the plan that was killed before it wrote its state.
        """
        plan = self.live.show(root, file)
        actions = actions_of(plan)
        saved = SavedRoot(
            root=root,
            sha256=plan_digest(file),
            serial=state.serial,
            lineage=state.lineage,
            pending=bool(actions) or (empties and bool(state.resources)),
            actions=actions,
        )
        return RootPlan(root, plan, saved, diagnostics=notes)


def in_order(at: Connected, roots: tuple[str, ...]) -> Sequence[RootState]:
    """The roots in the order in which they go; those that are named, else all but the one with the states.

    Raises GP942 for a root on which another one stands that is not to go.
    """
    wanted = at.standing.chosen(roots) if roots else [one for one in at.standing.states if one.root != FIRST]
    names = {one.root for one in wanted}
    on = min(names, default="")
    above = [one for one in at.standing.states if on and one.root > on and one.root not in names]
    left = [one.root for one in above if (found := at.read(one)) and found.resources]
    if left:
        message = f"{left[0]} stands on {max(one for one in names if one < left[0])} and is not to be destroyed"
        every = [word for root in sorted({*names, *left}) for word in ("--root", root)]
        words = shlex.join(["groundplan", "destroy", str(at.standing.folder), *every])
        hint = f"`{words}` destroys all that stands, in its order; nothing was touched"
        raise DiagnosticsError([Diagnostic("GP942", message, hint=hint)])
    return sorted(wanted, key=lambda one: one.root, reverse=True)


def destruction(at: Connected, roots: Sequence[RootPlan]) -> Change:
    """What the plans do, in the words of `groundplan change`."""
    lock = at.standing.lock
    ends = (
        Environment(Side("what is applied", lock.groundplan), lock),
        Environment(Side("nothing", lock.groundplan), lock),
    )
    planned = [replace(root, diagnostics=()) for root in roots if root.plan is not None]
    return assemble(ends, planned, effects(), Specs(Edits()))


def _nothing(root: str) -> RootPlan:
    return RootPlan(root, saved=SavedRoot(root=root, sha256="", pending=False))


def _may_go_on(made: RunResult) -> bool:
    return not made.interrupted and not any(one.code in (_LOCKED, _INTERRUPTED) for one in made.diagnostics)


def _from_its_state(root: str) -> Diagnostic:
    message = f"{root}: what it looks up is gone: it is destroyed by what its state says"
    return Diagnostic("GP743", message, Severity.NOTE)


def _does_more(root: str, addresses: Sequence[str]) -> Diagnostic:
    message = f"{root}: taking off what protects its resources would change {shortened(', '.join(addresses))} as well"
    return Diagnostic("GP944", message, hint="`groundplan apply` the folder first; nothing of the root is destroyed")
