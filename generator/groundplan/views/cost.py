"""An estimate as a table and as JSON."""

from __future__ import annotations

from typing import Any

from groundplan.components.base import MeterKind
from groundplan.cost.report import Band, Budget, CostReport, Line
from groundplan.views.tables import Column, bold, quantity, table, unit_price, usd

KINDS: dict[MeterKind, str] = {
    "fixed": "fixed floor, due whatever runs",
    "training": "training",
    "serving": "serving",
    "usage": "usage",
}

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


def text(report: CostReport, *, color: bool) -> str:
    """The whole estimate: lines, totals by kind, what has no figure, budget, assumptions."""
    heading = f"{report.provider} {report.region}, US dollars a month of 730 hours, {dates(report)}"
    parts = [
        bold(heading, color=color) + "\n",
        _lines(report, color),
        summary(report, color=color),
        _assumptions(report),
    ]
    return "\n".join(part for part in parts if part)


def dates(report: CostReport) -> str:
    """How old the prices are."""
    oldest, newest = report.as_of, report.newest
    return f"list prices of {oldest}" if oldest == newest else f"list prices of {oldest} to {newest}"


def summary(report: CostReport, *, color: bool) -> str:
    """Totals by kind, what has no figure, and the budget."""
    rows = [(words, *_band(report.total_of(kind))) for kind, words in KINDS.items()]
    columns = (
        Column("a month"),
        Column("low", number=True),
        Column("expected", number=True),
        Column("high", number=True),
    )
    footer = ("total" if report.complete else "total, at least", *_band(report.total))
    parts = [table(columns, rows, color=color, footer=footer)]
    if report.unpriced:
        items = "".join(f"  {item.item} of {item.path}: {item.reason}; {item.hint}\n" for item in report.unpriced)
        parts.append(f"Not in the total:\n{items}")
    if report.budget:
        parts.append(budget_line(report, report.budget) + "\n")
    return "\n".join(parts)


def budget_line(report: CostReport, budget: Budget) -> str:
    """Whether the budget holds, by how much, and what drives the cost."""
    limit, over = usd(budget.monthly_usd), usd(abs(budget.over_usd))
    if report.over_budget:
        return f"Over budget: {over} above {limit}; most of it: {', '.join(budget.drivers)}"
    return f"Within budget: {over} below {limit}"


def as_json(report: CostReport) -> dict[str, Any]:
    """The estimate as the JSON of `groundplan cost`; money as numbers with cents."""
    return {
        "provider": report.provider,
        "region": report.region,
        "currency": report.currency,
        "as_of": report.as_of.isoformat(),
        "newest_price": report.newest.isoformat(),
        "hours_per_month": 730,
        "complete": report.complete,
        "total": _numbers(report.total),
        "totals": {kind: _numbers(report.total_of(kind)) for kind in KINDS},
        "budget": None
        if report.budget is None
        else {
            "monthly_usd": float(report.budget.monthly_usd),
            "over_usd": float(report.budget.over_usd),
            "exceeded": report.over_budget,
            "drivers": list(report.budget.drivers),
        },
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


def _line(line: Line) -> dict[str, Any]:
    return {
        "component": line.component,
        "item": line.item,
        "option": line.option,
        "kind": line.kind,
        "unit": line.unit,
        "quantity": float(line.quantity),
        "unit_usd": float(line.unit_usd),
        "monthly_usd": _numbers(line.monthly_usd),
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
            *_band(line.monthly_usd),
        )
        for line in report.lines
    ]
    return table(_LINE_COLUMNS, rows, color=color)


def _assumptions(report: CostReport) -> str:
    words = dict.fromkeys(f"  {line.item} of {line.path}: {line.assumption} [{line.source}]" for line in report.lines)
    return "Assumptions and sources:\n" + "\n".join(words) + "\n"


def _band(band: Band) -> tuple[str, str, str]:
    return usd(band.low), usd(band.expected), usd(band.high)


def _numbers(band: Band) -> dict[str, float]:
    return {"low": float(band.low), "expected": float(band.expected), "high": float(band.high)}
