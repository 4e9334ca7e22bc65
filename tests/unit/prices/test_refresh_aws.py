"""What AWS answers becomes a price book: the Price List and Savings Plans by stubs, spot prices by moto."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from groundplan.app.books import with_books
from groundplan.diagnostics import Severity
from groundplan.prices.csv_book import read_csv
from groundplan.prices.fresh import Fresh, FreshPrice
from groundplan.prices.refresh import refusals, write_book
from tests.unit.prices.aws_lists import (
    AWS,
    MACHINES,
    NOW,
    REGION,
    Account,
    dimension,
    dimensions,
    listed,
    rate,
    read,
    reserved,
    wanted,
)

pytestmark = pytest.mark.slow


@pytest.fixture
def account(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "testing")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "testing")
    with mock_aws():
        made = Account()
        yield made
        for stub in made.stubs.values():
            stub.assert_no_pending_responses()


def of(fresh: Fresh, item: str) -> list[FreshPrice]:
    return [price for price in fresh.prices if price.item == item]


def test_machines_of_several_pages_with_reserved_instances(account: Account) -> None:
    m6a = listed("0.2304", instanceType="m6a.xlarge")
    m6a["terms"]["Reserved"] = {
        "a": reserved("1yr", "No Upfront", "0.1523", "0"),
        "b": reserved("1yr", "Partial Upfront", "0.0725", "635"),
        "c": reserved("3yr", "All Upfront", "0", "2500"),
        "d": reserved("1yr", "No Upfront", "0.17", "0", kind="convertible"),
    }
    account.products(
        "AmazonEC2", MACHINES, [m6a], [listed("1.006", instanceType="g6.xlarge"), listed("9", instanceType="zz.large")]
    )
    account.rates()
    fresh = read(account, wanted())
    assert {(p.option, p.payment, p.usd, p.upfront_usd) for p in of(fresh, "m6a.xlarge") if p.option != "spot"} == {
        ("on_demand", None, Decimal("0.2304"), Decimal(0)),
        ("commit_1y", "none", Decimal("0.1523"), Decimal(0)),
        ("commit_1y", "partial", Decimal("0.0725"), Decimal(635)),
        ("commit_3y", "all", Decimal(0), Decimal(2500)),
    }
    assert [p.usd for p in of(fresh, "g6.xlarge") if p.option == "on_demand"] == [Decimal("1.006")]
    assert not of(fresh, "zz.large")
    assert ("g6.2xlarge", REGION) in {(one.item, one.region) for one in fresh.unmapped}
    assert fresh.refused == ()


def test_savings_plans_fill_what_has_no_reserved_instance(account: Account) -> None:
    m6a = listed("0.2304", instanceType="m6a.xlarge")
    m6a["terms"]["Reserved"] = {"a": reserved("1yr", "No Upfront", "0.1523", "0")}
    account.products("AmazonEC2", MACHINES, [m6a, listed("1.006", instanceType="g6.xlarge")])
    account.rates(
        rate("m6a.xlarge", "0.1", "No Upfront", 1),
        rate("g6.xlarge", "0.7", "No Upfront", 1),
        rate("g6.xlarge", "0.6", "Partial Upfront", 1),
        rate("g6.xlarge", "0.4", "All Upfront", 3),
    )
    fresh = read(account, wanted())
    plans = [p for p in of(fresh, "g6.xlarge") if p.payment]
    assert [(p.option, p.payment, p.usd, p.upfront_usd) for p in plans] == [
        ("commit_1y", "none", Decimal("0.7"), Decimal(0)),
        ("commit_1y", "partial", Decimal("0.3"), Decimal("2628.00")),
        ("commit_3y", "all", Decimal(0), Decimal("10512.00")),
    ]
    assert {p.source for p in plans} == {"EC2 Instance Savings Plans"}
    assert [p.usd for p in of(fresh, "m6a.xlarge") if p.payment] == [Decimal("0.1523")]


def test_spot_prices_are_a_band(account: Account) -> None:
    spot = read(account, wanted(kinds=("spot",))).prices
    assert {price.option for price in spot} == {"spot"}
    assert len(spot) > 100
    assert {price.item for price in spot} <= {machine.name for machine in AWS.catalog.offered(REGION)}
    assert all(p.usd_low and p.usd_high and 0 < p.usd_low <= p.usd <= p.usd_high for p in spot)


def test_items_and_their_tiers(account: Account) -> None:
    account.products("AmazonEC2", MACHINES, [listed("1.006", instanceType="g6.xlarge")])
    account.rates()
    account.products(
        "AmazonEC2",
        {"regionCode": REGION, "productFamily": "NAT Gateway"},
        [
            listed("0.052", usagetype="EUC1-NatGateway-Hours"),
            listed("0.05", unit="GB", usagetype="EUC1-NatGateway-Bytes"),
            listed("7", usagetype="EUC1-NatGateway-Prvd-Hours"),
        ],
    )
    account.products(
        "AmazonEC2",
        {"regionCode": REGION, "productFamily": "Provisioned Throughput"},
        [listed("48.7424", unit="GiBps-mo", usagetype="EUC1-EBS:VolumeP-Throughput.gp3")],
    )
    standard = listed("0.0245", unit="GB-Mo", usagetype="EUC1-TimedStorage-ByteHrs")
    dimensions(standard)["second"] = dimension("0.0235", "GB-Mo", "51200")
    dimensions(standard)["free"] = dimension("0.0", "GB-Mo", "0")
    account.products("AmazonS3", {"regionCode": REGION, "productFamily": "Storage"}, [standard])
    items = ("network.nat_gateway", "disk.general_throughput", "object_store.standard", "egress.region")
    fresh = read(account, wanted(*items))
    found = [(p.item, p.unit, p.usd, p.tier_from) for p in fresh.prices if p.option == "list"]
    assert found == [
        ("network.nat_gateway", "hour", Decimal("0.052"), 0),
        ("disk.general_throughput", "mibps_month", Decimal("0.0476"), 0),
        ("object_store.standard", "gib_month", Decimal("0.0245"), 0),
        ("object_store.standard", "gib_month", Decimal("0.0235"), 51200),
    ]
    assert ("egress.region", "each pair of regions has a price of its own") in {
        (one.item, one.reason) for one in fresh.unmapped
    }


def test_what_is_stated_twice(account: Account) -> None:
    same, other = listed("1.006", instanceType="g6.xlarge"), listed("2.1", instanceType="g6.2xlarge")
    account.products("AmazonEC2", MACHINES, [same, same, other, listed("2.2", instanceType="g6.2xlarge")])
    account.rates()
    fresh = read(account, wanted())
    assert [p.usd for p in of(fresh, "g6.xlarge") if p.option == "on_demand"] == [Decimal("1.006")]
    assert not [p for p in of(fresh, "g6.2xlarge") if p.option == "on_demand"]
    (doubt,) = [one for one in fresh.unmapped if one.item == "g6.2xlarge"]
    assert re.sub(r"SKU\d+", "SKU", doubt.reason) == (
        "2 products state different on_demand prices: $2.1 (SKU), $2.2 (SKU)"
    )
    assert [(one.code, one.severity) for one in refusals(fresh)] == [("GP806", Severity.WARNING)]


def test_refusals_leave_the_rest(account: Account) -> None:
    account.products("AmazonEC2", MACHINES, [listed("1.006", instanceType="g6.xlarge")])
    account.stubs["savingsplans"].add_client_error(
        "describe_savings_plans_offering_rates", "AccessDeniedException", "no", 403
    )
    account.stubs["pricing"].add_client_error("get_products", "ThrottlingException", "slow down", 429)
    fresh = read(account, wanted("network.nat_gateway"))
    assert of(fresh, "g6.xlarge")
    found = refusals(fresh)
    assert [(one.code, one.message, one.hint) for one in found] == [
        (
            "GP803",
            f"rates of Savings Plans in {REGION}: AccessDeniedException: no",
            "allow the caller savingsplans:DescribeSavingsPlansOfferingRates",
        ),
        (
            "GP803",
            f"Price List of AmazonEC2, NAT Gateway in {REGION}: ThrottlingException: slow down",
            "retry later, or with fewer regions",
        ),
    ]


def test_what_is_read_is_a_book_that_loads(account: Account, tmp_path: Path) -> None:
    m6a = listed("0.2304", instanceType="m6a.xlarge")
    m6a["terms"]["Reserved"] = {
        "a": reserved("1yr", "No Upfront", "0.1523", "0"),
        "b": reserved("1yr", "All Upfront", "0", "1200"),
    }
    account.products("AmazonEC2", MACHINES, [m6a])
    account.rates()
    path = tmp_path / "today.csv"
    write_book("aws", read(account, wanted()).prices, path, NOW.date())
    cloud = with_books(AWS, read_csv(path.read_text(), str(path)))
    price = cloud.prices.instance_price(REGION, "m6a.xlarge", "commit_1y")
    assert price is not None
    assert (price.usd_expected, price.as_of) == (Decimal("0.1523"), NOW.date())
    assert price.source == "AWS Price List, standard Reserved Instance"
    assert price.usd_low == Decimal(1200) / 8760
    assert list(tmp_path.iterdir()) == [path]
