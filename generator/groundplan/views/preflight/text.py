"""A preflight on a terminal."""

from __future__ import annotations

from groundplan.escaping import for_text
from groundplan.preflight.model import Report
from groundplan.views.preflight.content import COUNTS, count_rows, headline, request_title, sections_of, state
from groundplan.views.tables import bold, table


def text(report: Report, *, color: bool) -> str:
    """What was found, counted, and what is left to ask for."""
    parts = [bold(headline(report), color=color) + "\n", for_text(state(report)) + "\n"]
    if report.findings is not None:
        parts.append(table(COUNTS, count_rows(report), color=color))
    sections = list(sections_of(report))
    if sections:
        parts.append(bold(request_title(report), color=color) + "\n")
    parts += [f"{section.title}\n\n{table(section.columns, section.rows, color=color)}" for section in sections]
    return "\n".join(parts)
