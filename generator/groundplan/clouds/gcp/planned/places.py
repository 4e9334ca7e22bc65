"""Where a resource of Google Cloud is."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from groundplan.clouds.planned import Planned

REGION = (
    r"(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-(?:north|south|east|west|central)+[0-9]{1,2}"
)
WHOLE = re.compile(r"[0-9]{1,9}", re.ASCII)
ZONE = re.compile(r"([a-z]+-[a-z]+[0-9]+)-[a-z]")


def last(path: str) -> str:
    """The name at the end of a path, such as that of a machine type in a URL."""
    return path.rpartition("/")[2]


def whole(r: Planned, *keys: str) -> Decimal | None:
    """The number at the place, which some resources write as a text."""
    found = r.number(*keys)
    return Decimal(text) if found is None and WHOLE.fullmatch(text := r.text(*keys)) else found


def is_zone(location: str) -> bool:
    """Whether the location is a zone, not a region."""
    return ZONE.fullmatch(last(location)) is not None


def region_of(values: Mapping[str, Any]) -> str:
    """Its own region, or that of its zone or location."""
    for key in ("region", "zone", "location"):
        if isinstance(place := values.get(key), str) and place:
            name = last(place).lower()
            return found[1] if (found := ZONE.fullmatch(name)) else name
    return ""


def block_of(r: Planned, name: str) -> Planned:
    """The first block of the name, an empty one where there is none."""
    return next(iter(r.blocks(name)), None) or replace(r, values={}, within=(*r.within, name))
