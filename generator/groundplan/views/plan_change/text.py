"""A difference between plans on a terminal."""

from __future__ import annotations

from groundplan.cost.plan import PlanDiff
from groundplan.escaping import for_text
from groundplan.quantities import CASES
from groundplan.views.plan_change.content import CHANGES, cells, counts, gaps, heading, headline, totals
from groundplan.views.tables import Column, bold, table

MOST_ROWS = 100
"""Of a list on a terminal."""
_TOTALS = (Column("a month"), *(Column(case, number=True) for case in CASES))


def text(diff: PlanDiff, *, color: bool) -> str:
    """Changes by resource, the largest first, both totals, and what differs without a figure."""
    rows = [cells(change) for change in diff.changes[:MOST_ROWS]]
    missing = gaps(diff)
    listed = "".join(f"{for_text(f'  {gap}')}\n" for gap in missing[:MOST_ROWS])
    parts = [
        bold(heading(diff), color=color) + "\n",
        table(CHANGES, rows, color=color) + _left_out(len(diff.changes), "changes") if rows else "",
        table(_TOTALS, totals(diff), color=color),
        f"Not in the difference:\n{listed}{_left_out(len(missing), 'items')}" if missing else "",
        for_text(f"{headline(diff)}: {counts(diff)}") + "\n",
    ]
    return "\n".join(part for part in parts if part)


def _left_out(count: int, what: str) -> str:
    return f"  … and {count - MOST_ROWS:,} more {what}: --format json has them all\n" if count > MOST_ROWS else ""
