"""Reading the tables a cloud ships as CSV: every broken cell is a diagnostic with its file and line, never a guess."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from importlib.resources.abc import Traversable
from typing import TypeVar

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Snippet

T = TypeVar("T")
ROW_CODE = "GP705"


def malformed(table: Traversable, line: int, message: str, row: Sequence[str] = ()) -> DiagnosticsError:
    """The error to raise for one row of `table`; `line` counts from 1, the header being line 1."""
    text = ",".join(row)
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


def read_table(table: Traversable, columns: tuple[str, ...], make: Callable[..., T]) -> Iterator[T]:
    """One `make(*cells)` for each row of `table`, whose header must be exactly `columns`.

    `make` refuses a cell by raising ValueError; the reader adds the file and the line. Raises DiagnosticsError.
    """
    reader = None
    try:
        reader = csv.reader(table.read_text(encoding="utf-8").splitlines(), strict=True)
        header = tuple(next(reader, ()))
        if header != columns:
            found = ", ".join(header) or "missing"
            raise malformed(table, 1, f"columns are {found}; expected {', '.join(columns)}")
        width = len(columns)
        for row in reader:
            if len(row) != width:
                raise malformed(table, reader.line_num, f"row has {len(row)} cells, not {width}", row)
            try:
                item = make(*row)
            except ValueError as error:
                raise malformed(table, reader.line_num, str(error), row) from error
            yield item
    except (csv.Error, UnicodeDecodeError) as error:
        raise malformed(table, reader.line_num if reader else 1, f"not a CSV file: {error}") from error


def whole(text: str) -> int:
    """A count: digits only."""
    if not (text.isascii() and text.isdigit()):
        raise ValueError(f"{text!r} is not a whole number")
    return int(text)


def amount(text: str) -> Decimal:
    """A price in US dollars, above zero: an unknown price has no row, a free thing is no item."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{text!r} is not a decimal number") from None
    if not value.is_finite() or value <= 0:
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
