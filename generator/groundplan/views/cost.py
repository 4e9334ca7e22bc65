"""An estimate as a table and as JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from groundplan.app.cost import Advice
from groundplan.components.base import MeterKind
from groundplan.cost.plan import PlanReport
from groundplan.cost.report import Budget, CommitmentOffer, CostReport, FreeTier, Line
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.views.tables import Column, bold, numbers, quantity, table, unit_price, usd

KINDS: dict[MeterKind, str] = {
    "fixed": "fixed floor, due whatever runs",
    "training": "training",
    "serving": "serving",
    "usage": "usage",
}

PLAN_KINDS: dict[MeterKind, str] = {"fixed": "there all month", "usage": "between least and most"}

_LINE_COLUMNS = (
    Column("item"),
    Column("for"),
    Column("quantity", number=True),
    Column("unit"),
    Column("$/unit", number=True),
    Column("low", number=True),
    Column("expected", number=True),
    Column("high", number=True),
)


def text(report: CostReport, *, color: bool, advice: Sequence[Advice] = ()) -> str:
    """The whole estimate: lines, totals by kind, what has no figure, budget, ways to pay less, assumptions."""
    bought = f"all machines {report.purchase}, " if report.purchase else ""
    heading = (
        f"{report.provider} {report.region}, {bought}US dollars a month of {HOURS_PER_MONTH} hours, {dates(report)}"
    )
    parts = [
        bold(heading, color=color) + "\n",
        _lines(report, color),
        summary(report, color=color),
        _rates(report),
        _commitments(report),
        _free_tiers(report),
        _advice(advice),
        _assumptions(report),
    ]
    return "\n".join(part for part in parts if part)


def dates(report: CostReport) -> str:
    """How old the prices are."""
    oldest, newest = report.as_of, report.newest
    return f"list prices of {oldest}" if oldest == newest else f"list prices of {oldest} to {newest}"


def summary(report: CostReport, *, color: bool, kinds: Mapping[MeterKind, str] = KINDS) -> str:
    """Totals by kind, what has no figure, and the budget."""
    rows = [(words, *map(usd, report.total_of(kind).cases)) for kind, words in kinds.items()]
    columns = (
        Column("a month"),
        Column("low", number=True),
        Column("expected", number=True),
        Column("high", number=True),
    )
    footer = ("total" if report.complete else "total, at least", *map(usd, report.total.cases))
    parts = [table(columns, rows, color=color, footer=footer)]
    if report.unpriced:
        items = "".join(f"  {item.item} of {item.path}: {item.reason}; {item.hint}\n" for item in report.unpriced)
        parts.append(f"Not in the total:\n{items}")
    parts.append(coverage(report) + "\n")
    if report.budgets:
        parts.append("".join(f"{budget_line(budget)}\n" for budget in report.budgets))
    return "\n".join(parts)


def coverage(report: CostReport) -> str:
    """How much of what is billed has a figure."""
    return "{} of {} billed items priced".format(*report.priced)


def budget_line(budget: Budget) -> str:
    """Whether the budget holds, by how much, and what drives the cost."""
    limit, over = usd(budget.monthly_usd), usd(abs(budget.over_usd))
    what = f" for {budget.part}" if budget.part else ""
    if budget.exceeded:
        return f"Over budget{what}: {over} above {limit}; most of it: {', '.join(budget.drivers)}"
    return f"Within budget{what}: {over} below {limit}"


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
        "purchase": report.purchase,
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


def plan_text(report: PlanReport, *, color: bool) -> str:
    """The estimate of a plan: lines by resource, totals, what has no figure, assumptions."""
    cost = report.cost
    heading = f"{cost.provider} {cost.region}, US dollars a month of {HOURS_PER_MONTH} hours, {dates(cost)}"
    parts = [
        bold(heading, color=color) + "\n",
        _lines(cost, color) if cost.lines else "",
        summary(cost, color=color, kinds=PLAN_KINDS),
        f"{_covered(report)}\n",
        _assumptions(cost) if cost.lines else "",
    ]
    return "\n".join(part for part in parts if part)


def _covered(report: PlanReport) -> str:
    known = report.priced + len(report.free)
    parts = [f"{known} of {report.resources} resources priced, {len(report.free)} of them free"]
    if report.by_use:
        parts.append(f"{report.by_use} billed by a use that the plan does not say")
    if report.unknown:
        parts.append(f"{report.unknown} without a price or of a type that is not known")
    return "; ".join(parts)


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
        "over_usd": float(budget.over_usd),
        "exceeded": budget.exceeded,
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


def _lines(report: CostReport, color: bool) -> str:
    rows = [
        (
            line.item if line.option is None else f"{line.item} {line.option}",
            line.path,
            quantity(line.quantity),
            line.unit,
            unit_price(line.unit_usd),
            *map(usd, line.monthly_usd.cases),
        )
        for line in report.lines
    ]
    return table(_LINE_COLUMNS, rows, color=color)


def _assumptions(report: CostReport) -> str:
    words = dict.fromkeys(f"  {line.item} of {line.path}: {line.assumption} [{line.source}]" for line in report.lines)
    return "Assumptions and sources:\n" + "\n".join(words) + "\n"


def _rates(report: CostReport) -> str:
    rates = (("GPU", report.gpu), ("vCPU of pools without GPUs", report.cpu))
    rows = [
        f"${unit_price(rate.expected)} an hour for one {what}, {quantity(use.hours.expected)} hours, machines alone\n"
        for what, use in rates
        if (rate := use.rate) is not None
    ]
    return "".join(rows)


def _commitments(report: CostReport) -> str:
    """The cheapest payment of each term, by pool."""
    best: dict[tuple[str, str], CommitmentOffer] = {}
    for offer in report.commitments:
        known = best.get((offer.path, offer.option))
        if known is None or offer.usd_per_hour < known.usd_per_hour:
            best[offer.path, offer.option] = offer
    if not best:
        return ""
    columns = (
        Column("commitment to a node"),
        Column("for"),
        Column("paid upfront"),
        Column("$/hour", number=True),
        Column("on demand", number=True),
        Column("pays off from h/month", number=True),
    )
    rows = [
        (
            f"{offer.instance_type} {offer.option}",
            offer.path,
            _upfront(offer),
            unit_price(offer.usd_per_hour),
            unit_price(offer.on_demand_usd_per_hour),
            quantity(offer.break_even_hours) if offer.break_even_hours <= HOURS_PER_MONTH else "never",
        )
        for offer in best.values()
    ]
    return table(columns, rows, color=False)


def _upfront(offer: CommitmentOffer) -> str:
    if not offer.upfront_usd:
        return "nothing"
    return f"{offer.payment}, {usd(offer.upfront_usd)}"


def _free_tiers(report: CostReport) -> str:
    if not report.free_tiers:
        return ""
    saved = sum((free.saves.expected for free in report.free_tiers), Decimal(0))
    items = ", ".join(f"{quantity(free.used)} {free.unit} of {free.item}" for free in report.free_tiers)
    if report.free_tiers_applied:
        return f"Free amounts taken off, {usd(saved)}: {items}\n"
    return f"Free amounts not taken off (--free-tiers), {usd(saved)}: {items}\n"


def _advice(advice: Sequence[Advice]) -> str:
    if not advice:
        return ""
    rows = [
        f"  {usd(one.hint.saving_usd)} {one.place or one.hint.path}: {one.hint.message}\n"
        f"      {one.hint.path}: {one.hint.change}\n"
        for one in advice
    ]
    return f"Could cost less, each change alone:\n{''.join(rows)}"
