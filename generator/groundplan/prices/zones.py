"""Spot prices by zone, where a cloud's spot differs by zone: `spot.csv` of a price book."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from decimal import Decimal
from importlib.resources.abc import Traversable

from groundplan.catalog.tables import amount, filled, malformed, parts, read_table

ZONE_TABLE = "spot.csv"
ZONE_COLUMNS = ("region", "instance_type", "zones", "source")

ZonePrices = Mapping[str, Decimal]
"""US dollars an hour by zone."""


def read_zones(folder: Traversable) -> dict[tuple[str, str], ZonePrices]:
    """The zones' prices by region and type; empty where the book has no such table. Raises DiagnosticsError."""
    table, found = folder / ZONE_TABLE, dict[tuple[str, str], ZonePrices]()
    if not table.is_file():
        return found
    for line, (region, name, zones) in read_table(table, ZONE_COLUMNS, _row):
        if found.setdefault((region, name), zones) is not zones:
            raise malformed(table, line, f"{name} has two rows in {region}")
    return found


def zone_sources(folder: Traversable) -> Iterator[tuple[str, str, str]]:
    """Region, type and source of each row: a check of the whole table."""
    table = folder / ZONE_TABLE
    for _, (region, name, _, source) in (
        read_table(table, ZONE_COLUMNS, lambda *cells: cells) if table.is_file() else ()
    ):
        yield region, name, source


def _row(region: str, name: str, zones: str, source: str) -> tuple[str, str, ZonePrices]:
    filled(source)
    cells = [part.partition("=") for part in parts(filled(zones))]
    prices = {filled(zone): amount(usd) for zone, _, usd in cells}
    if len(prices) != len(cells):
        raise ValueError("a zone stands in the row twice")
    return filled(region), filled(name), prices
