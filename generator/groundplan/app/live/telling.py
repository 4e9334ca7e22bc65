"""What plans do, told as a change: which edits lead to it, what it costs, and what of it the operator lets pass."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date
from functools import cached_property
from typing import Any

from groundplan.allowances import Allowance, unused
from groundplan.app.change_costs import leading_to
from groundplan.app.leading import leading_edits
from groundplan.app.live.commit import SHORT, Commit
from groundplan.app.live.connected import Connected
from groundplan.app.live.costs import Priced, plan_costs
from groundplan.app.live.past import Past, Rendered
from groundplan.app.live.plan import RootPlan
from groundplan.change.adopting import Adopting, within
from groundplan.change.allowed import SpecLine, allowed, spec_lines
from groundplan.change.assemble import Environment, Specs, assemble
from groundplan.change.attribution import Edits
from groundplan.change.counts import counts
from groundplan.change.drift.schemas import Schemas
from groundplan.change.model import Adopted, Change, Counts, Edit, Entry, Side
from groundplan.change.planned import Planned, call_of, read_plan
from groundplan.cost.plan.clouds import usage_keys
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.environment.lock import Call, Lock
from groundplan.live.roots import RootState
from groundplan.live.state import State
from groundplan.prices.age import OLD
from groundplan.terraform.effects import effects

_OF_THE_WHOLE = ("GP207", "GP736")
"""Words and lines that allow nothing: known where every root is planned."""


@dataclass
class Teller:
    """Tells plans of one environment, with the words of one command."""

    at: Connected
    past: Past
    today: date
    words: Sequence[Allowance] = ()
    commit: Commit | None = None
    used: set[str] = field(default_factory=set)
    """Words that have let something pass."""
    old_prices: Sequence[Diagnostic] = ()
    """A warning where dollars of what was told are of prices that may have changed (GP707)."""

    def prepare(self, roots: tuple[str, ...] = ()) -> None:
        """Reads and estimates what plans of these roots are told with, for whoever has time before there is one."""
        self.past.estimate(self.past.now, self.today)
        effects()
        usage_keys()
        for state in self.at.standing.chosen(roots):
            self.past.rendered(state)

    def change(self, roots: Sequence[RootPlan], *, whole: bool = False) -> Change:
        """What the plans do; `whole` where they are all that there is to plan, so that idle words are wrong."""
        states = [self._state(root.root) for root in roots]
        pending = any(root.pending for root in roots)
        edits = self._edits(states) if pending else Edits()
        priced = [Priced(self._state(root.root), root.plan, self._now(root)) for root in roots if root.pending]
        costs = plan_costs(self.past, priced, self.today)
        self.old_prices = self.old_prices or [one for one in costs.notices if one.code == OLD]
        entries = [replace(one, edits=leading_to(one, edits)) for one in costs.entries]
        planned = [replace(root, diagnostics=()) for root in roots if root.plan is not None]
        made = assemble(
            self._ends(states if pending else ()), planned, effects(), Specs(edits, entries, costs.monthly_usd)
        )
        placed = tuple(self._placed(entry) for entry in made.entries)
        made = replace(
            made,
            entries=placed,
            diagnostics=(*made.diagnostics, *costs.notices),
            title=self._title([root for root in roots if root.pending and root.plan is not None]),
            components=self._by_component(roots) if pending else (),
            adopted=self._adopted(roots) if pending else (),
        )
        found = allowed(made, self.words, self._lines() if pending else (), self.today)
        self.used |= {entry.allowed_by for entry in found.entries}
        known = whole and all(root.plan is not None for root in roots)
        kept = tuple(one for one in found.diagnostics if known or one.code not in _OF_THE_WHOLE)
        return replace(found, diagnostics=kept)

    def idle(self) -> list[Diagnostic]:
        """A warning for each word that has let nothing pass in the end."""
        left = [one for one in self.words if one.of_change and f"--allow {one}" not in self.used]
        return [replace(unused(one, ()), severity=Severity.WARNING) for one in left]

    def _adopted(self, roots: Sequence[RootPlan]) -> Sequence[Adopted]:
        return self._adopting.of({root.root: root.plan for root in roots if root.plan is not None})

    @cached_property
    def _adopting(self) -> Adopting:
        assets = [record.asset for record in self.at.standing.lock.assets]
        return Adopting(assets, self.past.now.document, self.at.standing.outline.provider, Schemas())

    def _state(self, root: str) -> RootState:
        return self.at.standing.chosen((root,))[0]

    def _now(self, root: RootPlan) -> State | None:
        """The state that the root was planned on, or else is in now."""
        return root.seen.state if root.seen else self.at.read(self._state(root.root))

    def _lines(self) -> Sequence[SpecLine]:
        resolved = self.past.now.resolved
        return spec_lines(resolved.spec, resolved.document) if resolved else ()

    def _edits(self, states: Sequence[RootState]) -> Edits:
        """The edits since each root was applied, with what they lead to in that root."""
        now, merged = self.past.now, Edits()
        for rendered, names in self._by_origin(states):
            found = leading_edits(rendered.document, now.document, now.resolved) if rendered is not now else Edits()
            merged = _merged(merged, found, names)
        return merged

    def _by_origin(self, states: Sequence[RootState]) -> Iterator[tuple[Rendered, set[str]]]:
        """What roots were applied from, each once, with their names; without those of which nobody knows."""
        known = [(rendered, state.root) for state in states if (rendered := self.past.rendered(state))]
        for one in {id(rendered): rendered for rendered, _ in known}.values():
            yield one, {root for rendered, root in known if rendered is one}

    def _ends(self, states: Sequence[RootState]) -> tuple[Environment, Environment]:
        lock, folder = self.at.standing.lock, self.at.standing.folder
        records = [record for state in states if (record := self.past.applied(state))]
        commits = {f"{one.commit[:SHORT]}{', edited' if one.edited else ''}" for one in records if one.commit}
        releases = {one.groundplan for one in records if one.groundplan}
        then = f"what is applied ({commits.pop()})" if len(commits) == 1 else "what is applied"
        now = f"{folder} at {self.commit}" if self.commit else str(folder)
        before = Side(then, releases.pop() if len(releases) == 1 else lock.groundplan)
        return Environment(before, self._applied_lock(states)), Environment(Side(now, lock.groundplan), lock, folder)

    def _title(self, planned: Sequence[RootPlan]) -> str:
        """Which roots of which folder, and what was applied there before."""
        now = f"{self.at.standing.folder}{f' at {self.commit}' if self.commit else ''}"
        roots = [one.root for one in planned]
        records = [record for root in roots if (record := self.past.applied(self._state(root)))]
        if not roots:
            return f"{now}: nothing to apply"
        if not records:
            return f"{', '.join(roots)}: {now}, {self._never(planned)}"
        last = max(records, key=lambda one: one.ended)
        commit = f" from {last.commit[:SHORT]}{', edited' if last.edited else ''}" if last.commit else ""
        when = f"{last.ended.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
        return f"{', '.join(roots)}: {now}, on what {last.who or 'somebody'} applied {when}{commit}"

    def _never(self, planned: Sequence[RootPlan]) -> str:
        """On what roots are put that no apply has gone through of; reading a plan's backend leaves empty states."""
        if not any((found := self._now(one)) and found.resources for one in planned):
            return "for the first time"
        states = [self._state(one.root) for one in planned]
        cut = next((record for state in states if (record := self.past.last(state))), None)
        return f"on what {cut.who or 'somebody'} applied in part" if cut else "on what was applied by other means"

    def _by_component(self, roots: Sequence[RootPlan]) -> Sequence[tuple[str, Counts]]:
        """Resources by component, those of which most are lost first."""
        found: dict[str, list[Planned]] = {}
        for one in (one for root in roots for one in read_plan(root.root, root.plan or {})):
            call = self._call_of(one.root, one.address)
            found.setdefault(call.component.replace("_", " ") if call else "others", []).append(one)
        counted = [(name, counts(planned)) for name, planned in found.items()]
        told = [(name, one) for name, one in counted if one != Counts()]
        return sorted(told, key=lambda one: (-one[1].destroyed, -one[1].replaced, -one[1].updated, one[0]))

    def _applied_lock(self, states: Sequence[RootState]) -> Lock:
        """The lock with the module calls that each root was applied with, as far as that is known."""
        lock = self.at.standing.lock
        then = {state.root: rendered for state in states if (rendered := self.past.rendered(state))}
        calls = {**lock.calls, **{root: one.lock.calls.get(root, {}) for root, one in then.items()}}
        return lock.model_copy(update={"calls": calls})

    def _placed(self, entry: Entry) -> Entry:
        """With the line of the spec that asks for it, where no edit leads to it."""
        asset = next((one for one in self._adopting.assets if one.imported and within(one, entry.address)), None)
        if asset and entry.root == asset.layer:
            entry = replace(entry, path=asset.path)
            if not any(edit.place for edit in entry.edits) and (place := self._adopting.place(asset.path)):
                return replace(entry, place=place)
        call = self._call(entry)
        if call is None or call.place is None or any(edit.place for edit in entry.edits):
            return entry
        folder = self.at.standing.folder
        return replace(entry, place=replace(call.place, file=os.path.normpath(folder / call.place.file)))

    def _call(self, entry: Entry) -> Call | None:
        """The module call of the folder; what is gone from it stands on no line of its spec."""
        calls = self.at.standing.lock.calls
        name = call_of(entry.address) if entry.address else ""
        roots = [entry.root] if entry.root else list(calls)
        return next((calls[root][name] for root in roots if name in calls.get(root, {})), None)

    def _call_of(self, root: str, address: str) -> Call | None:
        """The module call, as the folder has it, else as it was applied."""
        then = self.past.rendered(self._state(root))
        locks = (self.at.standing.lock, then.lock if then else None)
        name = call_of(address) if address else ""
        return next((call for lock in locks if lock and (call := lock.calls.get(root, {}).get(name))), None)


def _merged(one: Edits, other: Edits, roots: set[str]) -> Edits:
    """Both, the other one as far as it is about these roots."""

    def of(found: Any) -> dict[Any, Any]:
        return {key: value for key, value in found.items() if key[0] in roots}

    def both(first: Sequence[Edit], second: Sequence[Edit]) -> tuple[Edit, ...]:
        return tuple(dict.fromkeys((*first, *second)))

    return Edits(
        both(one.every, other.every),
        {**one.leading, **of(other.leading)},
        {**one.within, **of(other.within)},
        {**one.changing, **of(other.changing)},
        both(one.together, other.together),
        one.untouched | {call for call in other.untouched if call[0] in roots},
    )
