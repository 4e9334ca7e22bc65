"""A difference between plans as a comment on a pull request."""

from __future__ import annotations

from groundplan.cost.plan import PlanDiff
from groundplan.markdown import bullets, code, folded, heading, prose, text
from groundplan.views.plan_change import content
from groundplan.views.tables import Column, markdown_table

MOST_ROWS = 60
"""Rows of a table that a comment on a pull request holds; forges take 65,536 characters."""
LONGEST_CELL = 200


def markdown(diff: PlanDiff) -> str:
    """The difference, both totals, the changes by resource, and what differs without a figure."""
    rows = [_short(content.cells(change)) for change in diff.changes[:MOST_ROWS]]
    missing = content.gaps(diff)
    totals = (Column("a month"), *content.CHANGES[3:])
    parts = [
        heading(3, f"Cost: {content.headline(diff)}"),
        markdown_table(totals, content.totals(diff)),
        markdown_table(content.CHANGES, rows) + _more(len(diff.changes)) if rows else "",
        folded("Not in the difference", bullets(map(prose, _short(missing[:MOST_ROWS]))) + _more(len(missing))),
        f"{text(content.counts(diff))}. {text(content.heading(diff))}\n",
    ]
    return "\n".join(part for part in parts if part)


def _short(cells: tuple[str, ...] | list[str]) -> list[str]:
    return [cell if len(cell) <= LONGEST_CELL else f"{cell[:LONGEST_CELL]}…" for cell in cells]


def _more(count: int) -> str:
    return f"\n{count - MOST_ROWS} more: {code('--format json')}\n" if count > MOST_ROWS else ""
