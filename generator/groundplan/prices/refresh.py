"""Current prices of a cloud, written as a user's price book."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Severity, bounded
from groundplan.prices.book import Option
from groundplan.prices.csv_book import COLUMNS, write_csv
from groundplan.prices.fresh import Fresh, FreshPrice, Question, Refusal, Wanted
from groundplan.prices.model import Row, UserBook
from groundplan.prices.read import MAX_BYTES, read_book
from groundplan.reading import UnreadableError, read_named
from groundplan.writing import UnwritableError, write_file

Cells = tuple[str, ...]


def refusals(fresh: Fresh) -> list[Diagnostic]:
    """What the cloud did not answer (GP803), and what it states several prices of (GP806, a warning), as findings."""
    several = (
        Diagnostic(
            "GP806",
            f"{one.item}{f' in {one.region}' if one.region else ''}: {one.reason}",
            Severity.WARNING,
            "it keeps the price of the book below; state it in a book of your own",
        )
        for one in fresh.ambiguous
    )
    return [*(refusal(refused, "GP803") for refused in fresh.refused), *bounded(several)]


def refusal(refused: Refusal, code: str) -> Diagnostic:
    """A refusal as a finding of that code."""
    return Diagnostic(code, f"{refused.question}: {refused.reason}", hint=refused.hint)


def present(path: Path) -> list[UserBook]:
    """The book at `path`, which a refresh brings up to date; empty without one.

    Raises DiagnosticsError where no book can be written to `path` (GP403), and with what is wrong with the book.
    """
    refuse_target(path)
    return read_book(path) if os.path.lexists(path) else []


def kept_rows(
    books: Iterable[UserBook], cloud: str, wanted: Wanted, answered: Sequence[Question]
) -> Iterator[tuple[str, Row]]:
    """The rows of the present book that stay, each with its cloud: those that no answered question is about."""
    for book in books:
        for row in book.rows:
            option: Option = row.option or "on_demand"
            asked = wanted.names(row.item) and any(one.covers(row.region, row.item, option) for one in answered)
            if book.cloud != cloud or not asked:
                yield book.cloud, row


def write_book(
    cloud: str, prices: Iterable[FreshPrice], path: Path, today: date, kept: Iterable[tuple[str, Row]] = ()
) -> int:
    """Writes the prices and the rows to keep to `path` atomically; how many rows that are.

    Raises DiagnosticsError (GP403) and leaves what is there as it was.
    """
    refuse_target(path)
    rows = sorted([*(_of_price(cloud, price, today) for price in prices), *(_of_row(*row) for row in kept)], key=_order)
    try:
        write_file(path, write_csv(rows).encode())
    except UnwritableError as error:
        raise _unwritable(path, error.reason) from None
    return len(rows)


def refuse_target(path: Path) -> None:
    """Raises DiagnosticsError where no book can be written to `path`; before anything is asked of a cloud."""
    if path.suffix != ".csv":
        raise _unwritable(path, "a refreshed book is a .csv file")
    if not path.parent.is_dir():
        raise _unwritable(path, f"there is no folder {path.parent}")
    if not os.path.lexists(path):
        return
    if not path.is_file():
        raise _unwritable(path, "it is no file")
    try:
        text = read_named(path, limit_bytes=MAX_BYTES[".csv"])
    except UnreadableError as error:
        raise _unwritable(path, f"the file that is there cannot be read: {error.reason}") from None
    if text.partition(b"\n")[0].strip() != ",".join(COLUMNS).encode():
        raise _unwritable(path, "the file that is there is no price book")


def _unwritable(path: Path, why: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP403", f"cannot write {path}: {why}", place=Place(str(path), 1))])


def _of_price(cloud: str, price: FreshPrice, today: date) -> Cells:
    """The row of a table; what is zero is empty, as nothing is due."""
    low, high = (None if end == price.usd else end for end in (price.usd_low, price.usd_high))
    return _cells(
        (cloud, price.region, price.item, price.option, price.payment or ""),
        (price.upfront_usd, low, price.usd, high),
        (price.unit, str(price.tier_from or ""), (price.as_of or today).isoformat(), price.source),
    )


def _of_row(cloud: str, row: Row) -> Cells:
    low, high = (None if end == row.usd_expected else end for end in (row.usd_low, row.usd_high))
    return _cells(
        (cloud, row.region, row.item, row.option or "", row.payment or ""),
        (row.upfront_usd, low, row.usd_expected, high),
        (row.unit or "", str(row.tier_from or ""), row.as_of.isoformat(), row.source),
    )


def _cells(names: Cells, amounts: Iterable[Decimal | None], about: Cells) -> Cells:
    return (*names, *map(_text, amounts), *about)


def _order(cells: Cells) -> tuple[object, ...]:
    """By cloud, region, item, option, payment and tier."""
    return (*cells[:5], int(cells[10] or 0))


def _text(amount: Decimal | None) -> str:
    return f"{amount.normalize():f}" if amount else ""
