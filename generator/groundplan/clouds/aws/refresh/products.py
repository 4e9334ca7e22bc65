"""Products of the Price List: from the answers of GetProducts and from the files of its bulk API."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from groundplan.clouds.aws.refresh.clients import PRICE_LIST_REGION, Client, ask

REGION_PREFIX = r"(?:[A-Z]{2,3}\d-|EU-|[a-z]{2}(?:-[a-z]+)+-\d-)?"
"""What stands before a usage type: nothing or `USE1-` in us-east-1, `EUC1-` or `EU-` elsewhere, `eu-central-1-` of
KMS. `TS-`, traffic shaping of load balancers, is none."""


@dataclass(frozen=True, slots=True)
class Rate:
    """What a unit costs from a quantity on; None: not stated in US dollars."""

    unit: str
    begin: Decimal
    usd: Decimal | None


@dataclass(frozen=True, slots=True)
class Term:
    """Conditions under which a product is sold, in force since `effective`."""

    effective: str
    attributes: Mapping[str, str]
    rates: tuple[Rate, ...]


@dataclass(frozen=True, slots=True)
class Product:
    """One product in one region."""

    sku: str
    family: str
    attributes: Mapping[str, str]
    on_demand: tuple[Term, ...] = ()
    reserved: tuple[Term, ...] = ()

    @property
    def usage(self) -> str:
        """Its usage type, with the region's prefix."""
        return self.attributes.get("usagetype", "")

    def is_used_as(self, pattern: str) -> bool:
        """Whether its usage type without the region's prefix is of that pattern."""
        return re.fullmatch(f"{REGION_PREFIX}(?:{pattern})", self.usage) is not None

    def rates(self, now: datetime) -> tuple[Rate, ...]:
        """The rates on demand that are in force."""
        day = f"{now:%Y-%m-%dT%H:%M:%SZ}"
        valid = [term for term in self.on_demand if term.effective <= day]
        return max(valid, key=lambda term: term.effective).rates if valid else ()


def products(client: Client, service: str, filters: Mapping[str, str]) -> Iterator[Product]:
    """Those of a service that have these attributes, page by page."""

    def pages() -> Iterator[str]:
        paginator = client("pricing", PRICE_LIST_REGION).get_paginator("get_products")
        wanted = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in filters.items()]
        for page in paginator.paginate(ServiceCode=service, Filters=wanted, FormatVersion="aws_v1"):
            yield from page["PriceList"]

    yield from (product_of(json.loads(text)) for text in ask("pricing:GetProducts", pages))


def product_of(entry: Any) -> Product:
    """A product as GetProducts states it."""
    said, terms = entry["product"], entry.get("terms", {})
    return Product(
        said.get("sku", ""),
        said.get("productFamily", ""),
        said.get("attributes", {}),
        _terms(terms.get("OnDemand", {})),
        _terms(terms.get("Reserved", {})),
    )


def _terms(terms: Mapping[str, Any]) -> tuple[Term, ...]:
    return tuple(
        Term(
            term.get("effectiveDate", ""),
            term.get("termAttributes", {}),
            tuple(map(_rate, term.get("priceDimensions", {}).values())),
        )
        for term in terms.values()
    )


def _rate(dimension: Mapping[str, Any]) -> Rate:
    return rate_of(dimension.get("unit", ""), dimension.get("beginRange", "0"), dimension.get("pricePerUnit", {}))


def rate_of(unit: str, begin: str, amounts: Mapping[str, str]) -> Rate:
    """A rate from its cells; an amount that is no number is not stated."""
    return Rate(unit, _number(begin) or Decimal(0), _number(amounts.get("USD", "")))


def _number(text: str) -> Decimal | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def hourly(rates: Sequence[Rate]) -> Decimal | None:
    """The price of an hour; None where there is none above zero."""
    found = (rate.usd for rate in rates if rate.unit.lower() in ("hrs", "hours"))
    return next((usd for usd in found if usd is not None and usd > 0), None)
