"""Names of actions, so that one that is misspelt is not taken for one that nobody may do."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from groundplan.catalog.tables import filled, read_table

_COLUMNS = ("service", "actions", "source")


@cache
def actions(cloud: str, sign: str) -> Mapping[str, tuple[str, ...]]:
    """Whole names by service, of a table in the folder of a cloud; `sign` stands after the service."""
    table = files("groundplan.access") / cloud / "actions.csv"
    return dict(row for _, row in read_table(table, _COLUMNS, lambda *cells: _row(sign, *cells)))


def _row(sign: str, service: str, names: str, source: str) -> tuple[str, tuple[str, ...]]:
    filled(source)
    return filled(service), tuple(f"{service}{sign}{one}" for one in filled(names).split())
