"""Prices of services that only plans use: a row an item and tier, a column a region, read when an item is asked for.

Thousands of classes of databases and caches in every region would make each command slower that prices a spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib.resources.abc import Traversable

from groundplan.catalog.tables import Line, amount, by_first_cell, filled, malformed, whole

COLUMNS = ("item", "unit", "tier_from", "source")
"""What stands before the regions."""


@dataclass(frozen=True, slots=True)
class Row:
    """The price of one item in one region, with its tiers in rising order."""

    unit: str
    tiers: tuple[tuple[int, Decimal], ...]
    source: str
    as_of: date

    @classmethod
    def of(cls, before: Row | None, unit: str, tier: tuple[int, Decimal], source: str, as_of: date) -> Row:
        """The row with a further tier. Raises ValueError where that does not follow."""
        if before is None and tier[0]:
            raise ValueError("the first tier does not start at 0")
        if before is not None and (before.unit != unit or tier[0] <= before.tiers[-1][0]):
            raise ValueError("tiers are out of order or differ in unit")
        return cls(unit, (*(before.tiers if before else ()), tier), source, as_of)


class ServicePrices:
    """Lookups in the table of one cloud; empty where it has none. Raises DiagnosticsError for a row that is none."""

    def __init__(self, table: Traversable, day_of: Callable[[str], date]) -> None:
        self._table = table
        self._day_of = day_of
        self._known: dict[str, Mapping[str, Row]] = {}

    def row(self, item: str, region: str) -> Row | None:
        """The price of the item in the region; None where the table has none."""
        if item not in self._known:
            self._known[item] = self._read(item)
        return self._known[item].get(region)

    @property
    def sources(self) -> frozenset[str]:
        """Ids of the sources that rows name."""
        lines = (text for lines in self._lines.values() for _, text in lines)
        return frozenset(text.split(",")[COLUMNS.index("source")] for text in lines)

    @cached_property
    def units(self) -> Mapping[str, str]:
        """The units of all items, by name."""
        return {item: lines[0][1].split(",", 2)[1] for item, lines in self._lines.items()}

    def sold(self, region: str) -> set[str]:
        """Names of the items that have a price in the region."""
        if region not in self._regions_or_none:
            return set()
        column = len(COLUMNS) + self._regions.index(region)
        return {item for item, lines in self._lines.items() if any(_cell(text, column) for _, text in lines)}

    @property
    def places(self) -> Iterator[tuple[str, str]]:
        """Every item with each region that has a price of it."""
        return ((item, region) for region in self._regions_or_none for item in self.sold(region))

    def all(self) -> Iterator[tuple[str, str, Row]]:
        """Every price with its item and region: a check of the whole table."""
        for item in self._lines:
            for region, row in self._read(item).items():
                yield item, region, row

    def _read(self, item: str) -> Mapping[str, Row]:
        found: dict[str, Row] = {}
        for number, text in self._lines.get(item, ()):
            try:
                self._add(found, text)
            except ValueError as error:
                raise malformed(self._table, number, str(error), text) from error
        return found

    def _add(self, found: dict[str, Row], text: str) -> None:
        cells = text.split(",")
        if len(cells) != len(COLUMNS) + len(self._regions):
            raise ValueError(f"row has {len(cells)} cells, not {len(COLUMNS) + len(self._regions)}")
        _, unit, start, source = cells[: len(COLUMNS)]
        for region, price in zip(self._regions, cells[len(COLUMNS) :], strict=True):
            if price:
                tier = (whole(start), amount(price))
                found[region] = Row.of(found.get(region), filled(unit), tier, filled(source), self._day_of(source))

    @cached_property
    def _regions(self) -> tuple[str, ...]:
        header = self._text[0] if self._text else ""
        if tuple(header.split(",")[: len(COLUMNS)]) != COLUMNS:
            raise malformed(self._table, 1, f"columns are {header[:80]}; expected {','.join(COLUMNS)} and regions")
        return tuple(header.split(",")[len(COLUMNS) :])

    @property
    def _regions_or_none(self) -> tuple[str, ...]:
        """The regions; none where there is no table."""
        return self._regions if self._text else ()

    @cached_property
    def _text(self) -> list[str]:
        return self._table.read_text(encoding="utf-8").splitlines() if self._table.is_file() else []

    @cached_property
    def _lines(self) -> dict[str, list[Line]]:
        return by_first_cell(enumerate(self._text[1:], start=2)) if self._text and self._regions else {}


def _cell(text: str, column: int) -> str:
    """One cell of a row; empty where the row has fewer."""
    return next(iter(text.split(",")[column : column + 1]), "")
