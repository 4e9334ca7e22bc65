"""Everything of the price book that is no machine, as the table says which SKUs it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from groundplan.clouds.gcp.refresh.catalog import Catalog
from groundplan.clouds.gcp.refresh.skus import GLOBAL, Rates, rates_of
from groundplan.clouds.gcp.refresh.table import Place, places
from groundplan.prices.fresh import Answer, FreshPrice, Question, Unmapped, Wanted

SOURCE = "Cloud Billing Catalog"
CALLED = {"europe": "eu"}
"""What the catalog calls places otherwise than buckets do."""
PAIRS = frozenset({"asia1", "eur4", "nam4"})
"""Places of two regions: the catalog has a SKU for each of the two, and none for both."""


def item_question(catalog: Catalog, wanted: Wanted, service: str) -> Question:
    """What the items of one service cost, in all regions."""

    def answer() -> Answer:
        items = Items(wanted, service)
        for sku in catalog.skus(service):
            items.take(sku)
        return items.answer()

    title = f"SKUs of {service} in the Cloud Billing Catalog"
    return Question(title, "", frozenset({"items"}), answer, Items(wanted, service).names)


class Items:
    """Takes the SKUs of a service one after the other, and keeps those that are an item."""

    def __init__(self, wanted: Wanted, service: str) -> None:
        self._wanted = wanted
        self._places = [place for place in places() if place.service == service and place.item in wanted.items]
        self._multi = {place.item for place in self._places if place.multi}
        self._everywhere: dict[tuple[str, bool], list[FreshPrice]] = defaultdict(list)
        self._here: dict[tuple[str, str], list[FreshPrice]] = defaultdict(list)
        self._unmapped: dict[str, str] = {}

    @property
    def names(self) -> frozenset[str]:
        """The items that may be found."""
        return frozenset(place.item for place in self._places)

    def take(self, sku: Any) -> None:
        """Keeps what the SKU says of an item."""
        for place in self._places:
            if place.is_met_by(sku):
                self._keep(place, sku, rates_of(sku, self._wanted.now))

    def answer(self) -> Answer:
        """The prices: of a region's own SKU, where it has one, else of one for all regions."""
        prices = [price for found in self._here.values() for price in found]
        for item in sorted(self.names):
            for region in self._wanted.regions:
                prices += self._global(item, region, multi=False)
            for name, items in self._wanted.places.items():
                if item in items and name not in PAIRS:
                    prices += self._global(item, name, multi=item in self._multi)
        stated = {price.item for price in prices}
        silent = [Unmapped(item, reason) for item, reason in self._unmapped.items() if item not in stated]
        return Answer(tuple(prices), tuple(silent))

    def _global(self, item: str, region: str, *, multi: bool) -> list[FreshPrice]:
        if (item, region) in self._here:
            return []
        return [replace(price, region=region) for price in self._everywhere[item, multi]]

    def _keep(self, place: Place, sku: Any, rates: Rates) -> None:
        reason = _why_not(place, rates)
        if reason:
            self._unmapped[place.item] = reason
            return
        sold = [*self._wanted.places] if place.multi else self._wanted.regions
        for name in sku.service_regions:
            region = CALLED.get(name, name)
            prices = list(_prices(place, sku, rates, region, self._wanted.units[place.item]))
            if region == GLOBAL:
                self._everywhere[place.item, place.multi] += prices
            elif region in sold and (not place.multi or place.item in self._wanted.places[region]):
                self._here[place.item, region] += prices


def _why_not(place: Place, rates: Rates) -> str:
    if not rates.tiers:
        return "its SKU has no price in US dollars"
    if place.units_in(rates.unit) is None:
        return f"the catalog counts it in {rates.unit}, not in {place.units[0]}"
    return "" if rates.paid else "the catalog has it for nothing"


def _prices(place: Place, sku: Any, rates: Rates, region: str, unit: str) -> Iterator[FreshPrice]:
    per = place.units_in(rates.unit)
    assert per is not None, "_why_not"
    for tier in rates.paid:
        start = int(tier.start / per)
        yield FreshPrice(region, place.item, "list", unit, SOURCE, tier.usd * per, tier_from=start, sku=sku.sku_id)
