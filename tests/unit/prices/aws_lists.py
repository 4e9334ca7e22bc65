"""An AWS account that is not there: its price lists, as GetProducts, price files and Savings Plans state them."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from functools import cache
from itertools import count
from typing import Any

import boto3
from botocore.stub import Stubber

from groundplan.clouds.aws.refresh import explain, questions_by
from groundplan.prices.fresh import Fresh, Kind, Wanted
from groundplan.prices.survey import Forgotten, settle, survey
from tests.unit.prices.books import cloud_named

AWS = cloud_named("aws")
REGION = "eu-central-1"
NOW = datetime(2026, 11, 22, tzinfo=UTC)
MACHINES = {
    "regionCode": REGION,
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "marketoption": "OnDemand",
}
PLANS = {
    "savingsPlanTypes": ["EC2Instance"],
    "products": ["EC2"],
    "serviceCodes": ["AmazonEC2"],
    "filters": [
        {"name": "region", "values": [REGION]},
        {"name": "productDescription", "values": ["Linux/UNIX"]},
        {"name": "tenancy", "values": ["shared"]},
    ],
    "maxResults": 1000,
}


NUMBERS = count()


class Account:
    """Clients of an account that is not there: two stubbed, and EC2 too where asked; moto's are the others."""

    def __init__(self, *, ec2: bool = False) -> None:
        names = ("pricing", "savingsplans", *(("ec2",) if ec2 else ()))
        self.clients = {name: boto3.client(name, region_name="us-east-1") for name in names}
        self.stubs = {name: Stubber(client) for name, client in self.clients.items()}
        for stub in self.stubs.values():
            stub.activate()

    def client(self, service: str, region: str) -> Any:
        assert service == "ec2" or region == "us-east-1"
        return self.clients.get(service) or boto3.client(service, region_name=region)

    def file(self, service: str, url: str | None = "https://pricing.us-east-1.amazonaws.com/index.csv") -> None:
        """Has a price file of the service at that address; none where there is no address."""
        arn = f"arn:aws:pricing:::price-list/aws/{service}/USD/20261120000000/{REGION}"
        asked = {"ServiceCode": service, "EffectiveDate": NOW, "RegionCode": REGION, "CurrencyCode": "USD"}
        found = {"PriceListArn": arn, "RegionCode": REGION, "CurrencyCode": "USD", "FileFormats": ["csv", "json"]}
        self.stubs["pricing"].add_response("list_price_lists", {"PriceLists": [found] if url else []}, asked)
        if url:
            located = {"PriceListArn": arn, "FileFormat": "csv"}
            self.stubs["pricing"].add_response("get_price_list_file_url", {"Url": url}, located)

    def products(self, service: str, filters: Mapping[str, str], *pages: list[Any]) -> None:
        expected: dict[str, Any] = {
            "ServiceCode": service,
            "Filters": [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in filters.items()],
            "FormatVersion": "aws_v1",
        }
        family = filters.get("productFamily", "Compute Instance")
        for index, page in enumerate(pages):
            for one in page:
                one["product"].setdefault("productFamily", family)
            answer: dict[str, Any] = {"FormatVersion": "aws_v1", "PriceList": [json.dumps(one) for one in page]}
            if index < len(pages) - 1:
                answer["NextToken"] = f"page{index + 1}"
            token = {"NextToken": f"page{index}"} if index else {}
            self.stubs["pricing"].add_response("get_products", answer, {**expected, **token})

    def rates(self, *rates: Any) -> None:
        self.stubs["savingsplans"].add_response(
            "describe_savings_plans_offering_rates", {"searchResults": list(rates)}, PLANS
        )


@cache
def units() -> dict[str, str]:
    return {item: price.unit for (item, _), price in AWS.prices.items.items()}


def wanted(*items: str, kinds: Collection[Kind] = ("on_demand", "commitments", "items")) -> Wanted:
    """Without spot, which takes moto seconds, unless asked for."""
    return Wanted(AWS.catalog, {item: units()[item] for item in items}, (REGION,), NOW, kinds)


def listed(usd: str, unit: str = "Hrs", start: str = "0", **attributes: str) -> dict[str, Any]:
    """A product of the Price List with one on-demand term, as GetProducts states it."""
    sku = f"SKU{next(NUMBERS):013}"
    term = {
        "priceDimensions": {f"{sku}.JRTCKXETXF.6YS6EN2CT7": dimension(usd, unit, start)},
        "sku": sku,
        "effectiveDate": "2026-11-01T00:00:00Z",
        "offerTermCode": "JRTCKXETXF",
        "termAttributes": {},
    }
    return {
        "product": {"attributes": {"regionCode": REGION, **attributes}, "sku": sku},
        "serviceCode": "AmazonEC2",
        "terms": {"OnDemand": {f"{sku}.JRTCKXETXF": term}},
        "version": "20261120000000",
        "publicationDate": "2026-11-20T00:00:00Z",
    }


def dimensions(product: dict[str, Any]) -> dict[str, Any]:
    """The price dimensions of its on-demand term."""
    (term,) = product["terms"]["OnDemand"].values()
    found: dict[str, Any] = term["priceDimensions"]
    return found


def dimension(usd: str, unit: str, start: str = "0") -> dict[str, Any]:
    return {
        "unit": unit,
        "endRange": "Inf",
        "description": f"${usd} per {unit}",
        "appliesTo": [],
        "beginRange": start,
        "pricePerUnit": {"USD": usd},
    }


def reserved(length: str, payment: str, hourly: str, upfront: str, kind: str = "standard") -> dict[str, Any]:
    dimensions = {"H": dimension(hourly, "Hrs")}
    if payment != "No Upfront":
        dimensions["U"] = dimension(upfront, "Quantity")
    attributes = {"LeaseContractLength": length, "OfferingClass": kind, "PurchaseOption": payment}
    return {"termAttributes": attributes, "priceDimensions": dimensions}


def rate(name: str, usd: str, payment: str, years: int) -> dict[str, Any]:
    offering = {"paymentOption": payment, "planType": "EC2Instance", "durationSeconds": years * 8760 * 3600}
    properties = [{"name": "instanceType", "value": name}, {"name": "region", "value": REGION}]
    return {"savingsPlanOffering": offering, "rate": usd, "unit": "Hrs", "properties": properties}


def read(account: Account, asked: Wanted) -> Fresh:
    answers, refused, unanswered = survey(questions_by(account.client, asked), Forgotten(), at_once=1)
    return settle(answers, asked, explain, refused, unanswered)
