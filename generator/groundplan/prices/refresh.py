"""Current prices of a cloud, written as a user's price book."""

from __future__ import annotations

import os
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.prices.csv_book import COLUMNS, write_csv
from groundplan.prices.fresh import Fresh, FreshPrice, Refusal
from groundplan.writing import UnwritableError, write_file


def refusals(fresh: Fresh) -> list[Diagnostic]:
    """What the cloud did not answer, as findings (GP803)."""
    return [refusal(refused, "GP803") for refused in fresh.refused]


def refusal(refused: Refusal, code: str) -> Diagnostic:
    """A refusal as a finding of that code."""
    return Diagnostic(code, f"{refused.question}: {refused.reason}", hint=refused.hint)


def write_book(cloud: str, prices: Iterable[FreshPrice], path: Path, today: date) -> None:
    """Writes the prices to `path` atomically; raises DiagnosticsError (GP403) and leaves what is there as it was."""
    refuse_target(path)
    text = write_csv(_cells(cloud, price, today) for price in sorted(prices, key=_order))
    try:
        write_file(path, text.encode())
    except UnwritableError as error:
        raise _unwritable(path, error.reason) from None


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
    with path.open("rb") as file:
        if file.readline(1_000).strip() != ",".join(COLUMNS).encode():
            raise _unwritable(path, "the file that is there is no price book")


def _unwritable(path: Path, why: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP403", f"cannot write {path}: {why}", place=Place(str(path), 1))])


def _cells(cloud: str, price: FreshPrice, today: date) -> tuple[str, ...]:
    """The row of a table; what is zero is empty, as nothing is due."""
    low, high = (None if end == price.usd else end for end in (price.usd_low, price.usd_high))
    return (
        cloud,
        price.region,
        price.item,
        price.option,
        price.payment or "",
        *(_text(amount) for amount in (price.upfront_usd, low, price.usd, high)),
        price.unit,
        str(price.tier_from or ""),
        today.isoformat(),
        price.source,
    )


def _order(price: FreshPrice) -> tuple[str, str, str, str, int]:
    return price.region, price.item, price.option, price.payment or "", price.tier_from


def _text(amount: Decimal | None) -> str:
    return f"{amount.normalize():f}" if amount else ""
