"""Machines on demand and as Reserved Instances."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from groundplan.clouds.aws.refresh.clients import Client
from groundplan.clouds.aws.refresh.products import Product, hourly, products
from groundplan.prices.book import Option, Payment
from groundplan.prices.fresh import Answer, FreshPrice, Kind, Question, Wanted

SOURCE = "AWS Price List"
PAYMENTS: dict[str, Payment] = {"No Upfront": "none", "Partial Upfront": "partial", "All Upfront": "all"}
TERMS: dict[str, Option] = {"1yr": "commit_1y", "3yr": "commit_3y"}
MACHINES = {
    "operatingSystem": "Linux",
    "tenancy": "Shared",
    "preInstalledSw": "NA",
    "capacitystatus": "Used",
    "marketoption": "OnDemand",
}
"""Attributes of what is meant by a machine's price."""


def machine_questions(client: Client, wanted: Wanted, region: str) -> list[Question]:
    """What one region's machines cost on demand and committed to; a single type is asked for by its name."""
    kinds: frozenset[Kind] = frozenset(kind for kind in wanted.kinds if kind in ("on_demand", "commitments"))
    names = {machine.name for machine in wanted.machines(region)}
    if not kinds or not names:
        return []
    filters = {"regionCode": region, **MACHINES}
    if len(names) == 1:
        filters["instanceType"] = next(iter(names))

    def ask() -> Answer:
        prices = (
            price
            for product in products(client, "AmazonEC2", filters)
            for price in _prices(product, region, names, wanted)
            if price.kind in kinds
        )
        return Answer(tuple(prices))

    return [Question(f"Price List of AmazonEC2, machines in {region}", region, kinds, ask)]


def _prices(product: Product, region: str, names: set[str], wanted: Wanted) -> Iterator[FreshPrice]:
    name = product.attributes.get("instanceType", "")
    if name not in names:
        return
    usd = hourly(product.rates(wanted.now))
    if usd is not None:
        yield FreshPrice(region, name, "on_demand", "hour", SOURCE, usd, sku=product.sku)
    yield from _reserved(product, region, name)


def _reserved(product: Product, region: str, name: str) -> Iterator[FreshPrice]:
    for term in product.reserved:
        option = TERMS.get(term.attributes.get("LeaseContractLength", ""))
        payment = PAYMENTS.get(term.attributes.get("PurchaseOption", ""))
        if term.attributes.get("OfferingClass") != "standard" or option is None or payment is None:
            continue
        by_hour = upfront = Decimal(0)
        for rate in term.rates:
            if rate.unit.lower() in ("hrs", "hours"):
                by_hour = rate.usd or Decimal(0)
            else:
                upfront = rate.usd or Decimal(0)
        if _is(payment, by_hour, upfront):
            source = f"{SOURCE}, standard Reserved Instance"
            yield FreshPrice(
                region, name, option, "hour", source, by_hour, payment=payment, upfront_usd=upfront, sku=product.sku
            )


def _is(payment: Payment, by_hour: Decimal, upfront: Decimal) -> bool:
    """Whether the amounts are those of the payment; a term without them is no offer."""
    return (by_hour > 0, upfront > 0) == (payment != "all", payment != "none")
