"""A parity report for a pull request: what matters first, the long tables folded."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.app.parity.report import (
    ParityReport,
)
from groundplan.markdown import bullets, folded, heading, line, prose, table
from groundplan.views.parity.content import (
    MACHINE_COLUMNS,
    SETTING_COLUMNS,
    SIDE_COLUMNS,
    Rows,
    component_rows,
    difference_lines,
    finding_lines,
    joined,
    machine_rows,
    money_cells,
    setting_rows,
    side_row,
    unused,
    value_rows,
)
from groundplan.views.tables import markdown_table


def markdown(report: ParityReport) -> str:
    """The report for a pull request: what matters first, the long tables folded."""
    titles = [side.title for side in report.sides]
    costs = [(part.name, *money_cells(part)) for part in report.components if part.used]
    parts = [
        heading(2, f"{report.name} on {joined(titles)}"),
        table(("cloud", *SIDE_COLUMNS), [side_row(side) for side in report.sides]),
        _findings("Unsupported", finding_lines(report, error=True)),
        _findings("Warnings", finding_lines(report, error=False)),
        _machines(report),
        _titled("Expected cost per month", ("component", *titles), costs),
        _titled("Settings with no effect, or a different one", SETTING_COLUMNS, setting_rows(report)),
        _folded("Components side by side", ("component", *titles), list(component_rows(report))),
        _folded("Decisions that differ", ("decision", *titles), value_rows(report.decisions)),
        _folded("Limits", ("limit", *titles), value_rows(report.limits)),
        "".join(f"{line(row)}\n" for row in unused(report).splitlines()),
    ]
    return "\n".join(part for part in parts if part)


def _findings(title: str, found: Sequence[Sequence[str]]) -> str:
    items = [prose("; ".join(part.strip() for part in lines)) for lines in found]
    return f"{heading(3, title)}\n{bullets(items)}" if items else ""


def _machines(report: ParityReport) -> str:
    rows = [row for shape in report.shapes for row in machine_rows(shape, report.sides)]
    apart = bullets(row for shape in report.shapes for row in difference_lines(shape, report.sides))
    title = heading(3, "Equivalent machines, $ per hour")
    return f"{title}\n{markdown_table(MACHINE_COLUMNS, rows)}\n{apart}" if rows else ""


def _titled(title: str, heads: Sequence[str], rows: Rows) -> str:
    return f"{heading(3, title)}\n{table(heads, rows)}" if rows else ""


def _folded(title: str, heads: Sequence[str], rows: Rows) -> str:
    return folded(title, table(heads, rows)) if rows else ""
