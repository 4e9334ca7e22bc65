"""The price books: asked and checked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundplan.app.books import check_books, read_books, with_books
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, or_known
from groundplan.prices.age import Age, age_of, stale
from groundplan.prices.integrity import Checked, check_cloud
from groundplan.prices.query import Query, Quote, ask


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
