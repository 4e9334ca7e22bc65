"""What differs between the cloud, the states and the folder of an environment, root after root."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from groundplan.app.live.connected import Connected
from groundplan.app.live.unlock import lock_seen
from groundplan.app.progress import Progress
from groundplan.change.attribution import Attribution, Edits, references_of
from groundplan.change.configured import Configured
from groundplan.change.drift.ignore import findings, holding, ignored
from groundplan.change.drift.model import Drifted, RootDrift, Value
from groundplan.change.drift.others import Left
from groundplan.change.drift.schemas import Schemas
from groundplan.change.drift.sort import Plans, Sorting
from groundplan.change.planned import Planned, read_plan
from groundplan.diagnostics import Diagnostic, Place
from groundplan.live.cloud import StateLock
from groundplan.live.roots import RootState
from groundplan.live.terraform import Live
from groundplan.terraform.effects import effects

_CLUSTER = "cluster"


@dataclass(frozen=True, slots=True)
class Looked:
    """What became of looking at one root: its drift, or why there is none to tell."""

    root: str
    drift: RootDrift | None = None
    not_applied: bool = False
    after: str = ""
    """The root whose cluster was removed, so that this one cannot be looked at."""
    lock: StateLock | None = None
    """Who held the state meanwhile: what is told may be half of an apply."""
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class EnvironmentDrift:
    """What was changed outside of an environment, and what of its folder is not applied."""

    environment: str
    account: str
    who: str
    roots: Sequence[Looked]
    notices: Sequence[Diagnostic] = ()
    """About lines of the spec that say what is known."""

    @property
    def every(self) -> Sequence[Drifted]:
        """Of all roots, in their order, what is known too."""
        return [one for looked in self.roots if looked.drift for one in looked.drift.drifted]

    @property
    def drifted(self) -> Sequence[Drifted]:
        """What counts."""
        return [one for one in self.every if not one.ignored_by]

    @property
    def ignored(self) -> Sequence[Drifted]:
        """What somebody knows of, and the spec says so."""
        return [one for one in self.every if one.ignored_by]

    @property
    def pending(self) -> int:
        """How many resources the folder changes that nobody has touched."""
        return sum(len(looked.drift.pending) for looked in self.roots if looked.drift)

    @property
    def is_pending(self) -> bool:
        """Whether something of the folder is not applied: a resource, or a root as a whole."""
        return self.pending > 0 or any(looked.not_applied for looked in self.roots)

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """Why roots could not be looked at, and what is wrong with lines of the spec."""
        return tuple(dict.fromkeys((*(found for looked in self.roots for found in looked.diagnostics), *self.notices)))


@dataclass(frozen=True)
class Drift:
    """Looks at the roots of one environment; plans are made in `work`, and no state is locked or written."""

    at: Connected
    live: Live
    work: Path
    progress: Progress
    today: date
    refresh_only: bool = False

    def run(self, roots: tuple[str, ...]) -> EnvironmentDrift:
        """Looks at the roots in order. What keeps one from being looked at is in its diagnostics."""
        standing = self.at.standing
        made: list[tuple[Looked, Plans | None]] = []
        for state in standing.chosen(roots):
            with self.progress.step(f"looking at {state.root}"):
                made.append(self._root(state, [plans for _, plans in made if plans]))
        looked = self._sorted(made)
        found = EnvironmentDrift(standing.name, self.at.caller.account, self.at.caller.who, looked)
        return self._without_known(found, complete=not roots and all(one.drift for one in looked))

    def _without_known(self, found: EnvironmentDrift, *, complete: bool) -> EnvironmentDrift:
        """The same with what the lock's lines say is known, and what is wrong with the lines."""
        lines = self.at.standing.lock.ignored
        held = holding(lines, self.today)
        roots = [
            replace(one, drift=replace(one.drift, drifted=[ignored(each, held) for each in one.drift.drifted]))
            if one.drift
            else one
            for one in found.roots
        ]
        wrong = findings(lines, found.every, self.today, complete=complete)
        return replace(found, roots=roots, notices=[replace(one, place=self._from_here(one.place)) for one in wrong])

    def _root(self, state: RootState, before: Sequence[Plans]) -> tuple[Looked, Plans | None]:
        if halted := self.live.halted(state.root):
            return Looked(state.root, diagnostics=(halted,)), None
        now = self.at.read(state)
        if now is None or not now.resources:
            return Looked(state.root, not_applied=True), None
        lost = next((one.root for one in before if self._lost_cluster(one)), "")
        if lost:
            return Looked(state.root, after=lost), None
        lock = lock_seen(self.at, state) if state.bucket else None
        found = self._plans(state.root)
        if not isinstance(found, Plans):
            return Looked(state.root, lock=lock, diagnostics=found), None
        return Looked(state.root, lock=lock), found

    def _lost_cluster(self, plans: Plans) -> bool:
        """Whether the cluster was removed whose API the roots after it talk to."""
        calls = self.at.standing.lock.calls.get(plans.root, {})
        gone = (one for one in read_plan(plans.root, plans.as_change) if one.gone and one.type.endswith("_cluster"))
        return any((call := calls.get(one.call)) and call.component == _CLUSTER for one in gone)

    def _plans(self, root: str) -> Plans | tuple[Diagnostic, ...]:
        """The plan of a root, and where drift and pending changes are mixed the one that tells them apart."""
        ready = self.live.init(root)
        whole = self._plan(root, "whole", refresh_only=self.refresh_only) if ready.ok else ready.diagnostics
        if not isinstance(whole, Mapping):
            return whole
        found = Plans(root, whole, self.refresh_only)
        if not found.outside or not set(found.acted_on) - set(found.outside):
            return found
        unrefreshed = self._plan(root, "unrefreshed", refresh=False)
        return replace(found, unrefreshed=unrefreshed) if isinstance(unrefreshed, Mapping) else found

    def _plan(
        self, root: str, name: str, *, refresh: bool = True, refresh_only: bool = False
    ) -> Mapping[str, Any] | tuple[Diagnostic, ...]:
        file = self.work / f"{root}.{name}.tfplan"
        planned = self.live.plan(root, file, lock=False, refresh=refresh, refresh_only=refresh_only)
        return self.live.show(root, file) if planned.ok else planned.diagnostics

    def _sorted(self, made: Sequence[tuple[Looked, Plans | None]]) -> list[Looked]:
        """The same with what their plans say; one root may explain what another one shows."""
        schemas = Schemas()
        planned = [one for _, plans in made if plans for one in read_plan(plans.root, plans.as_change)]
        return [
            replace(looked, drift=self._drift(plans, schemas, planned)) if plans else looked for looked, plans in made
        ]

    def _drift(self, plans: Plans, schemas: Schemas, every: Sequence[Planned]) -> RootDrift:
        lock = self.at.standing.lock
        configured = {plans.root: Configured.of(plans.whole)}
        attribution = Attribution(lock, lock, Edits(), {plans.root: references_of(plans.whole)}, configured)
        left = Left(self.at.standing.folder, (plans.root,))
        others = [one for one in every if one.root != plans.root]
        found = Sorting(attribution, effects(), schemas, left, others).root(plans)
        here = [
            replace(one, place=self._from_here(one.place), values=[self._hidden(value) for value in one.values])
            for one in found.drifted
        ]
        return replace(found, drifted=here)

    def _hidden(self, value: Value) -> Value:
        """Without credentials of this run, and what any plan of it calls sensitive."""
        hide = self.live.secrets.hide
        planned = None if value.planned is None else hide(value.planned)
        return replace(value, was=hide(value.was), now=hide(value.now), planned=planned)

    def _from_here(self, place: Place | None) -> Place | None:
        """A place in the environment, as the user sees it."""
        return replace(place, file=os.path.normpath(self.at.standing.folder / place.file)) if place else None
