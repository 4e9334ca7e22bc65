"""COST.md of an environment: what it costs and what prices decided, beside everything that stays when prices change."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date

from groundplan.components.base import MeterKind
from groundplan.cost.report import CostReport, Line
from groundplan.environment.files import FileSet, is_sealed, seal
from groundplan.markdown import Markdown, bullets, code, heading, strong, table, text
from groundplan.quantities import Band, trimmed
from groundplan.render.context import Context
from groundplan.stack.model import Alternative, Decision, Stack

COST_FILE = "COST.md"
_KINDS: Sequence[MeterKind] = ("fixed", "training", "serving", "usage")
_PRICED = re.compile(r"list prices of ([0-9]{4}-[0-9]{2}-[0-9]{2}) to ([0-9]{4}-[0-9]{2}-[0-9]{2})")


def render_cost_page(context: Context) -> FileSet:
    """The page, sealed: the lock holds no digest of it, so that a new price changes this file alone."""
    stack, cost = context.composition.stack, context.cost
    parts = [
        heading(1, f"Cost of {stack.name}"),
        f"US dollars a month, {text(context.cloud.title)} {text(stack.region)}, {_dates(cost)}{_incomplete(cost)}.\n"
        "The next render writes this page with the prices of its day; nothing else in this folder follows prices.\n",
        _totals(cost),
        _unpriced(cost),
        heading(2, "Lines"),
        _lines(cost.lines),
        *_choices(stack),
    ]
    return {COST_FILE: seal("\n".join(part for part in parts if part) + "\n")}


def price_dates(page: str) -> tuple[date, date] | None:
    """The days of the oldest and the newest price on a page of `render_cost_page`; None when it was edited."""
    found = _PRICED.search(page) if is_sealed(page) else None
    try:
        return (date.fromisoformat(found[1]), date.fromisoformat(found[2])) if found else None
    except ValueError:  # anybody can seal a page, with days that no calendar has
        return None


def _dates(cost: CostReport) -> str:
    return f"list prices of {cost.as_of} to {cost.newest}"


def _incomplete(cost: CostReport) -> str:
    count = len(cost.unpriced)
    return f", **at least**: {count} {'item has' if count == 1 else 'items have'} no figure" if count else ""


def _totals(cost: CostReport) -> Markdown:
    rows: list[Sequence[object]] = [(kind, *_band(cost.total_of(kind))) for kind in _KINDS]
    rows.append(tuple(map(strong, ("total", *_band(cost.total)))))
    return table(("", "low", "expected", "high"), rows, numbers={1, 2, 3})


def _unpriced(cost: CostReport) -> str:
    items = bullets(
        Markdown(f"{text(item.item)} of {code(item.path)}: {text(item.reason)}; {text(item.hint)}")
        for item in cost.unpriced
    )
    return f"Not in the total:\n\n{items}" if items else ""


def _lines(lines: Sequence[Line]) -> Markdown:
    titles = ("item", "for", "quantity", "unit", "$ a unit", "low", "expected", "high")
    rows = (
        (
            " ".join(filter(None, (line.item, line.option))),
            code(line.path),
            trimmed(line.quantity, 2),
            line.unit,
            trimmed(line.unit_usd, 10),
            *_band(line.monthly_usd),
        )
        for line in lines
    )
    return table(titles, rows, numbers={2, 4, 5, 6, 7})


def _choices(stack: Stack) -> Iterator[str]:
    priced = [decision for decision in stack.decisions if decision.priced_reason]
    if priced:
        yield heading(2, "Decided by price")
        yield table(("what", "value", "why", "alternatives, $ an hour"), map(_choice, priced))


def _choice(decision: Decision) -> tuple[object, ...]:
    others = "; ".join(filter(None, map(_alternative, decision.alternatives)))
    return code(decision.path), decision.value, decision.priced_reason, others


def _alternative(alternative: Alternative) -> str:
    usd = alternative.usd_per_hour
    return "" if usd is None else f"{alternative.name} {trimmed(usd, 10)} ({alternative.reason})"


def _band(band: Band) -> tuple[str, str, str]:
    return f"{band.low:,.2f}", f"{band.expected:,.2f}", f"{band.high:,.2f}"
