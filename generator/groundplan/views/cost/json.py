"""An estimate for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundplan.app.cost import Advice
from groundplan.cost.plan import PlanReport
from groundplan.cost.report import Budget, CommitmentOffer, CostReport, FreeTier, Line
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.views.cost.content import KINDS
from groundplan.views.tables import numbers


def as_json(report: CostReport, advice: Sequence[Advice] = ()) -> dict[str, Any]:
    """The estimate as the JSON of `groundplan cost`; money as numbers with cents."""
    return {
        "provider": report.provider,
        "region": report.region,
        "currency": report.currency,
        "as_of": report.as_of.isoformat(),
        "newest_price": report.newest.isoformat(),
        "hours_per_month": int(HOURS_PER_MONTH),
        "complete": report.complete,
        "total": numbers(report.total),
        "totals": {kind: numbers(report.total_of(kind)) for kind in KINDS},
        "purchase": report.purchase_option,
        "coverage": dict(zip(("priced", "billed"), report.priced, strict=True)),
        "gpu_hours": numbers(report.gpu_hours),
        "vcpu_hours": numbers(report.vcpu_hours),
        "usd_per_gpu_hour": report.usd_per_gpu_hour and numbers(report.usd_per_gpu_hour),
        "usd_per_vcpu_hour": report.usd_per_vcpu_hour and numbers(report.usd_per_vcpu_hour),
        "budget": report.budget and _budget(report.budget),
        "component_budgets": [{"component": budget.part, **_budget(budget)} for budget in report.part_budgets],
        "commitments": [_commitment(offer) for offer in report.commitments],
        "free_tiers": {"applied": report.free_tiers_applied, "amounts": [_free(free) for free in report.free_tiers]},
        "hints": [_hint(one) for one in advice],
        "lines": [_line(line) for line in report.lines],
        "unpriced": [
            {
                "component": item.component,
                "item": item.item,
                "unit": item.unit,
                "reason": item.reason,
                "hint": item.hint,
                "path": item.path,
                "address": item.address,
            }
            for item in report.unpriced
        ],
    }


def plan_json(report: PlanReport) -> dict[str, Any]:
    """The estimate of a plan as the JSON of `groundplan cost --plan`."""
    made = as_json(report.cost)
    made["resources"] = {
        "all": report.resources,
        "priced": report.priced,
        "free": len(report.free),
        "by_use": report.by_use,
        "unknown": report.unknown,
    }
    return {**made, "free": list(report.free)}


def _budget(budget: Budget) -> dict[str, Any]:
    return {
        "monthly_usd": float(budget.monthly_usd),
        "expected_usd": float(budget.expected_usd),
        "bounded_usd": float(budget.bounded_usd),
        "over_usd": float(budget.over_usd),
        "exceeded": budget.exceeded,
        "holds": budget.holds,
        "unbounded": list(budget.unbounded),
        "drivers": list(budget.drivers),
    }


def _commitment(offer: CommitmentOffer) -> dict[str, Any]:
    return {
        "path": offer.path,
        "item": offer.instance_type,
        "option": offer.option,
        "payment": offer.payment,
        "upfront_usd": float(offer.upfront_usd),
        "usd_per_hour": float(offer.usd_per_hour),
        "on_demand_usd_per_hour": float(offer.on_demand_usd_per_hour),
        "full_month_usd_per_hour": float(offer.full_month_usd_per_hour),
        "break_even_hours_per_month": float(offer.break_even_hours),
    }


def _free(free: FreeTier) -> dict[str, Any]:
    return {
        "item": free.item,
        "amount": float(free.amount),
        "unit": free.unit,
        "words": free.words,
        "source": free.source,
        "as_of": free.as_of.isoformat(),
        "saves_usd": numbers(free.saves),
    }


def _hint(one: Advice) -> dict[str, Any]:
    hint, place = one.hint, one.place
    return {
        "code": hint.code,
        "kind": hint.kind,
        "message": hint.message,
        "saving_usd": float(hint.saving_usd),
        "path": hint.path,
        "place": place and {"file": place.file, "line": place.line, "column": place.column},
        "change": hint.change,
    }


def _line(line: Line) -> dict[str, Any]:
    return {
        "component": line.component,
        "item": line.item,
        "option": line.option,
        "kind": line.kind,
        "unit": line.unit,
        "quantity": float(line.quantity),
        "unit_usd": float(line.unit_usd),
        "monthly_usd": numbers(line.monthly_usd),
        "assumption": line.assumption,
        "source": line.source,
        "as_of": line.as_of.isoformat(),
        "path": line.path,
        "address": line.address,
    }
