"""Price books of the user's, over the tables of the clouds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError, bounded, or_known
from groundplan.prices.age import age_of
from groundplan.prices.integrity import Checked
from groundplan.prices.model import UserBook
from groundplan.prices.overlay import lay_over
from groundplan.prices.read import read_book


def clouds_with_books(paths: Iterable[Path]) -> dict[str, Cloud]:
    """Every cloud by its name, with the books in those files laid over it; raises DiagnosticsError."""
    books = read_books(paths)
    return {name: with_books(cloud, books) for name in CLOUDS if (cloud := find_cloud(name))}


def read_books(paths: Iterable[Path]) -> list[UserBook]:
    """What the files say; raises DiagnosticsError."""
    return [book for path in paths for book in read_book(path)]


def with_books(cloud: Cloud, books: Iterable[UserBook]) -> Cloud:
    """The cloud with those of the books that are about it laid over its tables, one after the other.

    Raises DiagnosticsError with everything that is wrong with a book.
    """
    for book in books:
        if book.cloud not in CLOUDS:
            raise DiagnosticsError([_no_such_cloud(book)])
        if book.cloud == cloud.name:
            cloud = _with_book(cloud, book)
    return cloud


def check_books(paths: Iterable[Path], today: date) -> list[Checked]:
    """What is wrong with each file, laid over the clouds' own tables and over the files before it.

    Raises DiagnosticsError for a file that cannot be read at all (GP101).
    """
    clouds = clouds_with_books(())
    return [_check(path, clouds, today) for path in paths]


def _with_book(cloud: Cloud, book: UserBook) -> Cloud:
    catalog, prices = lay_over(cloud, book)
    return replace(cloud, load_catalog=lambda: catalog, load_prices=lambda: prices)


def _no_such_cloud(book: UserBook) -> Diagnostic:
    return book.cloud_spot.problem("GP706", f"no cloud `{book.cloud}`", or_known(book.cloud, CLOUDS))


def _check(path: Path, clouds: dict[str, Cloud], today: date) -> Checked:
    """One file; what is right with it stays laid over `clouds` for the next."""
    books: list[UserBook] = []
    problems: list[Diagnostic] = []
    try:
        books = read_book(path)
        for name, cloud in clouds.items():
            clouds[name] = with_books(cloud, books)
    except DiagnosticsError as error:
        if any(problem.code == "GP101" for problem in error.diagnostics):
            raise
        problems += error.diagnostics
    rows = [row for book in books for row in book.rows]
    problems += bounded(
        row.spot.problem("GP708", f"the price is dated {row.as_of}, in the future") for row in rows if row.as_of > today
    )
    regions = {row.region for row in rows}
    age = age_of((row.as_of for row in rows), today)
    discounts = sum(len(book.discounts) for book in books)
    return Checked(str(path), (str(path),), len(regions), len(rows), 0, age, tuple(problems), discounts)
