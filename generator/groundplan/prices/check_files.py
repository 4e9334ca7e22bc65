"""Holding users' books to account."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.prices.age import age_of
from groundplan.prices.integrity import Checked
from groundplan.prices.model import UserBook
from groundplan.prices.overlay import lay_over
from groundplan.prices.read import read_book


def check_files(paths: Iterable[Path], today: date) -> list[Checked]:
    """What is wrong with each file, laid over the clouds' own tables and over the files before it.

    Raises DiagnosticsError for a file that cannot be read at all (GP101).
    """
    clouds = {name: cloud for name in CLOUDS if (cloud := find_cloud(name)) is not None}
    return [_check(path, clouds, today) for path in paths]


def _check(path: Path, clouds: dict[str, Cloud], today: date) -> Checked:
    """One file; what is right with it stays laid over `clouds` for the next."""
    books: list[UserBook] = []
    problems: list[Diagnostic] = []
    try:
        books = read_book(path)
        for name, cloud in clouds.items():
            clouds[name] = lay_over(cloud, books)
    except DiagnosticsError as error:
        if any(problem.code == "GP101" for problem in error.diagnostics):
            raise
        problems += error.diagnostics
    rows = [row for book in books for row in book.rows]
    problems += [
        row.spot.problem("GP708", f"the price is of {row.as_of}, which is in the future")
        for row in rows
        if row.as_of > today
    ]
    regions = {row.region for row in rows}
    age = age_of((row.as_of for row in rows), today)
    discounts = sum(len(book.discounts) for book in books)
    return Checked(str(path), (str(path),), len(regions), len(rows), 0, age, tuple(problems), discounts)
