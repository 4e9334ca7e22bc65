"""Prices as AWS states them today: Price List, spot price history, Savings Plans; reading only.

EC2 machines are Linux on shared tenancy. Commitments are standard Reserved Instances, which the Price List holds, and
EC2 Instance Savings Plans for machines that are not sold as such.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from typing import Any

from groundplan.preflight.model import UnreachableError
from groundplan.prices.book import HOURS_PER_YEAR, Option, Payment
from groundplan.prices.fresh import Fresh, FreshPrice, Refusal, Unmapped, Wanted
from groundplan.quantities import cents, millionths

PRICE_LIST_REGION = "us-east-1"
"""One of the regions in which the Price List and Savings Plans are asked: both know all regions."""
CONNECT_SECONDS, READ_SECONDS, ATTEMPTS = 5, 60, 6
SPOT_DAYS = 7
"""Days of spot prices that make the band."""
SOURCE = "AWS Price List"
SPOT_SOURCE = f"EC2 spot price history of {SPOT_DAYS} days"
PLAN_SOURCE = "EC2 Instance Savings Plans"
PAYMENTS: dict[str, Payment] = {"No Upfront": "none", "Partial Upfront": "partial", "All Upfront": "all"}
UPFRONT_SHARE = {"none": Decimal(0), "partial": Decimal("0.5"), "all": Decimal(1)}
"""How much of a Savings Plan is paid upfront: https://docs.aws.amazon.com/savingsplans/latest/userguide/."""
TERMS: dict[str, Option] = {"1yr": "commit_1y", "3yr": "commit_3y"}
YEARS = {"commit_1y": 1, "commit_3y": 3}

Client = Callable[[str, str], Any]
"""A boto3 client by service and region."""


@dataclass(frozen=True, slots=True)
class ItemQuery:
    """Where the Price List holds an item: its service, product family and usage type without the region's prefix.

    `unit` is what the Price List counts in; one of it costs as much as `units` of the item's own.
    """

    item: str
    service: str
    family: str
    usage: str
    unit: str
    units: int = 1


ITEMS = (
    ItemQuery("cluster.control_plane", "AmazonEKS", "Compute", "AmazonEKS-Hours:perCluster", "Hrs"),
    ItemQuery("disk.general", "AmazonEC2", "Storage", "EBS:VolumeUsage.gp3", "GB-Mo"),
    ItemQuery("disk.general_iops", "AmazonEC2", "System Operation", "EBS:VolumeP-IOPS.gp3", "IOPS-Mo"),
    ItemQuery(
        "disk.general_throughput", "AmazonEC2", "Provisioned Throughput", "EBS:VolumeP-Throughput.gp3", "GiBps-mo", 1024
    ),
    ItemQuery("keys.key", "awskms", "Encryption Key", "KMS-Keys", "Keys"),
    ItemQuery("logs.ingested", "AmazonCloudWatch", "Data Payload", "DataProcessing-Bytes", "GB"),
    ItemQuery("logs.stored", "AmazonCloudWatch", "Storage Snapshot", "TimedStorage-ByteHrs", "GB-Mo"),
    ItemQuery("network.endpoint", "AmazonVPC", "VpcEndpoint", "VpcEndpoint-Hours", "Hrs"),
    ItemQuery("network.endpoint_data", "AmazonVPC", "VpcEndpoint", "VpcEndpoint-Bytes", "GB"),
    ItemQuery("network.nat_data", "AmazonEC2", "NAT Gateway", "NatGateway-Bytes", "GB"),
    ItemQuery("network.nat_gateway", "AmazonEC2", "NAT Gateway", "NatGateway-Hours", "Hrs"),
    ItemQuery("object_store.infrequent", "AmazonS3", "Storage", "TimedStorage-SIA-ByteHrs", "GB-Mo"),
    ItemQuery("object_store.standard", "AmazonS3", "Storage", "TimedStorage-ByteHrs", "GB-Mo"),
    ItemQuery("registry.stored", "AmazonECR", "EC2 Container Registry", "TimedStorage-ByteHrs", "GB-Mo"),
    ItemQuery("secrets.secret", "AWSSecretsManager", "Secret", "AWSSecretsManager-Secrets", "Secrets"),
)
"""Items whose place in the Price List is known; the others stay as the book below has them."""
UNITS = {"Hours": "Hrs", "hours": "Hrs", "hrs": "Hrs", "GB-month": "GB-Mo", "GB-mo": "GB-Mo", "Gigabytes": "GB"}
"""What services of the Price List call the same unit."""
DATABASES = "database.db."
REGION_PREFIX = r"(?:[A-Z]{2,4}\d?-)?"
"""What stands before a usage type outside of us-east-1: `EUC1-`, `EU-`."""


def refresh(wanted: Wanted) -> Fresh:
    """What AWS answers to the default credentials: environment, profile, SSO, web identity or instance role."""
    import boto3
    from botocore.config import Config
    from botocore.exceptions import BotoCoreError

    config = Config(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS,
        retries={"mode": "adaptive", "total_max_attempts": ATTEMPTS},
    )
    try:
        session = boto3.Session()
        credentials = session.get_credentials()
    except BotoCoreError as error:
        raise UnreachableError(f"no AWS credentials can be used: {error}", "correct AWS_PROFILE") from None
    if credentials is None:
        hint = "set AWS_PROFILE, log in with `aws sso login`, or give the runner a role"
        raise UnreachableError("no AWS credentials were found", hint)

    @cache
    def client(service: str, region: str) -> Any:
        return session.client(service, region_name=region, config=config)

    return AwsPrices(client, wanted).read()


class AwsPrices:
    """Asks for everything, one region after the other; what is refused is noted, and the rest is asked all the same."""

    def __init__(self, client: Client, wanted: Wanted) -> None:
        self._client = client
        self._wanted = wanted
        self._refused: list[Refusal] = []

    def read(self) -> Fresh:
        """All prices that AWS states."""
        stated = [price for region in self._wanted.regions for price in self._region(region)]
        prices, doubtful = _one_of_each(stated)
        return Fresh(tuple(prices), (*doubtful, *self._unmapped(prices, doubtful)), tuple(self._refused))

    def _region(self, region: str) -> list[FreshPrice]:
        offered = {machine.name for machine in self._wanted.catalog.offered(region)}
        listed = list(self._machines(region, offered))
        reserved = {price.item for price in listed if price.payment}
        return [
            *listed,
            *self._plans(region, offered - reserved),
            *self._spot(region, offered),
            *self._items(region),
            *self._databases(region),
        ]

    def _machines(self, region: str, offered: set[str]) -> Iterator[FreshPrice]:
        """On demand and Reserved Instances."""
        filters = {
            "regionCode": region,
            "operatingSystem": "Linux",
            "tenancy": "Shared",
            "preInstalledSw": "NA",
            "capacitystatus": "Used",
            "marketoption": "OnDemand",
        }
        for entry in self._products("AmazonEC2", filters):
            name = entry["product"]["attributes"].get("instanceType", "")
            if name in offered:
                yield from _on_demand(entry, region, name)
                yield from _reserved(entry, region, name)

    def _plans(self, region: str, names: set[str]) -> Iterator[FreshPrice]:
        """Savings Plans of what has no Reserved Instance."""
        arguments: dict[str, Any] = {
            "savingsPlanTypes": ["EC2Instance"],
            "products": ["EC2"],
            "serviceCodes": ["AmazonEC2"],
            "filters": [
                {"name": "region", "values": [region]},
                {"name": "productDescription", "values": ["Linux/UNIX"]},
                {"name": "tenancy", "values": ["shared"]},
            ],
            "maxResults": 1000,
        }

        def pages() -> Iterator[Any]:
            plans = self._client("savingsplans", PRICE_LIST_REGION)
            token = ""
            while True:
                page = plans.describe_savings_plans_offering_rates(
                    **arguments, **({"nextToken": token} if token else {})
                )
                yield from page.get("searchResults", ())
                token = page.get("nextToken") or ""
                if not token:
                    return

        for rate in self._ask(
            f"rates of Savings Plans in {region}", "savingsplans:DescribeSavingsPlansOfferingRates", pages
        ):
            price = _plan(rate, region, names)
            if price:
                yield price

    def _spot(self, region: str, offered: set[str]) -> Iterator[FreshPrice]:
        """A band: the lowest and the highest price of any zone, and the mean of what zones ask for last."""
        since = self._wanted.now - timedelta(days=SPOT_DAYS)

        def pages() -> Iterator[Any]:
            paginator = self._client("ec2", region).get_paginator("describe_spot_price_history")
            arguments = {"StartTime": since, "EndTime": self._wanted.now, "ProductDescriptions": ["Linux/UNIX"]}
            for page in paginator.paginate(**arguments):
                yield from page["SpotPriceHistory"]

        seen: dict[str, list[tuple[Any, str, Decimal]]] = defaultdict(list)
        for row in self._ask(f"spot prices in {region}", "ec2:DescribeSpotPriceHistory", pages):
            if row["InstanceType"] in offered:
                seen[row["InstanceType"]].append((row["Timestamp"], row["AvailabilityZone"], Decimal(row["SpotPrice"])))
        for name, rows in seen.items():
            last = {zone: usd for _, zone, usd in sorted(rows)}
            every = [usd for _, _, usd in rows]
            usd = millionths(sum(last.values(), Decimal(0)) / len(last))
            low, high = min(*every, usd), max(*every, usd)
            if low > 0:
                yield FreshPrice(region, name, "spot", "hour", SPOT_SOURCE, usd, low, high)

    def _items(self, region: str) -> Iterator[FreshPrice]:
        wanted = [query for query in ITEMS if query.item in self._wanted.units]
        for service, family in sorted({(query.service, query.family) for query in wanted}):
            queries = [query for query in wanted if (query.service, query.family) == (service, family)]
            for entry in self._products(service, {"regionCode": region, "productFamily": family}):
                usage = entry["product"]["attributes"].get("usagetype", "")
                for query in queries:
                    if re.fullmatch(REGION_PREFIX + re.escape(query.usage), usage):
                        yield from _tiers(entry, region, query, self._wanted.units[query.item])

    def _databases(self, region: str) -> Iterator[FreshPrice]:
        """PostgreSQL by the hour, in one zone and with a standby."""
        if not any(item.startswith(DATABASES) for item in self._wanted.units):
            return
        filters = {"regionCode": region, "productFamily": "Database Instance", "databaseEngine": "PostgreSQL"}
        endings = {"Single-AZ": "", "Multi-AZ": "_ha"}
        for entry in self._products("AmazonRDS", filters):
            attributes = entry["product"]["attributes"]
            ending = endings.get(attributes.get("deploymentOption", ""))
            item = f"database.{attributes.get('instanceType', '')}{ending}"
            if ending is not None and item in self._wanted.units:
                for usd in _hourly(entry):
                    yield FreshPrice(region, item, "list", self._wanted.units[item], SOURCE, usd)

    def _products(self, service: str, filters: Mapping[str, str]) -> Iterator[Any]:
        """Products of the Price List with their terms."""

        def pages() -> Iterator[Any]:
            paginator = self._client("pricing", PRICE_LIST_REGION).get_paginator("get_products")
            wanted = [{"Type": "TERM_MATCH", "Field": field, "Value": value} for field, value in filters.items()]
            for page in paginator.paginate(ServiceCode=service, Filters=wanted, FormatVersion="aws_v1"):
                yield from map(json.loads, page["PriceList"])

        family = filters.get("productFamily", "machines")
        question = f"Price List of {service}, {family} in {filters['regionCode']}"
        yield from self._ask(question, "pricing:GetProducts", pages)

    def _ask(self, question: str, action: str, pages: Callable[[], Iterable[Any]]) -> Iterator[Any]:
        """What the pages hold, as far as they come."""
        from botocore.exceptions import BotoCoreError, ClientError

        try:
            yield from pages()
        except ClientError as error:
            code = error.response["Error"]["Code"]
            throttled = "Throttl" in code or code in ("RequestLimitExceeded", "TooManyRequestsException")
            hint = "retry later, or with fewer regions" if throttled else f"allow the caller {action}"
            self._refused.append(Refusal(question, f"{code}: {error.response['Error'].get('Message', '')}", hint))
        except BotoCoreError as error:
            hint = "check credentials and access to the AWS endpoints: proxy, DNS, firewall"
            self._refused.append(Refusal(question, str(error), hint))

    def _unmapped(self, prices: Iterable[FreshPrice], doubtful: Iterable[Unmapped]) -> Iterator[Unmapped]:
        """Machines of a region and items without a price, as far as nothing was said of them."""
        listed = {(price.region, price.item) for price in prices if price.option in ("on_demand", "list")}
        listed |= {(one.region, one.item) for one in doubtful}
        for region in self._wanted.regions:
            for machine in self._wanted.catalog.offered(region):
                if (region, machine.name) not in listed:
                    yield Unmapped(machine.name, "the Price List has no on-demand price of it", region)
        found = {item for _, item in listed}
        known = {query.item for query in ITEMS}
        for item in self._wanted.units:
            if item not in found:
                asked = item in known or item.startswith(DATABASES)
                reason = "the Price List has no such price" if asked else "its place in the Price List is not known"
                yield Unmapped(item, reason)


def _one_of_each(prices: Iterable[FreshPrice]) -> tuple[list[FreshPrice], list[Unmapped]]:
    """Every price once; of what several products state differently none, rather than a wrong one."""
    found: dict[tuple[str, str, str, str | None], dict[int, FreshPrice]] = defaultdict(dict)
    doubtful: dict[tuple[str, str, str, str | None], Unmapped] = {}
    for price in prices:
        key = (price.region, price.item, price.option, price.payment)
        if found[key].setdefault(price.tier_from, price) != price:
            reason = f"several products state different {price.option} prices"
            doubtful[key] = Unmapped(price.item, reason, price.region)
    kept = [price for key, tiers in found.items() if key not in doubtful for price in tiers.values()]
    return kept, list(doubtful.values())


def _on_demand(entry: Any, region: str, name: str) -> Iterator[FreshPrice]:
    for usd in _hourly(entry):
        yield FreshPrice(region, name, "on_demand", "hour", SOURCE, usd)
        return


def _hourly(entry: Any) -> Iterator[Decimal]:
    """Prices of an hour above zero, of the first on-demand term that has one."""
    for term in entry["terms"].get("OnDemand", {}).values():
        for dimension in term["priceDimensions"].values():
            usd = Decimal(dimension["pricePerUnit"].get("USD", "0"))
            if UNITS.get(dimension["unit"], dimension["unit"]) == "Hrs" and usd > 0:
                yield usd
                return


def _reserved(entry: Any, region: str, name: str) -> Iterator[FreshPrice]:
    seen = set()
    for term in entry["terms"].get("Reserved", {}).values():
        attributes = term["termAttributes"]
        option = TERMS.get(attributes.get("LeaseContractLength", ""))
        payment = PAYMENTS.get(attributes.get("PurchaseOption", ""))
        if attributes.get("OfferingClass") != "standard" or option is None or payment is None:
            continue
        hourly = upfront = Decimal(0)
        for dimension in term["priceDimensions"].values():
            usd = Decimal(dimension["pricePerUnit"].get("USD", "0"))
            if UNITS.get(dimension["unit"], dimension["unit"]) == "Hrs":
                hourly = usd
            else:
                upfront = usd
        if (option, payment) not in seen and _is(payment, hourly, upfront):
            seen.add((option, payment))
            source = f"{SOURCE}, standard Reserved Instance"
            yield FreshPrice(region, name, option, "hour", source, hourly, payment=payment, upfront_usd=upfront)


def _is(payment: Payment, hourly: Decimal, upfront: Decimal) -> bool:
    """Whether the amounts are those of the payment; a term without them is no offer."""
    return (hourly > 0, upfront > 0) == (payment != "all", payment != "none")


def _plan(rate: Any, region: str, names: set[str]) -> FreshPrice | None:
    offering = rate["savingsPlanOffering"]
    properties = {one["name"]: one["value"] for one in rate.get("properties", ())}
    payment = PAYMENTS.get(offering["paymentOption"])
    years = round(offering["durationSeconds"] / 3600 / HOURS_PER_YEAR)
    option = next((name for name, number in YEARS.items() if number == years), None)
    name, usd = properties.get("instanceType", ""), Decimal(rate["rate"])
    if name not in names or payment is None or option is None or rate["unit"] != "Hrs" or usd <= 0:
        return None
    upfront = usd * UPFRONT_SHARE[payment]
    term: Option = "commit_1y" if option == "commit_1y" else "commit_3y"
    paid = cents(upfront * HOURS_PER_YEAR * years)
    return FreshPrice(region, name, term, "hour", PLAN_SOURCE, usd - upfront, payment=payment, upfront_usd=paid)


def _tiers(entry: Any, region: str, query: ItemQuery, unit: str) -> Iterator[FreshPrice]:
    """The tiers of an item. No price here counts free tiers: where the first tier is free, the next begins at 0."""
    for term in entry["terms"].get("OnDemand", {}).values():
        steps = sorted(
            (int(Decimal(dimension["beginRange"])), Decimal(dimension["pricePerUnit"].get("USD", "0")))
            for dimension in term["priceDimensions"].values()
            if UNITS.get(dimension["unit"], dimension["unit"]) == query.unit
        )
        paid = [(start, usd / query.units) for start, usd in steps if usd > 0]
        for index, (start, usd) in enumerate(paid):
            tier = start * query.units if index else 0
            yield FreshPrice(region, query.item, "list", unit, SOURCE, usd, tier_from=tier)
        return
