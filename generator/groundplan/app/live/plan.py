"""What applying an environment would do now: every root in order, planned by the operator's Terraform."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from groundplan.app.live.connected import Connected
from groundplan.app.live.cut import dead_lock, planned_after_cut
from groundplan.app.live.guards import unreachable, without_bucket
from groundplan.app.live.unlock import Held, holder, locked
from groundplan.app.progress import Progress
from groundplan.check.freshness import stale as edited
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.live.digests import plan_digest
from groundplan.live.roots import RootState
from groundplan.live.state import State
from groundplan.live.terraform import LOCK_TIMEOUT, Live, RunResult

if TYPE_CHECKING:
    from groundplan.change.model import Change
    from groundplan.live.saved import SavedRoot

_CLUSTER = "cluster"
"""The component whose API the roots after it talk to."""
_NOT_OF_THE_ROOT = ("GP825", "GP921", "GP924", "GP927")
"""Why there is no plan that another root has nothing to do with: what cannot be taken over, what `init` says, a signal,
or a lock."""


@dataclass(frozen=True, slots=True)
class Seen:
    """The state that a plan was made on; None where there was none."""

    state: State | None


@dataclass(frozen=True, slots=True)
class RootPlan:
    """What became of planning one root: a plan, or the root that has to be applied before, or why there is neither."""

    root: str
    plan: Mapping[str, Any] | None = None
    saved: SavedRoot | None = None
    after: str = ""
    diagnostics: tuple[Diagnostic, ...] = ()
    same: bool = False
    seen: Seen | None = None
    """None where nobody looked."""

    @property
    def pending(self) -> bool:
        """Whether applying it changes something; what waits for another root does."""
        return bool(self.after) or (self.saved is not None and self.saved.pending)


@dataclass(frozen=True, slots=True)
class EnvironmentPlan:
    """The plans of an environment, and what they do all together."""

    environment: str
    account: str
    who: str
    roots: Sequence[RootPlan]
    change: Change

    @property
    def pending(self) -> bool:
        """Whether there is something to apply."""
        return any(root.pending for root in self.roots)

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """What kept roots from being planned, and what is to be known."""
        return tuple(dict.fromkeys((*self.change.diagnostics, *(d for root in self.roots for d in root.diagnostics))))


def require_unedited(folder: Path, at: Connected) -> None:
    """Raises GP401 and GP404 where the folder is not what its spec was rendered to."""
    found, _ = edited(folder, at.standing.outline, None)
    if has_errors(found):
        raise DiagnosticsError([_from_here(one, folder) for one in found if one.severity is Severity.ERROR])


Tell = Callable[[Sequence[RootPlan]], "Change"]
"""Tells what plans do, all together."""
Clock = Callable[[], datetime]


def plan_environment(  # noqa: PLR0913, PLR0917 - what is planned where, and how it is told
    at: Connected,
    live: Live,
    plans: Path,
    progress: Progress,
    tell: Tell,
    clock: Clock,
    roots: tuple[str, ...] = (),
) -> EnvironmentPlan:
    """Plans the roots, or those that are named, into the folder `plans`; nothing is changed.

    A root that looks up what another one makes cannot be planned before that one is applied: it is told as such.
    """
    made: list[RootPlan] = []
    for state in at.standing.states:
        if not roots or state.root in roots:
            halted = live.halted(state.root)
            planned = plan_root(at, live, state, plans, progress, clock, made) if halted is None else None
            made.append(planned or RootPlan(state.root, diagnostics=(halted,) if halted else ()))
    return EnvironmentPlan(at.standing.name, at.caller.account, at.caller.who, made, tell(made))


def plan_root(  # noqa: PLR0913, PLR0917 - what is planned where, and how it is told
    at: Connected,
    live: Live,
    state: RootState,
    plans: Path,
    progress: Progress,
    clock: Clock,
    before: Sequence[RootPlan] = (),
) -> RootPlan:
    """Plans one root into the folder; `before` are the plans of roots that come before it.

    A lock that somebody has taken lately is waited for, as Terraform does; an older one is told at once.
    """
    held = holder(at, state.root, clock())
    if held is not None and (kept := keeps_out(at, live, state, held)):
        return RootPlan(state.root, diagnostics=(kept,))
    with progress.step(f"planning {state.root}{waited_for(held)}"):
        planned = _plan_root(at, live, state, plans, before)
    if any(one.code == "GP927" for one in planned.diagnostics) and (held := holder(at, state.root, clock())):
        return replace(planned, diagnostics=(locked(at, held),))
    return planned


def keeps_out(at: Connected, live: Live, state: RootState, held: Held) -> Diagnostic | None:
    """GP927 for a lock that is not waited for: of a dead run, or an old one; None for one that may soon be gone."""
    return dead_lock(at, live, state, held.lock) or (None if held.is_young else locked(at, held))


def waited_for(held: Held | None) -> str:
    """What a plan is waiting for, to be told; empty for nothing."""
    return f" ({held.lock.who or 'somebody'} holds its state: waiting for {LOCK_TIMEOUT} at most)" if held else ""


def _plan_root(at: Connected, live: Live, state: RootState, plans: Path, before: Sequence[RootPlan]) -> RootPlan:
    waits = _waits(at, state, before)
    if waits:
        return RootPlan(state.root, after=waits)
    now = at.read(state)
    if found := unreachable(at, live, state.root) or without_bucket(at, state, now):
        return RootPlan(state.root, diagnostics=(found,))
    file = plans / f"{state.root}.tfplan"
    planned, taken = _prepared_and_planned(at, live, state, now, file)
    if not planned.ok:
        from groundplan.app.live.adopting import not_there

        pending = next((one.root for one in reversed(before) if one.pending), "")
        why = not_there(at, state.root, planned.diagnostics, now)
        says_nothing = any(one.code in _NOT_OF_THE_ROOT for one in why)
        if pending and not says_nothing:
            return RootPlan(state.root, after=pending)
        return RootPlan(state.root, diagnostics=why)
    return _planned(state.root, live.show(state.root, file), file, now, (*taken, *planned.diagnostics))


def _prepared_and_planned(
    at: Connected, live: Live, state: RootState, now: State | None, file: Path
) -> tuple[RunResult, tuple[Diagnostic, ...]]:
    """The plan, or why there is none; where `init` was left out and a plan did not begin, both are run."""
    known: tuple[Diagnostic, ...] = ()
    if live.is_prepared(state.root):
        at.meanwhile()
        planned, known = planned_after_cut(at, live, state, now, file)
        locked_out = any(one.code in _NOT_OF_THE_ROOT for one in planned.diagnostics)
        was_killed = live.planning(state.root) is not None
        if planned.ok or planned.began or planned.interrupted or locked_out or was_killed:
            return planned, known
    ready = live.init(state.root)
    if not ready.ok:
        return ready, ()
    at.meanwhile()
    planned, taken = planned_after_cut(at, live, state, now, file)
    return planned, tuple(dict.fromkeys((*known, *taken)))


def shown(live: Live, root: str, file: Path) -> Mapping[str, Any]:
    """A plan that was saved, of a root that is prepared for it. Raises DiagnosticsError where it cannot be shown."""
    if live.is_prepared(root):
        try:
            return live.show(root, file)
        except DiagnosticsError as error:
            if any(one.code in _NOT_OF_THE_ROOT for one in error.diagnostics):
                raise
    ready = live.init(root)
    if not ready.ok:
        raise DiagnosticsError(ready.diagnostics)
    return live.show(root, file)


def _planned(
    root: str, plan: Mapping[str, Any], file: Path, state: State | None, found: tuple[Diagnostic, ...]
) -> RootPlan:
    from groundplan.live.saved import SavedRoot, actions_of

    actions = actions_of(plan)
    serial, lineage = (state.serial, state.lineage) if state else (0, "")
    pending = bool(actions) or _outputs_change(plan) or _imports(plan)
    saved = SavedRoot(
        root=root, sha256=plan_digest(file), serial=serial, lineage=lineage, pending=pending, actions=actions
    )
    return RootPlan(root, plan, saved, diagnostics=found, seen=Seen(state))


def _waits(at: Connected, state: RootState, before: Sequence[RootPlan]) -> str:
    """The root that has to be applied before this one can be planned; empty where there is none.

    That is the one before it that was never applied, or that replaces or destroys the cluster whose API it talks to.
    """
    earlier = [one for one in at.standing.states if one.root < state.root]
    for one in reversed(earlier):
        found = at.read(one)
        if found is None and _is_elsewhere(at, one, state):
            continue
        if found is None or not found.resources:
            return one.root
    for planned in reversed(before):
        if planned.after or _loses_cluster(at, planned):
            return planned.root
    return ""


def _is_elsewhere(at: Connected, earlier: RootState, state: RootState) -> bool:
    """Whether the state of the earlier root is in a file on another machine: what it makes, the bucket, is there."""
    return not earlier.bucket and bool(state.bucket) and at.store(state).exists()


def _loses_cluster(at: Connected, planned: RootPlan) -> bool:
    from groundplan.change.planned import Action as Does
    from groundplan.change.planned import read_plan

    calls = at.standing.lock.calls.get(planned.root, {})
    gone = (one for one in read_plan(planned.root, planned.plan or {}) if one.action in (Does.REPLACE, Does.DESTROY))
    return any((call := calls.get(one.call)) and call.component == _CLUSTER and _is_cluster(one.type) for one in gone)


def _is_cluster(type_: str) -> bool:
    return type_.endswith("_cluster")


def _outputs_change(plan: Mapping[str, Any]) -> bool:
    return any(one.get("actions") != ["no-op"] for one in (plan.get("output_changes") or {}).values())


def _imports(plan: Mapping[str, Any]) -> bool:
    return any(one["change"].get("importing") for one in plan.get("resource_changes") or ())


def _from_here(one: Diagnostic, folder: Path) -> Diagnostic:
    place = one.place
    return replace(one, place=replace(place, file=os.path.normpath(folder / place.file)) if place else None)
