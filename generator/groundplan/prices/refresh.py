"""Asking a cloud for the prices of today and writing them as a user's price book."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from decimal import Decimal
from difflib import get_close_matches
from importlib import import_module
from pathlib import Path

from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.preflight.model import UnreachableError
from groundplan.prices.csv_book import COLUMNS, write_csv
from groundplan.prices.fresh import Fresh, FreshPrice, Refresh, Refusal, Wanted


def refresh(cloud: Cloud, regions: Sequence[str], now: datetime) -> Fresh:
    """The prices that `cloud` states for the regions, for all of its catalog without any.

    Raises DiagnosticsError: GP706 for an unknown region, GP804 where the cloud cannot be asked or answered nothing.
    """
    _refuse_unknown(cloud, regions)
    units = {item: price.unit for (item, _), price in sorted(cloud.prices.items.items())}
    wanted = Wanted(cloud.catalog, units, tuple(regions) or tuple(sorted(cloud.catalog.regions)), now)
    try:
        fresh = _refresh_of(cloud)(wanted)
    except UnreachableError as error:
        raise DiagnosticsError([Diagnostic("GP804", str(error), hint=error.hint)]) from None
    if not fresh.prices:
        problems = [_finding(refusal, "GP804") for refusal in fresh.refused]
        raise DiagnosticsError(problems or [Diagnostic("GP804", f"{cloud.title} stated no price for anything asked")])
    return fresh


def refusals(fresh: Fresh) -> list[Diagnostic]:
    """What the cloud did not answer, as findings (GP803)."""
    return [_finding(refusal, "GP803") for refusal in fresh.refused]


def _finding(refusal: Refusal, code: str) -> Diagnostic:
    """A refusal as a finding of that code."""
    return Diagnostic(code, f"{refusal.question}: {refusal.reason}", hint=refusal.hint)


def write_book(cloud: str, prices: Iterable[FreshPrice], path: Path, today: date) -> None:
    """Writes the prices to `path` in one step; raises DiagnosticsError (GP403) and leaves what is there as it was."""
    refuse_target(path)
    text = write_csv(_cells(cloud, price, today) for price in sorted(prices, key=_order))
    try:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                file.write(text)
            Path(temporary).chmod(0o644)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, (error.strerror or str(error)).lower()) from None


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
        if file.readline().strip() != ",".join(COLUMNS).encode():
            raise _unwritable(path, "the file that is there is no price book")


def _unwritable(path: Path, why: str) -> DiagnosticsError:
    return DiagnosticsError([Diagnostic("GP403", f"cannot write {path}: {why}", place=Place(str(path), 1))])


def _refresh_of(cloud: Cloud) -> Refresh:
    if cloud.refresh is None:
        raise DiagnosticsError([Diagnostic("GP804", f"groundplan cannot ask {cloud.title} for prices")])
    module, attribute = cloud.refresh.split(":")
    found: Refresh = getattr(import_module(module), attribute)
    return found


def _refuse_unknown(cloud: Cloud, regions: Iterable[str]) -> None:
    problems = []
    for region in regions:
        if region not in cloud.catalog.regions:
            near = get_close_matches(region, cloud.catalog.regions, n=2)
            hint = f"did you mean {' or '.join(f'`{one}`' for one in near)}?" if near else None
            problems.append(Diagnostic("GP706", f"no region `{region}` of {cloud.title}", hint=hint))
    if problems:
        raise DiagnosticsError(problems)


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
