"""A comparison as a comment on a pull request: what must be seen first, the rest folded."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.app.compare.model import (
    Comparison,
    Difference,
)
from groundplan.markdown import bullets, code, folded, heading, line, prose, strong, text
from groundplan.views.compare.content import (
    CHANGE_COLUMNS,
    ELSEWHERE_COLUMNS,
    GENERAL,
    MOST_LINES,
    answers,
    assumptions,
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
from groundplan.views.tables import Column, markdown_table, signed, usd

MOST_ROWS = 60
"""Rows of a table that a comment on a pull request holds."""


def markdown(comparison: Comparison) -> str:
    """What must be seen first, the rest folded."""
    rows = [cells(row, comparison) for row in comparison.ranking[:MOST_ROWS]]
    parts = [
        heading(3, headline(comparison)),
        _differences(comparison.differences),
        bullets(answers(comparison)),
        markdown_table(*best_table(comparison)),
        markdown_table(columns(comparison), rows),
        _more(len(comparison.rows)),
        folded("Machines", markdown_table(*shape_table(comparison))),
        folded("Unavailable", bullets(map(prose, refusals(comparison)))),
        folded("Not in the totals", bullets(gaps(comparison))),
        folded("Assumptions", bullets([*GENERAL, *assumptions(comparison)])),
    ]
    return "\n".join(part for part in parts if part)


def _differences(differences: Sequence[Difference]) -> str:
    full = [_difference(found) for found in differences[:1]]
    others = [elsewhere_cells(found) for found in differences[1:]]
    body = markdown_table(ELSEWHERE_COLUMNS, others[:MOST_ROWS]) + _more(len(others))
    rest = folded("The same change in other locations", body) if others else ""
    return "\n".join([*full, rest])


def _more(count: int) -> str:
    """How many rows a comment leaves out; forges take 65,536 characters."""
    return f"\n{count - MOST_ROWS} more: {code('--format csv')}\n" if count > MOST_ROWS else ""


def _difference(found: Difference) -> str:
    title = f"{strong(between(found))}: {text(difference_text(found))}\n"
    if not found.lines:
        return title
    components = (Column("component"), Column("before", True), Column("after", True), Column("change", True))
    rows = [(c.component, usd(c.before.expected), usd(c.after.expected), signed(c.usd)) for c in found.components]
    lines = markdown_table(CHANGE_COLUMNS, [change_cells(change) for change in found.lines[:MOST_LINES]])
    rest = "".join(f"{line(more)}\n" for more in further(found))
    return f"{title}\n{markdown_table(components, rows)}\n{folded('What drives it', lines + rest)}"
