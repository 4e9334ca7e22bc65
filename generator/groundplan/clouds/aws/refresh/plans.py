"""EC2 Instance Savings Plans, for machines without Reserved Instances."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from groundplan.clouds.aws.refresh.clients import PRICE_LIST_REGION, Client, ask
from groundplan.clouds.aws.refresh.machines import PAYMENTS
from groundplan.prices.book import HOURS_PER_YEAR, Option
from groundplan.prices.fresh import Answer, FreshPrice, Question, Wanted
from groundplan.quantities import cents

SOURCE = "EC2 Instance Savings Plans"
RANK = 1
"""A Reserved Instance, where there is one, counts."""
UPFRONT_SHARE = {"none": Decimal(0), "partial": Decimal("0.5"), "all": Decimal(1)}
"""How much of a Savings Plan is paid upfront: https://docs.aws.amazon.com/savingsplans/latest/userguide/."""
OPTIONS: dict[int, Option] = {1: "commit_1y", 3: "commit_3y"}


def plan_questions(client: Client, wanted: Wanted, region: str) -> list[Question]:
    """The rates of the Savings Plans of one region."""
    names = {machine.name for machine in wanted.machines(region)}
    if "commitments" not in wanted.kinds or not names:
        return []

    def answer() -> Answer:
        rates = ask("savingsplans:DescribeSavingsPlansOfferingRates", lambda: _rates(client, region))
        return Answer(tuple(price for rate in rates if (price := plan_price(rate, region, names))))

    return [Question(f"rates of Savings Plans in {region}", region, frozenset({"commitments"}), answer)]


def _rates(client: Client, region: str) -> Iterator[Any]:
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
    plans = client("savingsplans", PRICE_LIST_REGION)
    token = ""
    while True:
        page = plans.describe_savings_plans_offering_rates(**arguments, **({"nextToken": token} if token else {}))
        yield from page.get("searchResults", ())
        token = page.get("nextToken") or ""
        if not token:
            return


def plan_price(rate: Any, region: str, names: set[str]) -> FreshPrice | None:
    """The price of a rate; None of what is none of the machines, or not the use of one (`UnusedBox`)."""
    offering = rate["savingsPlanOffering"]
    properties = {one["name"]: one["value"] for one in rate.get("properties", ())}
    payment = PAYMENTS.get(offering["paymentOption"])
    years = round(offering["durationSeconds"] / 3600 / HOURS_PER_YEAR)
    name, usd = properties.get("instanceType", ""), Decimal(rate["rate"])
    if offering.get("currency", "USD") != "USD" or "BoxUsage:" not in rate.get("usageType", "BoxUsage:"):
        return None
    if name not in names or payment is None or years not in OPTIONS or rate["unit"] != "Hrs" or usd <= 0:
        return None
    upfront = usd * UPFRONT_SHARE[payment]
    paid = cents(upfront * HOURS_PER_YEAR * years)
    return FreshPrice(
        region,
        name,
        OPTIONS[years],
        "hour",
        SOURCE,
        usd - upfront,
        payment=payment,
        upfront_usd=paid,
        sku=rate.get("usageType", ""),
        rank=RANK,
    )
