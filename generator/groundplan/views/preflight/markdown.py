"""A preflight for a ticket or a comment."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.preflight.model import Outcome, Report, Requirement, Stops
from groundplan.views.preflight.words import COUNTS, count_rows, heading, request_title, sections_of, state
from groundplan.views.tables import Column


def markdown(report: Report) -> str:
    """The same for a ticket or a comment."""
    parts = [f"## {heading(report)}", state(report)]
    if report.findings is not None:
        parts.append(_markdown_table(COUNTS, count_rows(report)))
        found = [*report.of(Outcome.MISSING), *report.of(Outcome.UNKNOWN)]
        rows = [(f.outcome.value, _what(f.requirement), f.requirement.where, f.reason, _STOPS[f.stops]) for f in found]
        if rows:
            parts.append(_markdown_table(_FOUND, rows))
    sections = list(sections_of(report))
    if sections:
        parts.append(f"### {request_title(report)}")
    for section in sections:
        parts += [f"#### {section.title}", _markdown_table(section.columns, section.rows)]
    return "\n\n".join(parts) + "\n"


_STOPS = {Stops.APPLY: "the apply", Stops.GROWTH: "growth to full size", Stops.NOTHING: ""}


_FOUND = (Column("outcome"), Column("what"), Column("where"), Column("why"), Column("stops"))


def _what(requirement: Requirement) -> str:
    coded = {"quota": f"{requirement.name} ({requirement.service} {requirement.code})"}
    return coded.get(requirement.kind, f"{requirement.code}, {requirement.name}".removesuffix(f", {requirement.code}"))


def _markdown_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    rule = (":-" if not column.number else "-:" for column in columns)
    return "\n".join([line(column.title for column in columns), line(rule), *(line(row) for row in rows)])
