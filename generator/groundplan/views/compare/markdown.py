"""A comparison as a comment on a pull request: what must be seen first, the rest folded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.app.compare.model import (
    Comparison,
    Difference,
)
from groundplan.views.compare.words import (
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
    difference_words,
    elsewhere_cells,
    further,
    gaps,
    heading,
    refusals,
    shape_table,
    signed,
)
from groundplan.views.tables import Column, usd

MOST_ROWS = 60
"""Rows of a table that a comment on a pull request holds."""


def markdown(comparison: Comparison) -> str:
    """The same for a comment on a pull request: what must be seen first, the rest folded."""
    parts = [
        f"### {_escaped(heading(comparison))}\n",
        _differences_markdown(comparison.differences),
        _bullets(map(_escaped, answers(comparison))),
        _markdown_table(*best_table(comparison)),
        _markdown_table(columns(comparison), [cells(row, comparison) for row in comparison.ranking[:MOST_ROWS]]),
        _more(len(comparison.rows)),
        _folded("Machines", _markdown_table(*shape_table(comparison))),
        _folded("Cannot be had", _bullets(map(_escaped, refusals(comparison)))),
        _folded("Without a figure", _bullets(map(_escaped, gaps(comparison)))),
        _folded("What the figures rest on", _bullets(map(_escaped, [*GENERAL, *assumptions(comparison)]))),
    ]
    return "\n".join(part for part in parts if part)


def _differences_markdown(differences: Sequence[Difference]) -> str:
    full = [_difference_markdown(found) for found in differences[:1]]
    others = [elsewhere_cells(found) for found in differences[1:]]
    body = _markdown_table(ELSEWHERE_COLUMNS, others[:MOST_ROWS]) + _more(len(others))
    rest = _folded("The change elsewhere", body) if others else ""
    return "\n".join([*full, rest])


def _more(count: int) -> str:
    """How many rows a comment leaves out; forges take 65,536 characters."""
    return f"\n{count - MOST_ROWS} more: `--format csv`\n" if count > MOST_ROWS else ""


def _difference_markdown(found: Difference) -> str:
    title = f"**{_escaped(between(found))}**: {_escaped(difference_words(found))}\n"
    if not found.lines:
        return title
    components = (Column("component"), Column("before", True), Column("after", True), Column("change", True))
    rows = [(c.component, usd(c.before.expected), usd(c.after.expected), signed(c.usd)) for c in found.components]
    lines = _markdown_table(CHANGE_COLUMNS, [change_cells(line) for line in found.lines[:MOST_LINES]])
    return f"{title}\n{_markdown_table(components, rows)}\n{_folded('What drives it', lines + further(found))}"


def _markdown_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    head = "| " + " | ".join(_escaped(column.title) for column in columns) + " |"
    rule = "|" + "|".join(" ---: " if column.number else " --- " for column in columns) + "|"
    body = ["| " + " | ".join(_escaped(cell) for cell in row) + " |" for row in rows]
    return "\n".join([head, rule, *body]) + "\n"


_MARKUP = str.maketrans(
    {
        **{character: f"\\{character}" for character in "\\`*_[]|~#$"},
        **{"<": "&lt;", ">": "&gt;", "&": "&amp;", "\n": " ", "\r": " ", "@": "@\u2060"},
    }
)


def _escaped(text: str) -> str:
    """Text that Markdown takes as text; nobody is mentioned by an @."""
    return text.translate(_MARKUP)


def _bullets(items: Iterable[str]) -> str:
    return "".join(f"- {item}\n" for item in items)


def _folded(title: str, body: str) -> str:
    return f"<details><summary>{title}</summary>\n\n{body}\n</details>\n" if body else ""
