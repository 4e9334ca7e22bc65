"""A comparison on a terminal."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.app.compare.model import (
    Comparison,
    Difference,
)
from groundplan.escaping import for_text
from groundplan.views.compare.content import (
    CHANGE_COLUMNS,
    ELSEWHERE_COLUMNS,
    GENERAL,
    MOST_LINES,
    answers,
    best_table,
    between,
    cells,
    change_cells,
    columns,
    difference_text,
    elsewhere_cells,
    further,
    gaps,
    headline,
    refusals,
    shape_table,
)
from groundplan.views.tables import bold, signed, table, usd


def text(comparison: Comparison, *, color: bool) -> str:
    """Totals, the best by each criterion, machines side by side, differences, and what the figures rest on."""
    parts = [
        bold(headline(comparison), color=color) + "\n",
        _listed("", answers(comparison)),
        _totals(comparison, color),
        _best(comparison, color),
        _shapes(comparison, color),
        _differences(comparison.differences, color),
        _listed("Unavailable:", refusals(comparison)),
        _listed("Not in the totals, which are lower bounds there:", gaps(comparison)),
        _listed("Assumptions:", GENERAL),
    ]
    return "\n".join(part for part in parts if part)


def _totals(comparison: Comparison, color: bool) -> str:
    rows = [cells(row, comparison) for row in comparison.ranking]
    return table(columns(comparison), rows, color=color)


def _best(comparison: Comparison, color: bool) -> str:
    columns, rows = best_table(comparison)
    return table(columns, rows, color=color) if rows else ""


def _shapes(comparison: Comparison, color: bool) -> str:
    columns, rows = shape_table(comparison)
    return table(columns, rows, color=color) if rows else ""


def _difference(found: Difference, color: bool) -> str:
    title = bold(f"{between(found)}: {difference_text(found)}", color=color)
    if not found.lines:
        return f"{title}\n"
    components = for_text(", ".join(f"{change.component} {signed(change.usd)}" for change in found.components))
    rows = [change_cells(line) for line in found.lines[:MOST_LINES]]
    footer = ("all", "", "", usd(found.total_before.expected), usd(found.total_after.expected), signed(found.usd), "")
    return f"{title}\n{components}\n\n{table(CHANGE_COLUMNS, rows, color=color, footer=footer)}{_further(found)}"


def _further(found: Difference) -> str:
    return "".join(f"{for_text(line)}\n" for line in further(found))


def _differences(differences: Sequence[Difference], color: bool) -> str:
    """The first difference in full, the same change elsewhere in a line each."""
    full = [_difference(found, color) for found in differences[:1]]
    others = [elsewhere_cells(found) for found in differences[1:]]
    return "\n".join([*full, *([table(ELSEWHERE_COLUMNS, others, color=color)] if others else [])])


def _listed(title: str, items: Sequence[str]) -> str:
    indented = [for_text(f"  {item}" if title else item) for item in items]
    return "\n".join([*filter(None, [title]), *indented]) + "\n" if items else ""
