"""Which SKU each item of the price book is: `items.csv`; what is none that is known: `unmapped.csv`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Any

from groundplan.catalog.tables import amount, filled, one_of, read_table
from groundplan.clouds.gcp.refresh.units import factor

COLUMNS = ("item", "service", "group", "description", "unit", "per", "where")
REASONS = ("item", "reason")


@dataclass(frozen=True, slots=True)
class Place:
    """Which SKUs an item is."""

    item: str
    service: str
    """The display name of the service."""
    group: str
    """Resource group of the SKU; empty: whatever."""
    description: re.Pattern[str]
    units: tuple[str, ...]
    """What the catalog may count it in; other units of the same measure are converted."""
    per: Decimal
    """How many of such a unit one of the item's own is."""
    multi: bool
    """Whether it is of several regions at once, such as `us`, and of no single one."""

    def is_met_by(self, sku: Any) -> bool:
        """Whether the SKU is the item, on demand."""
        category = sku.category
        if category.usage_type != "OnDemand" or self.group not in ("", category.resource_group):
            return False
        return self.description.fullmatch(sku.description) is not None

    def units_in(self, unit: str) -> Decimal | None:
        """How many of the catalog's unit one of the item's own is; None where they measure other things."""
        found = (factor(unit, own) for own in self.units)
        return next((count * self.per for count in found if count is not None), None)


@cache
def places() -> tuple[Place, ...]:
    """All of them; several for an item that is called differently from region to region."""
    return tuple(place for _, place in read_table(_folder() / "items.csv", COLUMNS, _place))


@cache
def reasons() -> Mapping[str, str]:
    """Why an item cannot be asked for."""
    return dict(row for _, row in read_table(_folder() / "unmapped.csv", REASONS, lambda item, reason: (item, reason)))


def reason_for(item: str) -> str | None:
    """Why an item cannot be asked for; None where it can."""
    if any(place.item == item for place in places()):
        return None
    return reasons().get(item, "its SKU is not known")


def _folder() -> Traversable:
    return files("groundplan.clouds.gcp.refresh")


def _place(*cells: str) -> Place:
    item, service, group, description, unit, per, where = cells
    pattern = re.compile(filled(description))
    units, multi = tuple(filled(unit).split("|")), one_of(where, ("region", "multi")) == "multi"
    return Place(filled(item), filled(service), group, pattern, units, amount(per), multi)
