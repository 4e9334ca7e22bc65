"""GCP: what it offers and what it costs, as tables in this folder."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

from groundplan.prices.book import PriceBook

if TYPE_CHECKING:
    from groundplan.catalog.catalog import Catalog


def load_catalog() -> Catalog:
    """Machine types, offers, regions and Kubernetes versions of GCP; tables are read when asked for."""
    from groundplan.catalog.catalog import Catalog

    # a: Arm, d: AMD, none: Intel. https://docs.cloud.google.com/compute/docs/machine-resource#terminology
    return Catalog(files(__name__), processors="ad")


def load_prices() -> PriceBook:
    """List prices of GCP; tables are read when asked for."""
    return PriceBook(files(__name__) / "prices")
