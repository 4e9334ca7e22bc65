"""An estimate on a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from groundplan.app.cost import Advice
from groundplan.components.base import MeterKind
from groundplan.cost.plan import PlanReport
from groundplan.cost.report import CommitmentOffer, CostReport
from groundplan.escaping import for_text
from groundplan.quantities import HOURS_PER_MONTH
from groundplan.views.cost.content import KINDS, PLAN_KINDS, budget_line, coverage, covered, dates
from groundplan.views.tables import Column, bold, quantity, table, unit_price, usd

MOST_ROWS = 100
"""Of a list on a terminal: the plan of a whole company has tens of thousands, which no table shows in bearable time."""
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
    bought = f"all machines {report.purchase_option}, " if report.purchase_option else ""
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
        shown = report.unpriced[:MOST_ROWS]
        items = "".join(f"{for_text(f'  {item.item} of {item.path}: {item.reason}; {item.hint}')}\n" for item in shown)
        parts.append(f"Not in the total:\n{items}{_left_out(len(report.unpriced), 'items')}")
    parts.append(coverage(report) + "\n")
    if report.budgets:
        parts.append("".join(f"{for_text(budget_line(budget))}\n" for budget in report.budgets))
    return "\n".join(parts)


def plan_text(report: PlanReport, *, color: bool) -> str:
    """The estimate of a plan: lines by resource, totals, what has no figure, assumptions."""
    cost = _dearest(report.cost)
    heading = f"{cost.provider} {cost.region}, US dollars a month of {HOURS_PER_MONTH} hours, {dates(cost)}"
    parts = [
        bold(heading, color=color) + "\n",
        _lines(cost, color) + _left_out(len(report.cost.lines), "lines that cost less") if cost.lines else "",
        summary(report.cost, color=color, kinds=PLAN_KINDS),
        f"{covered(report)}\n",
        _assumptions(cost) if cost.lines else "",
    ]
    return "\n".join(part for part in parts if part)


def _dearest(report: CostReport) -> CostReport:
    """The estimate with no more lines than a table may have, the dearest of them in the order of the plan."""
    if len(report.lines) <= MOST_ROWS:
        return report
    by_cost = sorted(range(len(report.lines)), key=lambda index: -abs(report.lines[index].monthly_usd.expected))
    return replace(report, lines=tuple(report.lines[index] for index in sorted(by_cost[:MOST_ROWS])))


def _left_out(count: int, what: str) -> str:
    return f"  … and {count - MOST_ROWS:,} more {what}: --format json has them all\n" if count > MOST_ROWS else ""


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
    words = dict.fromkeys(
        for_text(f"  {line.item} of {line.path}: {line.assumption} [{line.source}]") for line in report.lines
    )
    return "Assumptions and sources:\n" + "\n".join(words) + "\n"


def _rates(report: CostReport) -> str:
    rates = (("GPU-hour", report.gpu), ("vCPU-hour in pools without GPUs", report.cpu))
    rows = [
        f"${unit_price(rate.expected)} per {what}, {quantity(use.hours.expected)} hours, machines only\n"
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
        Column("commitment per node"),
        Column("for"),
        Column("paid upfront"),
        Column("$/hour", number=True),
        Column("on demand, all month", number=True),
        Column("breaks even at h/month", number=True),
    )
    rows = [
        (
            f"{offer.instance_type} {offer.option}",
            offer.path,
            _upfront(offer),
            unit_price(offer.usd_per_hour),
            unit_price(offer.full_month_usd_per_hour),
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
    items = for_text(", ".join(f"{quantity(free.used)} {free.unit} of {free.item}" for free in report.free_tiers))
    if report.free_tiers_applied:
        return f"Free tiers applied, {usd(saved)}: {items}\n"
    return f"Free tiers not applied (--free-tiers), {usd(saved)}: {items}\n"


def _advice(advice: Sequence[Advice]) -> str:
    if not advice:
        return ""
    rows = [
        f"  {usd(one.hint.saving_usd)} {for_text(f'{one.place or one.hint.path}: {one.hint.message}')}\n"
        f"      {for_text(f'{one.hint.path}: {one.hint.change}')}\n"
        for one in advice
    ]
    return f"Ways to save, each change on its own:\n{''.join(rows)}"
