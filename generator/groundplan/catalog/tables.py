"""Reading the tables a cloud ships as CSV: every broken cell is a diagnostic with its file and line, never a guess."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from importlib.resources.abc import Traversable
from typing import TypeVar

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Snippet

T = TypeVar("T")
ROW_CODE = "GP705"


def malformed(table: Traversable, line: int, message: str, text: str = "") -> DiagnosticsError:
    """The error to raise for one row of `table`; `line` counts from 1, the header being line 1."""
    return DiagnosticsError(
        [
            Diagnostic(
                ROW_CODE,
                message,
                hint="correct the row, or remove it: what has no row is reported as unpriced, not as free",
                place=Place(str(table), line),
                snippet=Snippet(text, len(text)) if text else None,
            )
        ]
    )


Line = tuple[int, str]
"""A line of a table with its number in the file; the header is line 1."""


def read_lines(table: Traversable, columns: tuple[str, ...]) -> list[Line]:
    """The lines below the header of `table`, which must be exactly `columns`. Raises DiagnosticsError."""
    try:
        lines = table.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise malformed(table, 1, f"not a text in UTF-8: {error.reason}") from error
    header = lines[0] if lines else ""
    if header != ",".join(columns):
        raise malformed(table, 1, f"columns are {header or 'missing'}; expected {','.join(columns)}")
    return list(enumerate(lines[1:], start=2))


def by_first_cell(lines: Iterable[Line]) -> dict[str, list[Line]]:
    """The lines grouped by their first cell, in the order of the file."""
    grouped: dict[str, list[Line]] = {}
    for line in lines:
        grouped.setdefault(line[1].partition(",")[0], []).append(line)
    return grouped


def parse_lines(
    table: Traversable, lines: Iterable[Line], width: int, make: Callable[..., T]
) -> Iterator[tuple[int, T]]:
    """The line number and `make(*cells)` of each line.

    `make` refuses a cell by raising ValueError; the file and the line are added here. Raises DiagnosticsError.
    """
    for number, text in lines:
        try:
            row = next(csv.reader((text,), strict=True)) if '"' in text else text.split(",")
            if len(row) != width:
                raise ValueError(f"row has {len(row)} cells, not {width}")
            yield number, make(*row)
        except (csv.Error, ValueError) as error:
            raise malformed(table, number, str(error), text) from error


def read_table(table: Traversable, columns: tuple[str, ...], make: Callable[..., T]) -> Iterator[tuple[int, T]]:
    """The line number and `make(*cells)` of every row of `table`. Raises DiagnosticsError."""
    return parse_lines(table, read_lines(table, columns), len(columns), make)


def whole(text: str) -> int:
    """A count: digits only."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def amount(text: str) -> Decimal:
    """A price in US dollars, above zero: an unknown price has no row, a free thing is no item."""
    if not (text.isascii() and text.replace(".", "", 1).isdigit()):
        below = text.startswith("-") and text[1:].replace(".", "", 1).isdigit()
        raise ValueError(f"{text!r} is not a {'price above zero' if below else 'decimal number'}")
    value = Decimal(text)
    if not value:
        raise ValueError(f"{text!r} is not a price above zero")
    return value


def flag(text: str) -> bool:
    """`true` or `false`."""
    if text not in ("true", "false"):
        raise ValueError(f"{text!r} is neither true nor false")
    return text == "true"


def one_of(text: str, allowed: tuple[str, ...]) -> str:
    """`text`, which is one of `allowed`."""
    if text not in allowed:
        raise ValueError(f"{text!r} is not one of {', '.join(allowed)}")
    return text


def filled(text: str) -> str:
    """`text`, which is not empty."""
    if not text:
        raise ValueError("a cell that must be filled is empty")
    return text


def parts(text: str) -> tuple[str, ...]:
    """What `|` separates; empty text is no parts."""
    return tuple(text.split("|")) if text else ()


class Dates:
    """ISO dates, each parsed once: tables repeat a handful of them thousands of times."""

    def __init__(self) -> None:
        self._known: dict[str, date] = {}

    def __call__(self, text: str) -> date:
        """The date `text` (YYYY-MM-DD) says."""
        known = self._known.get(text)
        if known is None:
            known = self._known[text] = date.fromisoformat(text)
        return known
