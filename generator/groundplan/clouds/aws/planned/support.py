"""Whether a version of a database engine is in extended support, and in which of its years."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Literal

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.tables import Dates, filled, read_table

COLUMNS = ("engine", "version", "extended_from", "third_year_from", "source", "as_of")
Support = Literal["standard", "extended", "third_year"]


@dataclass(frozen=True, slots=True)
class EngineVersion:
    """A major version of a database engine, and the first days on which extended support is billed, and billed more."""

    engine: str
    version: tuple[int, ...]
    extended_from: date
    third_year_from: date | None
    """None where the charge stays that of the first two years."""
    as_of: date

    def support(self, on: date) -> Support:
        """What is billed on that day."""
        if self.third_year_from is not None and on >= self.third_year_from:
            return "third_year"
        return "extended" if on >= self.extended_from else "standard"


def engine_support(engine: str, version: str, catalog: Catalog) -> Support:
    """What is billed for a version such as `13.22`; one older than all of the table's is in its last year."""
    digits = version.split(".")
    known = [row for row in _versions(catalog) if row.engine == engine]
    if not known or not all(part.isascii() and part.isdigit() for part in digits[: len(known[0].version)]):
        return "standard"
    asked = tuple(int(part[:9]) for part in digits[: len(known[0].version)])
    for row in known:
        if asked == row.version[: len(asked)]:
            return row.support(row.as_of)
    return known[0].support(known[0].as_of) if asked < known[0].version else "standard"


@cache
def _versions(catalog: Catalog) -> tuple[EngineVersion, ...]:
    """The table, oldest version of each engine first."""
    rows = read_table(catalog.folder / "database_versions.csv", COLUMNS, _row)
    return tuple(sorted((row for _, row in rows), key=lambda row: (row.engine, row.version)))


def _row(  # noqa: PLR0913, PLR0917 - one parameter per column
    engine: str, version: str, extended_from: str, third_year_from: str, source: str, as_of: str
) -> EngineVersion:
    filled(source)
    day = Dates()
    parts = tuple(int(part) for part in version.split("."))
    third = day(third_year_from) if third_year_from else None
    return EngineVersion(filled(engine), parts, day(extended_from), third, day(as_of))
