"""A user's prices as one table: what `groundplan prices refresh` writes, and spreadsheets export."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any, cast

from groundplan.catalog.tables import Dates, amount, filled, one_of, whole
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Snippet, bounded, shortened
from groundplan.prices.book import COMMITMENTS, PAYMENTS, PURCHASE_OPTIONS, Option, Payment
from groundplan.prices.model import LEAST_USD, LONGEST_TEXT, MOST_UNITS, MOST_USD, Row, Spot, UserBook

OPTIONS = (*PURCHASE_OPTIONS, "list")
MOST_ROWS = 200_000
"""Ten times what a cloud asks for in all its regions."""
HINT = "correct the row, or remove it: what has no row is taken from the book below, or unpriced, never free"


def read_csv(text: str, file: str) -> list[UserBook]:
    """The books in a table, one for each cloud it names; raises DiagnosticsError with every broken row (GP705)."""
    reader = _Reader(file)
    lines = text.splitlines()
    if not lines or lines[0] != ",".join(COLUMNS):
        message = f"columns are {shortened(lines[0], 200) if lines else 'missing'}; expected {','.join(COLUMNS)}"
        raise DiagnosticsError([Diagnostic("GP705", message, place=Place(file, 1))])
    if len(lines) > MOST_ROWS:
        message = f"more than {MOST_ROWS:,} rows"
        raise DiagnosticsError([Diagnostic("GP105", message, place=Place(file, MOST_ROWS + 1))])
    books: dict[str, list[Row]] = {}
    for number, line in enumerate(lines[1:], start=2):
        parsed = reader.row(number, line)
        if parsed:
            books.setdefault(parsed[0], []).append(parsed[1])
    if reader.problems:
        raise DiagnosticsError(bounded(reader.problems))
    return [UserBook(file, cloud, (), tuple(rows), {}, (), rows[0].spot) for cloud, rows in books.items()]


def write_csv(rows: Iterable[Sequence[str]]) -> str:
    """The text of a table with these rows; `COLUMNS` says what the cells are."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows(rows)
    return stream.getvalue()


class _Reader:
    def __init__(self, file: str) -> None:
        self.problems: list[Diagnostic] = []
        self._file = file
        self._cells: tuple[Callable[[str], Any], ...] = (
            filled,
            filled,
            filled,
            lambda text: one_of(text, OPTIONS),
            lambda text: one_of(text, PAYMENTS) if text else None,
            _amount_if_any,
            _amount_if_any,
            _amount_if_any,
            _amount_if_any,
            filled,
            lambda text: _units(text) if text else 0,
            Dates(),
            filled,
        )

    def row(self, number: int, text: str) -> tuple[str, Row] | None:
        """The cloud and the row of a line, or None when it is broken."""
        try:
            cells = next(csv.reader((text,), strict=True)) if '"' in text else text.split(",")
            if len(cells) != len(COLUMNS):
                raise ValueError(f"row has {len(cells)} cells, not {len(COLUMNS)}")
        except (csv.Error, ValueError) as error:
            self._broken(number, text, 1, str(error), len(text))
            return None
        values = []
        for index, (cell, parse) in enumerate(zip(cells, self._cells, strict=True)):
            try:
                values.append(parse(_of_bearable_length(cell)))
            except ValueError as error:
                column = 1 + sum(len(before) + 1 for before in cells[:index])
                self._broken(number, text, column, f"{COLUMNS[index]}: {error}", max(1, len(cell)))
                return None
        try:
            return self._row(number, text, values)
        except ValueError as error:
            self._broken(number, text, 1, str(error), len(text))
            return None

    def _row(self, number: int, text: str, values: Sequence[Any]) -> tuple[str, Row]:
        cloud, region, item, option, payment, upfront, low, usd, high, unit, tier, as_of, source = values
        paid, hourly = cast("Payment | None", payment), cast("Decimal | None", usd)
        band = banded(low, hourly, high, paid, upfront, cast(Option, option))
        spot = Spot(Place(self._file, number, 1), Snippet(text, len(text)))
        row = Row(region, item, option, paid, upfront or Decimal(0), *band, unit, tier, cast(date, as_of), source, spot)
        return cloud, row

    def _broken(self, number: int, text: str, column: int, message: str, length: int = 1) -> None:
        place, snippet = Place(self._file, number, column), Snippet(text, length)
        self.problems.append(Diagnostic("GP705", message, hint=HINT, place=place, snippet=snippet))


def banded(  # noqa: PLR0913, PLR0917 - what a row says of its amounts
    low: Decimal | None,
    usd: Decimal | None,
    high: Decimal | None,
    payment: Payment | None,
    upfront: Decimal | None,
    option: Option | None,
) -> tuple[Decimal, Decimal, Decimal]:
    """Low, expected and high of a row. Raises ValueError where its amounts contradict each other or the payment."""
    if payment is not None and option not in COMMITMENTS.values():
        raise ValueError(f"a payment belongs to {' and '.join(COMMITMENTS.values())} only")
    if (upfront is not None) != (payment in ("partial", "all")):
        raise ValueError("what is paid upfront is given where the payment is partial or all, and only there")
    if payment == "all":
        if (low, usd, high) != (None, None, None):
            raise ValueError("with all paid upfront nothing is due by the hour")
        return Decimal(0), Decimal(0), Decimal(0)
    if usd is None:
        raise ValueError("the price is missing")
    band = (usd if low is None else low, usd, usd if high is None else high)
    if not band[0] <= band[1] <= band[2]:
        raise ValueError("low, expected and high are not in order")
    return band


def _of_bearable_length(cell: str) -> str:
    if len(cell) > LONGEST_TEXT:
        raise ValueError(f"more than {LONGEST_TEXT} characters")
    return cell


def _amount_if_any(text: str) -> Decimal | None:
    usd = amount(text) if text else None
    if usd is not None and not LEAST_USD <= usd <= MOST_USD:
        raise ValueError(f"{text!r} is not between {LEAST_USD:f} and {MOST_USD:,} US dollars")
    return usd


def _units(text: str) -> int:
    units = whole(text)
    if units > MOST_UNITS:
        raise ValueError(f"{text!r} is more than {MOST_UNITS:,}")
    return units


COLUMNS = (
    "cloud",
    "region",
    "item",
    "option",
    "payment",
    "upfront_usd",
    "usd_low",
    "usd_expected",
    "usd_high",
    "unit",
    "tier_from",
    "as_of",
    "source",
)
