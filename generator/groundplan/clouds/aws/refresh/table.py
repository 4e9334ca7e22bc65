"""Where AWS's price list has each item of the price book: `items.csv`; what it does not have: `unmapped.csv`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from fnmatch import fnmatchcase
from functools import cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Literal, cast

from groundplan.catalog.tables import amount, filled, one_of, read_table
from groundplan.clouds.aws.refresh.products import Product

COLUMNS = ("item", "service", "family", "usage", "where", "unit", "per", "part", "read")
REASONS = ("item", "reason")
ATTRIBUTE = re.compile(r"\{(\w+)\}")
CLASS = "*.*.*"
"""What stands for an attribute is a class of a service, such as `db.m6g.large`."""
Read = Literal["products", "file"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where the price list has an item."""

    item: str
    """Its name, in which `{attribute}` stands for an attribute of the product."""
    service: str
    family: str
    """Product family; empty: whatever."""
    usage: str
    """Pattern of the usage type, without the region's prefix."""
    where: Mapping[str, tuple[str, ...]]
    """What attributes have to be: one of these values."""
    units: tuple[str, ...]
    """What it may be counted in, in lower case."""
    per: Decimal
    """How many of the item's own units such a unit is."""
    part: str
    """What it is part of the item's price as, `from N` a tier; empty: all of it."""
    read: Read
    """Whether it is asked for, or found in the service's price file: that of many products, or of what is not found by
    its region."""

    def item_of(self, product: Product) -> str | None:
        """The item that a product is; None for another one."""
        if self.family not in ("", product.family) or not product.is_used_as(self.usage):
            return None
        if any(product.attributes.get(name, "") not in values for name, values in self.where.items()):
            return None
        return ATTRIBUTE.sub(lambda found: product.attributes.get(found[1], ""), self.item)

    def fits(self, item: str) -> bool:
        """Whether the item is found here."""
        return fnmatchcase(item, ATTRIBUTE.sub(CLASS, self.item))


@cache
def places() -> tuple[Place, ...]:
    """All of them."""
    return tuple(place for _, place in read_table(_folder() / "items.csv", COLUMNS, _place))


@cache
def reasons() -> Mapping[str, str]:
    """Why an item, or items of a pattern, cannot be asked for."""
    return dict(row for _, row in read_table(_folder() / "unmapped.csv", REASONS, lambda item, reason: (item, reason)))


def reason_for(item: str) -> str | None:
    """Why an item cannot be asked for; None where it can."""
    if any(place.fits(item) for place in places()):
        return None
    return next((reason for name, reason in reasons().items() if fnmatchcase(item, name)), "its place is not known")


def _folder() -> Traversable:
    return files("groundplan.clouds.aws.refresh")


def _place(*cells: str) -> Place:
    item, service, family, usage, where, unit, per, part, read = cells
    re.compile(usage)
    return Place(
        filled(item),
        filled(service),
        family,
        filled(usage),
        {name: tuple(values.split("|")) for name, _, values in _pairs(where)},
        tuple(filled(unit).split("|")),
        amount(per),
        part,
        cast(Read, one_of(read, ("products", "file"))),
    )


def _pairs(text: str) -> list[tuple[str, str, str]]:
    return [pair.partition("=") for pair in text.split(";")] if text else []
