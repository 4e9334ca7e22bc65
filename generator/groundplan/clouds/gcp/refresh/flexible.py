"""Flexible commitments: an amount of money a hour for a term, for which cores and memory of most families are cheaper.

The Pricing API states what a SKU costs by consumption model:
https://docs.cloud.google.com/billing/docs/reference/pricing-api/rest/v2beta/skus.prices/list
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any, TypeAlias

from groundplan.clouds.gcp.refresh.catalog import PAGE_SIZE, TIMEOUT_SECONDS, Catalog, asked, retries
from groundplan.clouds.gcp.refresh.compute import COMPUTE_ENGINE, MEASURES, Parts, machine_prices, without_price
from groundplan.clouds.gcp.refresh.parts import Key, part_of
from groundplan.clouds.gcp.refresh.units import factor
from groundplan.prices.book import Option
from groundplan.prices.fresh import Answer, Question, RefusedError, Wanted

URL = "https://cloudbilling.googleapis.com/v2beta/skus/-/prices"
MODELS: Mapping[str, Option] = {
    "consumptionModels/D97B-0795-975B": "commit_1y",
    "consumptionModels/70D7-D1AB-12A4": "commit_3y",
}
"""Compute Flexible CUD of one year and of three: https://cloud.google.com/run/pricing names the models."""
SOURCE = "Pricing API, Compute Flexible CUD"
RANK = 1
"""A commitment to the resources of a machine, where there is one, counts."""
MOST_PAGES = 500
"""Ten times what all SKUs of Google Cloud fill."""

Pages: TypeAlias = Callable[[], Iterator[Mapping[str, Any]]]
"""The prices of all SKUs, page by page."""


def pages_of(credentials: Any) -> Pages:
    """Pages of the Pricing API, asked for with these credentials."""
    from google.api_core import exceptions
    from google.auth.transport.requests import AuthorizedSession

    def page(session: Any, token: str) -> Mapping[str, Any]:
        arguments = {"currencyCode": "USD", "pageSize": PAGE_SIZE, **({"pageToken": token} if token else {})}
        response = session.get(URL, params=arguments, timeout=TIMEOUT_SECONDS)
        if response.status_code != 200:
            raise exceptions.from_http_response(response)  # type: ignore[no-untyped-call]
        found: Mapping[str, Any] = response.json()
        return found

    def pages() -> Iterator[Mapping[str, Any]]:
        session = AuthorizedSession(credentials)  # type: ignore[no-untyped-call]
        token = ""
        for _ in range(MOST_PAGES):
            found = retries()(page)(session, token)
            yield found
            token = found.get("nextPageToken", "")
            if not token:
                return
        raise RefusedError("the list of prices does not end", "retry later", passing=True)

    return pages


def flexible_question(catalog: Catalog, pages: Pages, wanted: Wanted) -> list[Question]:
    """What machines cost in a flexible commitment, in all regions."""
    if "commitments" not in wanted.kinds or not any(wanted.machines(region) for region in wanted.regions):
        return []

    def answer() -> Answer:
        keys = _keys(catalog, wanted)
        parts: Parts = defaultdict(dict)
        for page in asked(pages):
            for price in page.get("prices", ()):
                _take(price, keys, parts)
        prices = (price for price in machine_prices(parts, wanted) if price.kind == "commitments")
        several = tuple(one for one in without_price(parts, wanted) if one.ambiguous)
        return Answer(tuple(replace(price, source=SOURCE, rank=RANK) for price in prices), several)

    return [Question("flexible commitments in the Pricing API", "", frozenset({"commitments"}), answer)]


def _keys(catalog: Catalog, wanted: Wanted) -> dict[str, tuple[Key, list[str]]]:
    """The part of a machine that a SKU is on demand, and in which regions, by the id of the SKU."""
    found: dict[str, tuple[Key, list[str]]] = {}
    for sku in catalog.skus(COMPUTE_ENGINE):
        key = part_of(sku.description, "on_demand") if sku.category.usage_type == "OnDemand" else None
        regions = [region for region in sku.service_regions if region in wanted.regions]
        if key and regions:
            found[sku.sku_id] = key, regions
    return found


def _take(price: Mapping[str, Any], keys: Mapping[str, tuple[Key, list[str]]], parts: Parts) -> None:
    sku = price.get("name", "").split("/")[1:2]
    if not sku or sku[0] not in keys:
        return
    key, regions = keys[sku[0]]
    for stated in price.get("skuPrices", ()):
        option = MODELS.get(stated.get("consumptionModel", ""))
        usd = _an_hour(stated.get("rate", {}), MEASURES[key[0]])
        for region in regions if option and usd else ():
            assert option is not None, "the line before"
            assert usd is not None, "the line before"
            parts[region, option, key].setdefault(usd, sku[0])


def _an_hour(rate: Mapping[str, Any], measure: str) -> Decimal | None:
    """The price of an hour of a part; None where there is none in dollars above zero."""
    unit = rate.get("unitInfo", {})
    tiers = rate.get("tiers", ())
    per = factor(unit.get("unit", ""), measure)
    money = tiers[-1].get("listPrice", {}) if tiers else {}
    if per is None or money.get("currencyCode") != "USD":
        return None
    try:
        quantity = Decimal(str(unit.get("unitQuantity", {}).get("value", "1")))
        usd = Decimal(str(money.get("units", 0))) + Decimal(str(money.get("nanos", 0))) / 1_000_000_000
        return usd * per / quantity if usd > 0 and quantity > 0 else None
    except InvalidOperation:
        return None
