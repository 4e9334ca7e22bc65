"""An estimate as a comment on a pull request."""

from __future__ import annotations

from collections.abc import Mapping

from groundplan.components.base import MeterKind
from groundplan.cost.plan import PlanReport
from groundplan.cost.report import CostReport
from groundplan.markdown import bullets, code, folded, heading, prose, text
from groundplan.quantities import CASES, HOURS_PER_MONTH
from groundplan.views.cost.content import KINDS, PLAN_KINDS, budget_line, coverage, covered, dates
from groundplan.views.tables import Column, markdown_table, quantity, usd

MOST_ROWS = 60
"""Rows of a table that a comment on a pull request holds; forges take 65,536 characters."""
LONGEST_CELL = 200
_CASES = tuple(Column(case, number=True) for case in CASES)


def markdown(report: CostReport) -> str:
    """The totals, the budget, the lines and what has no figure."""
    return _estimate(report, KINDS, coverage(report))


def plan_markdown(report: PlanReport) -> str:
    """The same of a plan, with how many of its resources are priced."""
    return _estimate(report.cost, PLAN_KINDS, covered(report))


def _estimate(report: CostReport, kinds: Mapping[MeterKind, str], coverage_words: str) -> str:
    total = "total" if report.complete else "total, at least"
    rows = [(words, *map(usd, report.total_of(kind).cases)) for kind, words in kinds.items()]
    dearest = sorted(report.lines, key=lambda line: -abs(line.monthly_usd.expected))[:MOST_ROWS]
    lines = [
        (_short(line.path), line.item, quantity(line.quantity), line.unit, *map(usd, line.monthly_usd.cases))
        for line in dearest
    ]
    columns = (Column("for"), Column("item"), Column("quantity", number=True), Column("unit"), *_CASES)
    place = f"{report.provider} {report.region}, {HOURS_PER_MONTH} hours, {dates(report)}"
    missing = [_short(f"{one.item} of {one.path}: {one.reason}; {one.hint}") for one in report.unpriced[:MOST_ROWS]]
    parts = [
        heading(3, f"Cost: {usd(report.total.expected)} a month{'' if report.complete else ' at least'}"),
        markdown_table((Column("a month"), *_CASES), [*rows, (total, *map(usd, report.total.cases))]),
        bullets(map(budget_line, report.budgets)),
        folded("Lines", markdown_table(columns, lines) + _more(len(report.lines))) if lines else "",
        folded("Not in the total", bullets(map(prose, missing)) + _more(len(report.unpriced))),
        f"{text(place)}. {text(coverage_words)}\n",
    ]
    return "\n".join(part for part in parts if part)


def _short(words: str) -> str:
    return words if len(words) <= LONGEST_CELL else f"{words[:LONGEST_CELL]}…"


def _more(count: int) -> str:
    return f"\n{count - MOST_ROWS} more: {code('--format json')}\n" if count > MOST_ROWS else ""
