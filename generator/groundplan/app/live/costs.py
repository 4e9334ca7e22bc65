"""What plans cost a month more or less than what is applied.

Two specs say more than a plan does: what is used, and how many machines are expected. So where it is known from which
one a root was applied, and its state is as that apply left it, the estimates of both are compared, as `change` does.
Everywhere else the plan is priced: what its state holds against what it would make of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from groundplan.app.live.past import Past, Rendered
from groundplan.change.costs import CostChange, Estimate, cost_change
from groundplan.change.planned import call_of
from groundplan.cost.plan import price_plan, prior_state
from groundplan.cost.report import CostReport, Line, Unpriced
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.environment.lock import Call
from groundplan.live.roots import RootState
from groundplan.live.state import State
from groundplan.prices.age import age_of, stale

Calls = Mapping[str, Call]


@dataclass
class _Sums:
    """What one of the two environments costs, root by root."""

    lines: list[Line] = field(default_factory=list)
    unpriced: list[Unpriced] = field(default_factory=list)

    def add(self, report: CostReport | None, calls: Calls | None = None) -> None:
        """The lines of a report: those of these calls alone, where it is of more than them."""
        if report is not None:
            self.lines += [one for one in report.lines if calls is None or one.address in calls]
            self.unpriced += [one for one in report.unpriced if calls is None or one.address in calls]


@dataclass(frozen=True, slots=True)
class Priced:
    """A root, and its plan where there is one."""

    state: RootState
    plan: Mapping[str, Any] | None
    now: State | None
    """Of the root, as it was planned on."""


def plan_costs(past: Past, roots: Sequence[Priced], today: date) -> CostChange:
    """The difference of these roots, by block of the spec, with a notice for each that is priced from its plan."""
    if not roots:
        return CostChange()
    before, after = _Sums(), _Sums()
    notices = []
    for root in roots:
        if _by_specs(past, root):
            _add_specs(past, root.state, (before, after), today)
        elif root.plan is not None:
            notices.append(_add_plan(past, root, (before, after), today))
    values = past.now.document.values if past.now.document else _nested(past.now)
    then, now = (Estimate(one.lines, one.unpriced, values) for one in (before, after))
    found = cost_change(then, now)
    unknown = [one for one in notices if one.severity is Severity.WARNING]
    old = stale(age_of((one.as_of for one in (*then.lines, *now.lines)), today), "prices used")
    return replace(found, notices=[*notices, *old] if found.entries else unknown)


def _by_specs(past: Past, root: Priced) -> bool:
    """Whether both specs are known, and the state is what the older one has led to."""
    if past.now.resolved is None or (root.plan or {}).get("resource_drift"):
        return False
    state, record = root.now, past.applied(root.state)
    if record is None:
        return state is None or not state.resources
    then = past.rendered(root.state)
    return then is not None and then.resolved is not None and state is not None and state.serial == record.serial


def _add_specs(past: Past, state: RootState, sums: tuple[_Sums, _Sums], today: date) -> None:
    for side, rendered in zip(sums, (past.rendered(state), past.now), strict=True):
        if rendered is not None and rendered.resolved is not None:
            calls = rendered.lock.calls.get(state.root, {})
            side.add(past.estimate(rendered, today), calls)


def _add_plan(past: Past, root: Priced, sums: tuple[_Sums, _Sums], today: date) -> Diagnostic:
    """Says so; what cannot be priced keeps nothing from being planned or applied."""
    then, name = past.rendered(root.state), root.state.root
    calls = {**(then.lock.calls.get(name, {}) if then else {}), **past.now.lock.calls.get(name, {})}
    plan = root.plan or {}
    region = past.now.lock.cloud.region
    try:
        values = (prior_state(plan), plan)
        costs = [price_plan(one, name, region, today=today).cost if _has_any(one) else None for one in values]
    except DiagnosticsError as error:
        return _not_priced(name, error)
    for side, cost in zip(sums, costs, strict=True):
        if cost is None:
            continue
        lines, unpriced = (tuple(_of_blocks(found, calls)) for found in (cost.lines, cost.unpriced))
        side.add(replace(cost, lines=lines, unpriced=unpriced))
    return _from_plan(name)


def _has_any(plan: Mapping[str, Any]) -> bool:
    """Whether there is something that may cost; without it a report would read every price book for its date."""
    values = plan.get("planned_values")
    return not isinstance(values, dict) or _manages(values.get("root_module") or {})


def _manages(module: Mapping[str, Any]) -> bool:
    own = any(one.get("mode") == "managed" for one in module.get("resources") or ())
    return own or any(_manages(one) for one in module.get("child_modules") or ())


def _of_blocks(found: Sequence[Any], calls: Calls) -> Iterator[Any]:
    """Lines of resources as those of the module calls that they lie under, with component and path of the spec."""
    for one in found:
        name = call_of(one.address)
        call = calls.get(name)
        yield replace(one, component=call.component, path=call.path, address=name) if call else one


def _nested(rendered: Rendered) -> Mapping[str, Any]:
    """A spec with no more than the blocks that its lock names."""
    values: dict[str, Any] = {}
    for call in (call for calls in rendered.lock.calls.values() for call in calls.values()):
        at = values
        for key in call.path.split("."):
            at = at.setdefault(key, {})
    return values


def _from_plan(root: str) -> Diagnostic:
    message = f"what {root} costs more or less is priced from its plan, without what depends on use"
    hint = "by the spec it is priced where its state is as an apply of groundplan left it"
    return Diagnostic("GP748", message, Severity.NOTE, hint=hint)


def _not_priced(root: str, error: DiagnosticsError) -> Diagnostic:
    message = f"what {root} costs more or less is not known: {error.diagnostics[0].message}"
    return Diagnostic("GP748", message, Severity.WARNING)
