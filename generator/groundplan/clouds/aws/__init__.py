"""AWS: what it offers and what it costs, as tables in this folder."""

from __future__ import annotations

from importlib.resources import files

from groundplan.catalog.catalog import Catalog
from groundplan.prices.book import PriceBook


def load_catalog() -> Catalog:
    """Instance types, offers, regions and Kubernetes versions of AWS; tables are read when asked for."""
    # a: AMD, g: Graviton, i or none: Intel.
    # https://docs.aws.amazon.com/ec2/latest/instancetypes/instance-type-names.html
    return Catalog(files(__name__), processors="ag")


def load_prices() -> PriceBook:
    """List prices of AWS; tables are read when asked for."""
    return PriceBook(files(__name__) / "prices")
