"""AWS: what it offers and what it costs, as tables in this folder."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from groundplan.prices.book import PriceBook

if TYPE_CHECKING:
    from groundplan.catalog.catalog import Catalog


def load_catalog() -> Catalog:
    """Instance types, offers, regions and Kubernetes versions of AWS; tables are read when asked for."""
    from groundplan.catalog.catalog import Catalog

    # a: AMD, g: Graviton, i or none: Intel.
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
    return Catalog(files(__name__), processors="ag")


def load_prices() -> PriceBook:
    """List prices of AWS; tables are read when asked for."""
    return PriceBook(files(__name__) / "prices")
