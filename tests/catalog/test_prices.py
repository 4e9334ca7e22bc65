"""The AWS price book: complete, sane, and equal to what second sources say."""

from __future__ import annotations

import csv
from decimal import Decimal
from itertools import groupby
from pathlib import Path
from typing import Literal

import pytest

from groundplan.clouds.aws import load_catalog, load_prices

CATALOG = load_catalog()
PRICES = load_prices()
ANCHORS, COMMITMENT_ANCHORS = (
    list(csv.DictReader((Path(__file__).parent / f"{name}.csv").read_text().splitlines()))
    for name in ("anchors", "commitment_anchors")
)
FLOOR_ITEMS = (
    "cluster.control_plane",
    "cluster.control_plane_extended",
    "disk.general",
    "disk.general_iops",
    "disk.general_throughput",
    "egress.internet",
    "egress.region",
    "egress.zone",
    "keys.key",
    "keys.request",
    "load_balancer.application",
    "load_balancer.application_capacity",
    "load_balancer.network",
    "load_balancer.network_capacity",
    "logs.flow_ingested",
    "logs.ingested",
    "logs.stored",
    "metrics.alarm",
    "metrics.collector",
    "metrics.custom",
    "metrics.samples_collected",
    "metrics.samples_ingested",
    "metrics.samples_stored",
    "network.endpoint",
    "network.endpoint_data",
    "network.nat_data",
    "network.nat_gateway",
    "network.public_ipv4",
    "object_store.infrequent",
    "object_store.standard",
    "object_store.standard_read",
    "object_store.standard_write",
    "registry.stored",
    "secrets.secret",
    "serverless.memory",
    "serverless.vcpu",
)
UNPRICED_ITEMS: dict[str, set[str]] = {
    "ap-southeast-5": {"disk.general", "disk.general_iops", "disk.general_throughput"},
    "ca-west-1": {"egress.region"},
}
"""By region, what no public record of the AWS Price List was found for."""
TIERS = {  # where the price of the next unit falls: AWS's price pages, the same in every region
    "disk.io2_iops": (0, 32000, 64000),
    "egress.internet": (0, 10240, 51200, 153600),
    "logs.flow_ingested": (0, 10240, 30720, 51200),
    "metrics.custom": (0, 10000, 250000, 1000000),
    "metrics.samples_ingested": (0, 2000, 252000),
    "network.endpoint_data": (0, 1048576, 5242880),
    "object_store.standard": (0, 51200, 512000),
}
LEAST = {"ap-south-1": Decimal("0.6"), "ap-south-2": Decimal("0.6"), "ap-southeast-5": Decimal("0.97")}
MOST = {"ap-east-1": Decimal("1.55"), "sa-east-1": Decimal("1.71")}
"""What a region multiplies the price of us-east-1 by, where it is further from 1 than elsewhere."""


def test_every_offer_is_priced_or_listed_as_unpriced_and_never_both() -> None:
    priced = {(region, name) for region, name, option in PRICES.instances if option == "on_demand"}
    assert priced | set(PRICES.unpriced) == set(CATALOG.offers)
    assert not priced & set(PRICES.unpriced)


def test_nothing_is_priced_that_is_not_offered() -> None:
    assert {(region, name) for region, name, _ in PRICES.instances} <= set(CATALOG.offers)


def test_on_demand_is_one_price_and_spot_a_band_below_it() -> None:
    for (region, name, option), price in PRICES.instances.items():
        listed = PRICES.instance_price(region, name, "on_demand")
        assert listed is not None
        if option == "on_demand":
            assert price.usd_low == price.usd_expected == price.usd_high
        elif option == "spot":
            assert Decimal(0) < price.usd_low < price.usd_expected <= price.usd_high <= listed.usd_expected, price


def test_the_longer_the_commitment_the_cheaper_and_none_dearer_than_on_demand() -> None:
    committed = {(region, name) for region, name, option in PRICES.instances if option == "commit_1y"}
    assert committed
    for region, name in committed:
        year, three, listed = (
            PRICES.instances[region, name, option] for option in ("commit_1y", "commit_3y", "on_demand")
        )
        assert three.usd_high < year.usd_low <= year.usd_expected <= year.usd_high < listed.usd_expected


def test_a_commitment_spreads_what_is_paid_upfront() -> None:
    plain, partial, *_ = PRICES.commitments("us-east-1", "m6a.xlarge")
    assert (plain.payment, plain.upfront_usd, plain.usd_effective) == ("none", 0, Decimal("0.11431"))
    assert (partial.payment, partial.upfront_usd) == ("partial", Decimal(477))
    assert round(partial.usd_effective, 6) == Decimal("0.108882")
    price = PRICES.instance_price("us-east-1", "m6a.xlarge", "commit_1y")
    assert price is not None
    assert (price.usd_low, price.usd_expected, price.usd_high) == (
        partial.usd_effective,
        plain.usd_effective,
        plain.usd_effective,
    )


@pytest.mark.parametrize(
    ("region", "name", "option", "usd"),
    [  # read, not derived: the sizes between follow from them
        ("us-east-1", "m6a.2xlarge", "commit_1y", "0.22861"),
        ("us-east-1", "m6a.2xlarge", "commit_3y", "0.15676"),
        ("eu-west-1", "m6a.xlarge", "commit_1y", "0.1274"),
        ("eu-west-1", "m6a.xlarge", "commit_3y", "0.08736"),
        ("us-east-1", "c5.large", "commit_1y", "0.054"),
        ("us-east-1", "c5.2xlarge", "commit_3y", "0.142"),
        ("us-east-1", "m5.large", "commit_1y", "0.06"),
        ("us-east-1", "m5.xlarge", "commit_3y", "0.083"),
        ("us-east-1", "m6i.large", "commit_3y", "0.04355"),
        ("us-east-1", "m7g.large", "commit_1y", "0.054"),
        ("us-east-1", "t3.medium", "commit_1y", "0.0261"),
        ("us-east-1", "g4dn.xlarge", "commit_3y", "0.227"),
        ("us-east-1", "g5.48xlarge", "commit_1y", "10.26144"),
        ("us-east-1", "g6.2xlarge", "commit_3y", "0.44872"),
        ("us-east-1", "g6e.48xlarge", "commit_1y", "18.98264"),
        ("us-east-1", "gr6.4xlarge", "commit_3y", "0.70649"),
        ("us-west-2", "g5.4xlarge", "commit_1y", "1.02312"),
        ("us-west-2", "g5.4xlarge", "commit_3y", "0.70157"),
        ("us-west-2", "c6a.8xlarge", "commit_1y", "0.80968"),
        ("us-east-2", "c5.4xlarge", "commit_3y", "0.282"),
        ("eu-west-1", "c7i.8xlarge", "commit_1y", "1.0143"),
        ("eu-west-1", "m6i.12xlarge", "commit_3y", "1.16484"),
    ],
)
def test_known_commitments(region: str, name: str, option: Literal["commit_1y", "commit_3y"], usd: str) -> None:
    price = PRICES.instance_price(region, name, option)
    assert price is not None
    assert price.usd_expected == Decimal(usd)


@pytest.mark.parametrize(
    ("name", "option", "usd"),
    [
        ("c5.xlarge", "commit_1y", "0.107"),  # AWS Price List of 2020-06-18
        ("c5.xlarge", "commit_3y", "0.071"),
        ("t3.medium", "commit_3y", "0.018"),  # Infracost: 13.14 a month
        ("m6a.24xlarge", "commit_1y", "2.74337"),  # Vantage export of 2022
        ("m7g.xlarge", "commit_1y", "0.108"),  # public rate table of 2026
        ("r7g.xlarge", "commit_1y", "0.1417"),
        ("c6a.xlarge", "commit_1y", "0.1012"),  # Vantage export of c6a
        ("g5.16xlarge", "commit_1y", "2.58048"),  # Vantage export of 2022
    ],
)
def test_other_sources_state_the_same_commitments(
    name: str, option: Literal["commit_1y", "commit_3y"], usd: str
) -> None:
    price, figure = PRICES.instance_price("us-east-1", name, option), Decimal(usd)
    assert price is not None
    assert abs(price.usd_expected - figure) <= max(Decimal("0.00005"), figure / 10000)


def test_the_export_of_a_third_party_has_the_same_commitments() -> None:
    """Vantage's of us-east-1, of 2025-04-28: 85 figures that the book was not made from."""
    assert len(COMMITMENT_ANCHORS) == 85
    for row in COMMITMENT_ANCHORS:
        option: Literal["commit_1y", "commit_3y"] = "commit_1y" if row["term_years"] == "1" else "commit_3y"
        price, figure = PRICES.instance_price(row["region"], row["instance_type"], option), Decimal(row["usd_per_hour"])
        assert price is not None, row
        assert abs(price.usd_expected / figure - 1) <= Decimal("0.001"), row


def test_most_types_of_every_region_have_commitments() -> None:
    for region in CATALOG.regions:
        offered = CATALOG.offered(region)
        committed = [item for item in offered if PRICES.commitments(region, item.name)]
        assert len(committed) >= len(offered) / 3, region


@pytest.mark.parametrize("region", sorted(CATALOG.regions))
def test_a_commitment_is_about_one_share_of_the_price_on_demand_in_a_family(region: str) -> None:
    """AWS rounds each size by itself, and small ones to a tenth of a cent."""
    plain = [
        (way.instance_type.split(".")[0], way.term_years, way.usd_effective, listed.usd_expected)
        for item in CATALOG.offered(region)
        for way in PRICES.commitments(region, item.name)
        for listed in [PRICES.instance_price(region, item.name, "on_demand")]
        if way.payment == "none" and listed
    ]
    assert plain
    for family, term in {row[:2] for row in plain}:
        sizes = [row[2:] for row in plain if row[:2] == (family, term)]
        usd, listed = max(sizes)
        for size, on_demand in sizes:
            share = usd / listed * on_demand
            assert abs(size - share) <= max(Decimal("0.001"), share * 2 / 100), (region, family, term)


def test_what_nobody_published_has_no_commitment() -> None:
    """P5 was cut after the lists were read; newer families have come since."""
    for region, name in (("us-east-1", "p5.48xlarge"), ("us-west-2", "p4d.24xlarge"), ("us-east-1", "m8i.xlarge")):
        assert PRICES.instance_price(region, name, "commit_1y") is None
        assert PRICES.commitments(region, name) == ()


@pytest.mark.parametrize("region", sorted(CATALOG.regions))
def test_a_larger_machine_of_a_family_costs_more(region: str) -> None:
    """At the same number of GPUs: g5.12xlarge with four costs more than g5.16xlarge with one."""
    items = sorted(CATALOG.offered(region), key=lambda item: (item.family, item.gpu_count, item.vcpus, item.memory_gib))
    for family, group in groupby(items, key=lambda item: (item.family, item.gpu_count)):
        known = [PRICES.instance_price(region, item.name, "on_demand") for item in group]
        amounts = [price.usd_expected for price in known if price]
        assert amounts == sorted(amounts), (region, family)


@pytest.mark.parametrize("region", sorted(set(CATALOG.regions) - {"us-east-1"}))
def test_one_factor_a_family_leads_from_the_home_region(region: str) -> None:
    """AWS multiplies a whole family by one factor; only rounding of small prices moves it."""
    for _, group in groupby(CATALOG.offered(region), key=lambda item: item.family):
        factors = []
        for item in group:
            here, home = (PRICES.instance_price(where, item.name, "on_demand") for where in (region, "us-east-1"))
            if here and home and home.usd_expected > Decimal("0.2"):
                factors.append(here.usd_expected / home.usd_expected)
        if factors:
            assert max(factors) / min(factors) < Decimal("1.006"), (region, item.family, factors)
            assert LEAST.get(region, Decimal("0.996")) < min(factors), (region, item.family)
            assert max(factors) < MOST.get(region, Decimal("1.46")), (region, item.family)


def test_us_west_2_costs_what_us_east_1_costs() -> None:
    for item in CATALOG.offered("us-west-2"):
        west, east = (PRICES.instance_price(region, item.name, "on_demand") for region in ("us-west-2", "us-east-1"))
        if west and east:
            assert abs(west.usd_expected / east.usd_expected - 1) < Decimal("0.0001"), item.name


@pytest.mark.parametrize(
    "anchor", ANCHORS, ids=lambda row: f"{row['region']}-{row['instance_type']}-{row['citation'][:9]}"
)
def test_a_second_source_agrees_within_one_percent(anchor: dict[str, str]) -> None:
    price = PRICES.instance_price(anchor["region"], anchor["instance_type"], "on_demand")
    assert price is not None
    assert abs(price.usd_expected / Decimal(anchor["usd_per_hour"]) - 1) <= Decimal("0.01"), anchor["citation"]


def test_enough_anchors_in_every_region() -> None:
    assert len({(row["region"], row["instance_type"]) for row in ANCHORS}) >= 40
    assert {row["region"] for row in ANCHORS} == set(CATALOG.regions)


@pytest.mark.parametrize("region", sorted(CATALOG.regions))
def test_what_every_environment_has_is_priced_or_known_to_be_unpriced(region: str) -> None:
    assert {item for item in FLOOR_ITEMS if PRICES.item_price(item, region) is None} == UNPRICED_ITEMS.get(
        region, set()
    )


def test_a_list_price_is_one_price() -> None:
    for price in PRICES.items.values():
        assert price.usd_low == price.usd_expected == price.usd_high == price.tiers[0].usd


@pytest.mark.parametrize(
    ("item", "region", "usd"),
    [  # AWS Price List, offers of August and September 2026; the last ones AWS's price pages of November 2025
        ("cluster.control_plane", "eu-west-1", "0.10"),
        ("cluster.control_plane_extended", "us-east-1", "0.60"),
        ("network.nat_gateway", "us-east-1", "0.045"),
        ("network.nat_gateway", "eu-west-1", "0.048"),
        ("network.nat_gateway", "eu-central-1", "0.052"),
        ("network.endpoint", "eu-central-1", "0.012"),
        ("disk.general", "eu-west-1", "0.088"),
        ("disk.general", "eu-central-1", "0.0952"),
        ("object_store.standard", "eu-central-1", "0.0245"),
        ("object_store.standard_write", "eu-central-1", "0.0000054"),
        ("logs.ingested", "eu-west-1", "0.57"),
        ("logs.ingested", "eu-central-1", "0.63"),
        ("registry.stored", "us-west-2", "0.10"),
        ("network.endpoint", "ca-central-1", "0.011"),
        ("logs.ingested", "eu-north-1", "0.54"),
        ("object_store.standard", "ap-southeast-2", "0.025"),
        ("serverless.vcpu", "ap-south-1", "0.04256"),
        ("disk.general_throughput", "ap-northeast-1", "0.048"),
        ("disk.io2_iops", "us-east-1", "0.065"),
        ("disk.st1", "eu-west-1", "0.05"),
        ("network.nat_gateway", "sa-east-1", "0.093"),
        ("egress.internet", "sa-east-1", "0.15"),
        ("load_balancer.application", "eu-west-3", "0.02646"),
    ],
)
def test_known_items(item: str, region: str, usd: str) -> None:
    price = PRICES.item_price(item, region)
    assert price is not None
    assert price.usd_expected == Decimal(usd)


def test_a_second_list_of_every_region_has_the_same_price_of_writes_to_buckets() -> None:
    """US dollars of 1,000 requests of S3's first tier in the AWS Price List of May 2026, as s3du keeps them."""
    listed = {
        **dict.fromkeys(("us-east-1", "us-east-2", "us-west-2", "eu-west-1", "eu-north-1", "ap-southeast-1"), "0.005"),
        **dict.fromkeys(("ap-southeast-3", "ap-south-1", "ap-south-2", "ap-east-1"), "0.005"),
        **dict.fromkeys(("us-west-1", "ca-central-1", "ca-west-1", "ap-southeast-2", "ap-southeast-4"), "0.0055"),
        **dict.fromkeys(("me-south-1", "me-central-1", "il-central-1"), "0.0055"),
        **dict.fromkeys(("eu-west-2", "eu-west-3", "eu-south-1", "eu-south-2"), "0.0053"),
        **dict.fromkeys(("eu-central-1", "eu-central-2"), "0.0054"),
        **dict.fromkeys(("ap-northeast-1", "ap-northeast-3"), "0.0047"),
        **dict.fromkeys(("ap-northeast-2", "ap-southeast-5"), "0.0045"),
        "af-south-1": "0.006",
        "sa-east-1": "0.007",
    }
    assert listed.keys() == set(CATALOG.regions)
    for region, usd in listed.items():
        price = PRICES.item_price("object_store.standard_write", region)
        assert price is not None
        assert price.usd_expected * 1000 == Decimal(usd), region


def test_tiers_are_walked_in_order() -> None:
    egress = PRICES.item_price("egress.internet", "us-east-1")
    assert egress is not None
    assert egress.total(Decimal(0)) == 0
    assert egress.total(Decimal(100)) == Decimal("9.00")
    assert egress.total(Decimal(10240)) == Decimal("921.60")
    assert egress.total(Decimal(20480)) == Decimal("921.60") + 10240 * Decimal("0.085")
    assert egress.total(Decimal(200_000)) == (
        Decimal("921.60") + 40960 * Decimal("0.085") + 102400 * Decimal("0.07") + 46400 * Decimal("0.05")
    )


@pytest.mark.parametrize("item", TIERS)
def test_what_has_tiers_has_all_of_them_in_every_region(item: str) -> None:
    found = {region: PRICES.item_price(item, region) for region in CATALOG.regions}
    tiers = {region: tuple(tier.start for tier in price.tiers) for region, price in found.items() if price}
    assert set(tiers.values()) == {TIERS[item]}
    assert tiers.keys() == set(CATALOG.regions) or item == "disk.io2_iops"


def test_further_tiers_never_cost_more_than_earlier_ones() -> None:
    for price in PRICES.items.values():
        amounts = [tier.usd for tier in price.tiers]
        assert amounts == sorted(amounts, reverse=True), price


def test_the_unknown_is_none_not_zero() -> None:
    assert PRICES.instance_price("us-east-1", "m99.huge", "on_demand") is None
    assert PRICES.instance_price("eu-west-1", "g6.xlarge", "on_demand") is None
    assert PRICES.instance_price("us-west-2", "p5e.48xlarge", "on_demand") is None
    assert PRICES.item_price("network.wormhole", "us-east-1") is None


def test_the_book_knows_its_age() -> None:
    oldest, newest = PRICES.as_of
    assert oldest.isoformat() == "2024-07-18"  # EBS: no later list of every region was found
    assert newest.isoformat() == "2026-10-09"
