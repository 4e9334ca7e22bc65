"""What a spec, or a Terraform plan, costs a month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from groundplan.app.books import clouds_with_books
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_spec
from groundplan.clouds.base import Cloud
from groundplan.components.budget.part import limits_of
from groundplan.components.load import components
from groundplan.cost.budget import plan_budget
from groundplan.cost.findings import findings, proof_findings
from groundplan.cost.hints import Hint
from groundplan.cost.plan import (
    PlanDiff,
    PlanReport,
    UsageFile,
    check_region,
    decoded,
    difference,
    moved,
    price_plan,
    prior_state,
    read_plan,
    read_usage,
    usage_keys,
    usage_template,
)
from groundplan.cost.proof import Proof, prove
from groundplan.cost.report import CostReport
from groundplan.cost.support import findings as support
from groundplan.cost.support import support_ends
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Severity, bounded
from groundplan.prices.age import age_of, stale
from groundplan.reading import MIB, UnreadableError, read_named, without_collections

PLAN_BYTES = 200 * MIB
"""Most that a plan may have: ten times what thousands of resources take."""
USAGE_BYTES = MIB
"""Most that a usage file may have."""


@dataclass(frozen=True, slots=True)
class Advice:
    """A hint with the place of the line to change; None where the spec has no such line yet."""

    hint: Hint
    place: Place | None


@dataclass(frozen=True, slots=True)
class SpecCost:
    """The estimate of a spec, and what would cost less."""

    report: CostReport
    advice: Sequence[Advice]
    diagnostics: Sequence[Diagnostic]


@dataclass(frozen=True, slots=True)
class PlanCost:
    """The estimate of a plan."""

    report: PlanReport
    diagnostics: Sequence[Diagnostic]

    @property
    def usage_template(self) -> str:
        """A usage file for the plan, to be filled in."""
        return usage_template(self.report.asked)


@dataclass(frozen=True, slots=True)
class ChangeCost:
    """What a plan costs more or less than another, or than what there was."""

    change: PlanDiff
    diagnostics: Sequence[Diagnostic]


def cost_of_spec(spec: Path, overrides: Overrides, today: date, *, free_tiers: bool) -> SpecCost:
    """The estimate of the spec on the day `today`; free amounts of the cloud are taken off when asked."""
    resolved = resolve_spec(spec, overrides=overrides)
    report = resolved.estimate(apply_free_tiers=free_tiers, today=today)
    advice = [Advice(hint, resolved.place(hint.path)) for hint in resolved.hints(report, today)]
    dated = resolved.dated_findings(today, report)
    return SpecCost(report, advice, [*resolved.notices, *resolved.cost_findings(report), *dated])


@dataclass(frozen=True, slots=True)
class SpecProof:
    """Whether the spec's worst month keeps to its budget."""

    proof: Proof
    diagnostics: Sequence[Diagnostic]


def prove_budget(spec: Path, overrides: Overrides, today: date) -> SpecProof:
    """The worst month of the spec against its budget; raises DiagnosticsError (GP718) for a spec without one."""
    resolved = resolve_spec(spec, overrides=overrides)
    limits = limits_of(resolved.stack)
    if limits is None:
        hint = "add `budget: {monthly_usd: ...}`"
        raise DiagnosticsError(resolved.located([Diagnostic("GP718", "there is no budget to prove", hint=hint)]))
    proof = prove(resolved.stack, resolved.cloud, components(), limits)
    dated = resolved.dated_findings(today, resolved.estimate(today=today))
    return SpecProof(proof, [*resolved.notices, *resolved.located(proof_findings(proof)), *dated])


@dataclass(frozen=True, slots=True)
class Beside:
    """What a command says beside a plan."""

    region: str | None = None
    """The region of what the plan says none of."""
    usage: Path | None = None
    """A file that says what no plan does."""
    books: Sequence[Path] = ()
    """Price books of the user's."""


def cost_of_plan(file: Path, beside: Beside, today: date, limit_usd: Decimal | None = None) -> PlanCost:
    """The estimate of a plan in the output of `terraform show -json`; `limit_usd` is what a month may cost."""
    region, clouds = beside.region, clouds_with_books(beside.books)
    stated = _stated(beside, clouds)
    with without_collections():
        report = price_plan(_plan(file), str(file), region, stated, today, clouds=clouds)
    if limit_usd is not None:
        report = replace(report, cost=replace(report.cost, budget=plan_budget(limit_usd, report.cost)))
    said = [*stated.findings(), *_region_unused(report, region, file)]
    return PlanCost(report, [*said, *findings(report.cost), *_dated(report, today)])


def cost_of_change(file: Path, against: Path | None, beside: Beside, today: date) -> ChangeCost:
    """What a plan costs more or less than the plan `against`; without one, than the state that it starts from."""
    clouds = clouds_with_books(beside.books)
    stated = _stated(beside, clouds)
    with without_collections():
        plan = _plan(file)
        base, name = (prior_state(plan), file) if against is None else (_plan(against), against)
        before, after = (
            price_plan(of, str(where), beside.region, stated, today, clouds=clouds)
            for of, where in ((base, name), (plan, file))
        )
        words = "the state before it" if against is None else str(against)
        change = difference(before, after, words, moved(plan))
    there = set(after.cost.unpriced)
    gaps = replace(after.cost, unpriced=tuple(gap for gap in change.gaps if gap in there))
    return ChangeCost(change, [*stated.findings(), *findings(gaps), *_dated(after, today)])


def _stated(beside: Beside, clouds: Mapping[str, Cloud]) -> UsageFile:
    if beside.region:
        check_region(beside.region, clouds)
    if beside.usage is None:
        return UsageFile(None, usage_keys())
    return read_usage(_bytes(beside.usage, USAGE_BYTES, "GP711"), str(beside.usage), usage_keys())


def _plan(file: Path) -> Mapping[str, Any]:
    return read_plan(decoded(_bytes(file, PLAN_BYTES, "GP703"), str(file)), str(file))


def _dated(report: PlanReport, today: date) -> Sequence[Diagnostic]:
    """What the day has to do with it: old prices, and support that ends within a year."""
    old = stale(age_of((line.as_of for line in report.cost.lines), today), "prices used")
    ends = (end for cloud, region, one in report.versions for end in support_ends([one], cloud.prices, region, today))
    return [*old, *bounded(support(ends))]


def _region_unused(report: PlanReport, region: str | None, file: Path) -> Sequence[Diagnostic]:
    """A warning where the plan says the region of everything that the region given could be for."""
    if not region or report.without_region:
        return ()
    hint = "`--region` is for resources whose region the plan does not say; it overrides none"
    place = Place(str(file), 1)
    return (Diagnostic("GP710", f"no resource needed `--region {region}`", Severity.WARNING, hint=hint, place=place),)


def _bytes(file: Path, limit_bytes: int, too_large: str) -> bytes:
    """The content of a file that a command names; `too_large` is the code where it has more."""
    try:
        return read_named(file, limit_bytes=limit_bytes)
    except UnreadableError as error:
        code, place = (too_large, Place(str(file), 1)) if error.too_large else ("GP101", None)
        raise DiagnosticsError([Diagnostic(code, f"cannot read {file}: {error.reason}", place=place)]) from None
