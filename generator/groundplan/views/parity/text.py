"""A parity report on a terminal of 120 columns."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.app.parity.report import (
    ParityReport,
)
from groundplan.escaping import for_text
from groundplan.views.parity.content import (
    MACHINE_COLUMNS,
    SETTING_COLUMNS,
    SIDE_COLUMNS,
    WIDTH,
    Rows,
    component_rows,
    difference_lines,
    finding_lines,
    joined,
    machine_rows,
    setting_rows,
    side_row,
    unused,
    value_rows,
    wrapped,
)
from groundplan.views.tables import Column, bold, table


def text(report: ParityReport, *, color: bool) -> str:
    """The whole report, readable on a terminal of 120 columns."""
    titles = [side.title for side in report.sides]

    def section(heading: str, what: str, rows: Rows, columns: Sequence[str] = titles) -> str:
        if not rows:
            return ""
        made = table([Column(title) for title in (what, *columns)], rows, color=color, width=WIDTH)
        return f"{bold(heading, color=color)}\n\n{made}"

    sides = [side_row(side) for side in report.sides]
    parts = [
        section(f"{report.name} on {joined(titles)}", "cloud", sides, SIDE_COLUMNS),
        _cannot(report, color),
        section("Components side by side", "component", list(component_rows(report))),
        unused(report),
        _machines(report, color),
        section("Decisions that differ", "decision", value_rows(report.decisions)),
        section("Limits", "limit", value_rows(report.limits)),
        _settings(report, color),
    ]
    return "\n".join(part for part in parts if part)


def _cannot(report: ParityReport, color: bool) -> str:
    """The errors; warnings stand on stderr."""
    found = finding_lines(report, error=True)
    lines = [part for finding in found for line in finding for part in wrapped(for_text(line))]
    return "\n".join([bold("Unsupported", color=color), "", *lines]) + "\n" if lines else ""


def _machines(report: ParityReport, color: bool) -> str:
    if not report.shapes:
        return ""
    rows = [row for shape in report.shapes for row in machine_rows(shape, report.sides)]
    made = table(MACHINE_COLUMNS, rows, color=color, width=WIDTH)
    apart = [line for shape in report.shapes for line in difference_lines(shape, report.sides)]
    words = "".join(f"  {part}\n" for line in apart for part in wrapped(for_text(line), "    ", WIDTH - 2))
    return f"{bold('Equivalent machines, $ per hour', color=color)}\n\n{made}\n{words}"


def _settings(report: ParityReport, color: bool) -> str:
    if not report.settings:
        return ""
    made = table([Column(title) for title in SETTING_COLUMNS], setting_rows(report), color=color, width=WIDTH)
    return f"{bold('Settings with no effect, or a different one', color=color)}\n\n{made}"
