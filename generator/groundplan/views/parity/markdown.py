"""A parity report for a pull request: what matters first, the long tables folded."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.app.parity.report import (
    ParityReport,
)
from groundplan.views.parity.words import (
    MACHINE_COLUMNS,
    PLACE_COLUMNS,
    WISH_COLUMNS,
    Rows,
    component_rows,
    difference_lines,
    finding_lines,
    joined,
    machine_rows,
    money_cells,
    side_row,
    unused,
    value_rows,
    wish_rows,
)


def markdown(report: ParityReport) -> str:
    """The report for a pull request: what matters first, the long tables folded."""
    titles = [side.title for side in report.sides]
    places = [side_row(side) for side in report.sides]
    costs = [(part.name, *money_cells(part)) for part in report.components if part.used]
    parts = [
        f"## {_cell(report.name)} on {joined(titles)}\n",
        _grid(("cloud", *PLACE_COLUMNS), places),
        _list("What one cannot express", finding_lines(report, error=True)),
        _list("Warnings", finding_lines(report, error=False)),
        _machines_markdown(report),
        _titled("What each costs a month, expected", ("component", *titles), costs),
        _titled("Wishes that hold otherwise", WISH_COLUMNS, wish_rows(report)),
        _folded("What each gives", ("component", *titles), list(component_rows(report))),
        _folded("Decided differently", ("decision", *titles), value_rows(report.decisions)),
        _folded("Bounds of the clouds", ("bound", *titles), value_rows(report.limits)),
        unused(report),
    ]
    return "\n".join(part for part in parts if part)


def _list(heading: str, found: Sequence[Sequence[str]]) -> str:
    items = "".join(f"- {_cell('; '.join(line.strip() for line in lines))}\n" for lines in found)
    return f"### {heading}\n\n{items}" if items else ""


def _machines_markdown(report: ParityReport) -> str:
    rows = [row for shape in report.shapes for row in machine_rows(shape, report.sides)]
    apart = "".join(f"- {_cell(line)}\n" for shape in report.shapes for line in difference_lines(shape, report.sides))
    heads = [column.title for column in MACHINE_COLUMNS]
    return f"### Equivalent machines, $ an hour\n\n{_grid(heads, rows)}\n{apart}" if rows else ""


def _titled(heading: str, heads: Sequence[str], rows: Rows) -> str:
    return f"### {heading}\n\n{_grid(heads, rows)}" if rows else ""


def _folded(heading: str, heads: Sequence[str], rows: Rows) -> str:
    if not rows:
        return ""
    return f"<details><summary>{heading}</summary>\n\n{_grid(heads, rows)}\n</details>\n"


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: str) -> str:
    """Text that ends no cell, starts no tag and no link."""
    for sign in "\\|<[*_`":
        value = value.replace(sign, f"\\{sign}")
    return value.strip().replace("\n", " ")
