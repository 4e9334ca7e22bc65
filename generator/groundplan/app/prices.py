"""The price books: asked, checked, and renewed from the clouds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from groundplan.app.books import check_books, read_books, with_books
from groundplan.app.progress import Progress
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean, or_known
from groundplan.preflight.model import UnreachableError
from groundplan.prices.age import Age, age_of, stale
from groundplan.prices.fresh import Fresh, Refresh, Wanted
from groundplan.prices.integrity import Checked, check_cloud
from groundplan.prices.query import Query, Quote, ask
from groundplan.prices.refresh import refusal, refuse_target, write_book


@dataclass(frozen=True, slots=True)
class Answer:
    """Quotes, and how old their prices are; no age when no prices available."""

    quotes: Sequence[Quote]
    age: Age | None

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """A warning about old prices."""
        return stale(self.age, "prices shown")


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was looked at in each book."""

    books: Sequence[Checked]

    @property
    def wrong(self) -> list[Diagnostic]:
        """What has to be mended."""
        return [finding for book in self.books for finding in book.findings]

    @property
    def diagnostics(self) -> list[Diagnostic]:
        """The same, and warnings about old prices."""
        return [*self.wrong, *(warning for book in self.books for warning in stale(book.age, f"prices of {book.name}"))]


def show(clouds: Sequence[str], query: Query, books: Sequence[Path], today: date) -> Answer:
    """What the named clouds, all without any, ask for what is queried, under the user's books."""
    laid = read_books(books)
    quotes = ask([with_books(cloud, laid) for cloud in clouds_named(clouds)], query)
    return Answer(quotes, age_of((quote.price.as_of for quote in quotes if quote.price), today))


def check(files: Sequence[Path], today: date) -> Verdict:
    """What is wrong with the files; without any, with the shipped books."""
    books = check_books(files, today) if files else [check_cloud(cloud, today) for cloud in clouds_named(())]
    return Verdict(books)


def refresh(name: str, regions: Sequence[str], output: Path, now: datetime, progress: Progress) -> Fresh:
    """The current prices of the cloud of that name, written to `output`."""
    (cloud,) = clouds_named((name,))
    refuse_target(output)
    with progress.step(f"asking {cloud.title}"):
        fresh = current_prices(cloud, regions, now)
    write_book(cloud.name, fresh.prices, output, now.date())
    return fresh


def current_prices(cloud: Cloud, regions: Sequence[str], now: datetime) -> Fresh:
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
        problems = [refusal(refused, "GP804") for refused in fresh.refused]
        raise DiagnosticsError(
            problems or [Diagnostic("GP804", f"{cloud.title} returned no price for any of these items")]
        )
    return fresh


def clouds_named(names: Sequence[str]) -> list[Cloud]:
    """The clouds of those names, all without any; GP706 for one that there is not."""
    problems = []
    for name in names:
        if name not in CLOUDS:
            problems.append(Diagnostic("GP706", f"no cloud `{name}`", hint=or_known(name, CLOUDS)))
    if problems:
        raise DiagnosticsError(problems)
    found = (find_cloud(name) for name in names or tuple(CLOUDS))
    return [cloud for cloud in found if cloud is not None]


def _refresh_of(cloud: Cloud) -> Refresh:
    module = cloud.extension("refresh")
    if module is None:
        raise DiagnosticsError([Diagnostic("GP804", f"groundplan cannot ask {cloud.title} for prices")])
    found: Refresh = module.refresh
    return found


def _refuse_unknown(cloud: Cloud, regions: Iterable[str]) -> None:
    problems = []
    for region in regions:
        if region not in cloud.catalog.regions:
            hint = did_you_mean(region, cloud.catalog.regions, most=2) or None
            problems.append(Diagnostic("GP706", f"no region `{region}` of {cloud.title}", hint=hint))
    if problems:
        raise DiagnosticsError(problems)
