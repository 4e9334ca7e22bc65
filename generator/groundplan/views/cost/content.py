"""What every format of an estimate says."""

from __future__ import annotations

from groundplan.components.base import MeterKind
from groundplan.cost.plan import PlanReport
from groundplan.cost.report import Budget, CostReport
from groundplan.diagnostics import named
from groundplan.views.tables import usd

KINDS: dict[MeterKind, str] = {
    "fixed": "fixed floor, billed whatever runs",
    "training": "training",
    "serving": "serving",
    "usage": "usage",
}


PLAN_KINDS: dict[MeterKind, str] = {"fixed": "running all month", "usage": "by usage, low to high"}


def dates(report: CostReport) -> str:
    """How old the prices are."""
    oldest, newest = report.as_of, report.newest
    return f"list prices of {oldest}" if oldest == newest else f"list prices of {oldest} to {newest}"


def coverage(report: CostReport) -> str:
    """How much of what is billed has a figure."""
    return "{} of {} billed items priced".format(*report.priced)


def budget_line(budget: Budget) -> str:
    """Whether the budget holds, by how much, and what drives the cost or has no price."""
    limit, over = usd(budget.monthly_usd), usd(abs(budget.over_usd))
    what = f" for {budget.part}" if budget.part else ""
    if budget.exceeded:
        return f"Over budget{what}: {over} above {limit}; most of it: {', '.join(budget.drivers)}"
    if budget.unbounded:
        return f"Budget{what} not shown to hold: {limit}, and no figure for {named(budget.unbounded)}"
    bounds = f", {usd(budget.bounded_usd)} for what has no figure included" if budget.bounded_usd else ""
    return f"Within budget{what}: {over} below {limit}{bounds}"


def covered(report: PlanReport) -> str:
    """How many resources of a plan are priced, and how the others are not."""
    known = report.priced + len(report.free)
    parts = [f"{known} of {report.resources} resources priced, {len(report.free)} of them free"]
    if report.by_use:
        parts.append(f"{report.by_use} billed by usage that the plan does not state")
    if report.unknown:
        parts.append(f"{report.unknown} without a price or of an unknown type")
    return "; ".join(parts)
