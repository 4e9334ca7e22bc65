"""A preflight for a ticket or a comment."""

from __future__ import annotations

from groundplan.markdown import heading, line, prose
from groundplan.preflight.model import Finding, Outcome, Report, Requirement, Stops
from groundplan.views.preflight.content import COUNTS, count_rows, headline, request_title, sections_of, state
from groundplan.views.tables import Column, markdown_table

_STOPS = {Stops.APPLY: "the apply", Stops.GROWTH: "growth to full size", Stops.NOTHING: ""}
_FOUND = (Column("outcome"), Column("what"), Column("where"), Column("why"), Column("stops"))


def markdown(report: Report) -> str:
    """What was found, counted, and what is left to ask for."""
    parts = [heading(2, headline(report)), f"{line(state(report))}\n"]
    if report.findings is not None:
        parts.append(markdown_table(COUNTS, count_rows(report)))
        found = [*report.of(Outcome.MISSING), *report.of(Outcome.UNKNOWN)]
        rows = [
            (f.outcome.value, _what(f.requirement), f.requirement.where, prose(f.reason), _STOPS[f.stops])
            for f in found
        ]
        if rows:
            parts.append(markdown_table(_FOUND, rows))
    sections = list(sections_of(report))
    if sections:
        parts.append(heading(3, request_title(report)))
    for section in sections:
        parts += [heading(4, section.title), markdown_table(section.columns, section.rows)]
    return "\n".join(parts)


def _row(finding: Finding) -> tuple[str, ...]:
    what, where = _what(finding.requirement), finding.requirement.where
    return finding.outcome.value, what, where, prose(finding.reason), _STOPS[finding.stops]


def _what(requirement: Requirement) -> str:
    coded = {"quota": f"{requirement.name} ({requirement.service} {requirement.code})"}
    return coded.get(requirement.kind, f"{requirement.code}, {requirement.name}".removesuffix(f", {requirement.code}"))
