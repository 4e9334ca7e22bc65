"""Major versions of database engines, and when their standard support ends: `database_versions.csv` of a cloud."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from importlib.resources.abc import Traversable
from typing import Literal

from groundplan.catalog.tables import Dates, filled, malformed, read_table

COLUMNS = ("engine", "version", "extended_from", "third_year_from", "source", "as_of")
LONGEST = 10
"""Digits that no part of a version has."""
EngineSupport = Literal["standard", "extended", "third_year"]


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """A major version of a database engine, and the first days on which extended support is billed, and billed more."""

    engine: str
    version: tuple[int, ...]
    extended_from: date
    third_year_from: date | None
    """None where the charge stays that of the first two years."""
    as_of: date

    def support(self, on: date) -> EngineSupport:
        """What is billed on that day."""
        if self.third_year_from is not None and on >= self.third_year_from:
            return "third_year"
        return "extended" if on >= self.extended_from else "standard"


def major(versions: Iterable[EngineVersion], engine: str, version: str) -> EngineVersion | None:
    """The version of the engine that one such as `13.22` belongs to; None for one that the table does not have."""
    digits = version.split(".")
    for known in versions:
        parts = digits[: len(known.version)]
        if known.engine == engine and _numbers(parts) == known.version[: len(parts)]:
            return known
    return None


def _numbers(parts: Sequence[str]) -> tuple[int, ...] | None:
    written = all(part.isascii() and part.isdigit() and len(part) < LONGEST for part in parts)
    return tuple(map(int, parts)) if written else None


def engine_versions(folder: Traversable) -> tuple[EngineVersion, ...]:
    """The table in a cloud's folder, oldest version of each engine first; empty where it has none."""
    table = folder / "database_versions.csv"
    if not table.is_file():
        return ()
    rows = list(read_table(table, COLUMNS, _row))
    for line, row in rows:
        if row.third_year_from and row.third_year_from <= row.extended_from:
            raise malformed(table, line, "support dates are not in order")
    return tuple(sorted((row for _, row in rows), key=lambda row: (row.engine, row.version)))


def _row(  # noqa: PLR0913, PLR0917 - one parameter per column
    engine: str, version: str, extended_from: str, third_year_from: str, source: str, as_of: str
) -> EngineVersion:
    filled(source)
    day = Dates()
    parts = tuple(int(part) for part in version.split("."))
    third = day(third_year_from) if third_year_from else None
    return EngineVersion(filled(engine), parts, day(extended_from), third, day(as_of))
