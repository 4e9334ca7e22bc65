"""Keys of a usage file: what a plan cannot say of a resource, under the names that users of Infracost know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources.abc import Traversable

from groundplan.catalog.tables import filled, read_table

COLUMNS = ("resource_type", "key", "unit", "says")


@dataclass(frozen=True, slots=True)
class UsageKey:
    """One number of a usage file. `name` has dots where the file nests, as `standard.storage_gb`."""

    name: str
    unit: str
    says: str


def read_usage_keys(table: Traversable) -> Mapping[str, Mapping[str, UsageKey]]:
    """The rows of a table by type of resource and name. Raises DiagnosticsError (GP705) for one that is none."""
    found: dict[str, dict[str, UsageKey]] = {}
    for _, (type_, key) in read_table(table, COLUMNS, _row):
        found.setdefault(type_, {})[key.name] = key
    return found


def _row(type_: str, key: str, unit: str, says: str) -> tuple[str, UsageKey]:
    return filled(type_), UsageKey(filled(key), filled(unit), filled(says))
