"""What must hold for the tables of any cloud: offers apart from prices, nothing missing, bands in order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property
from importlib import import_module
from itertools import groupby, pairwise
from typing import Any, get_args

import pytest

from groundplan.catalog.catalog import Catalog
from groundplan.components.node_pool.spec import GpuType
from groundplan.prices.book import PriceBook

TODAY = date(2026, 11, 22)
TWO_ZONES = {"us-west-1"}
GPU_NAMES = set(get_args(GpuType))
LACKING: dict[str, set[str]] = {
    "ap-southeast-4": {"gpu"},
    "ca-west-1": {"gpu"},
    "me-central-1": {"burstable"},
    "africa-south1": {"gpu"},
    "asia-east2": {"arm64"},
    "asia-northeast2": {"arm64", "gpu"},
    "asia-northeast3": {"arm64"},
    "asia-south2": {"arm64"},
    "asia-southeast3": {"arm64", "burstable", "gpu"},
    "europe-north2": {"gpu"},
    "europe-southwest1": {"gpu"},
    "europe-west10": {"arm64"},
    "europe-west12": {"arm64", "gpu"},
    "europe-west8": {"arm64"},
    "europe-west9": {"arm64"},
    "me-central1": {"gpu"},
    "northamerica-south1": {"gpu"},
    "southamerica-west1": {"gpu"},
}
"""What no type of a region has, as the lists of offers say."""


@dataclass(frozen=True)
class Tables:
    """The tables of one cloud."""

    cloud: str

    @cached_property
    def catalog(self) -> Catalog:
        catalog: Catalog = import_module(f"groundplan.clouds.{self.cloud}").load_catalog()
        return catalog

    @cached_property
    def prices(self) -> PriceBook:
        prices: PriceBook = import_module(f"groundplan.clouds.{self.cloud}").load_prices()
        return prices


@pytest.fixture(scope="module", params=["aws", "gcp"])
def tables(request: pytest.FixtureRequest) -> Tables:
    return Tables(request.param)


def shape(name: str) -> str:
    """What a machine shares with its larger and smaller sisters: its name without the size."""
    return (
        re.sub(r"(?<=[.-])\d*[a-z]*(?=-lssd|\+|$)", "", name) if "." in name else re.sub(r"-\d+g?(?=-|\+|$)", "", name)
    )


def test_enough_regions_and_types(tables: Tables) -> None:
    assert len(tables.catalog.instances) >= 150
    assert len(tables.catalog.regions) >= (10 if tables.cloud == "gcp" else 4)
    for region in tables.catalog.regions:
        offered = tables.catalog.offered(region)
        lacking = LACKING.get(region, set())
        assert len(offered) >= (90 if region in LACKING else 150), region
        assert ("arm64" in {item.architecture for item in offered}) == ("arm64" not in lacking), region
        assert any(item.gpu_count for item in offered) == ("gpu" not in lacking), region
        assert any(item.burstable for item in offered) == ("burstable" not in lacking), region


def test_zones_belong_to_their_region(tables: Tables) -> None:
    for region in tables.catalog.regions.values():
        assert len(region.cluster_zones) >= (2 if region.name in TWO_ZONES else 3)
        assert set(region.cluster_zones) <= set(region.zones)
    for offer in tables.catalog.offers.values():
        assert set(offer.zones) <= set(tables.catalog.regions[offer.region].zones), offer


def test_every_offer_is_priced_or_listed_as_unpriced_and_never_both(tables: Tables) -> None:
    priced = {(region, name) for region, name, option in tables.prices.instances if option == "on_demand"}
    assert priced | set(tables.prices.unpriced) == set(tables.catalog.offers)
    assert not priced & set(tables.prices.unpriced)


def test_nothing_is_priced_that_is_not_offered(tables: Tables) -> None:
    assert {(region, name) for region, name, _ in tables.prices.instances} <= set(tables.catalog.offers)


def test_on_demand_is_one_price_and_nothing_costs_more(tables: Tables) -> None:
    for (region, name, option), price in tables.prices.instances.items():
        listed = tables.prices.instance_price(region, name, "on_demand")
        assert Decimal(0) < price.usd_low <= price.usd_expected <= price.usd_high, price
        assert option != "on_demand" or price.usd_low == price.usd_high, price
        assert option != "spot" or price.usd_low < price.usd_expected, price
        assert (region, name) in tables.prices.unpriced if listed is None else price.usd_high <= listed.usd_expected


def test_a_longer_commitment_costs_less_an_hour(tables: Tables) -> None:
    for region, name, option in tables.prices.instances:
        if option == "commit_3y":
            year, three = (tables.prices.instance_price(region, name, term) for term in ("commit_1y", "commit_3y"))
            assert year is None or (three is not None and three.usd_expected < year.usd_expected), (region, name)


def test_a_larger_machine_of_a_shape_costs_more(tables: Tables) -> None:
    for region in tables.catalog.regions:
        known = [
            ((item.family, shape(item.name), item.gpu_count), (item.vcpus, item.memory_gib), price.usd_expected)
            for item in tables.catalog.offered(region)
            if (price := tables.prices.instance_price(region, item.name, "on_demand"))
        ]
        for key, group in groupby(sorted(known), key=lambda row: row[0]):
            assert all(less[2] <= more[2] for less, more in pairwise(group)), (region, key)


def test_memory_grows_with_the_machine(tables: Tables) -> None:
    rows = sorted(
        (i.family, shape(i.name), i.gpu_count, i.vcpus, i.memory_gib) for i in tables.catalog.instances.values()
    )
    for _, group in groupby(rows, key=lambda row: row[:3]):
        memory = [row[4] for row in group]
        assert memory == sorted(memory)


def test_every_gpu_speaks_the_words_of_the_spec(tables: Tables) -> None:
    for item in tables.catalog.instances.values():
        assert item.gpu_type is None or item.gpu_type in GPU_NAMES, item


def test_further_tiers_never_cost_more_than_earlier_ones(tables: Tables) -> None:
    for price in tables.prices.items.values():
        amounts = [tier.usd for tier in price.tiers]
        assert amounts == sorted(amounts, reverse=True), price


def test_an_item_has_one_unit_everywhere(tables: Tables) -> None:
    units: dict[str, set[str]] = {}
    for (item, _), price in tables.prices.items.items():
        units.setdefault(item, set()).add(price.unit)
    assert {item: unit for item, unit in units.items() if len(unit) > 1} == {}


def test_an_item_has_the_same_tiers_everywhere(tables: Tables) -> None:
    """A region without the later tiers would charge everything at the first, and say nothing."""
    starts: dict[str, set[tuple[int, ...]]] = {}
    for (item, _), price in tables.prices.items.items():
        starts.setdefault(item, set()).add(tuple(tier.start for tier in price.tiers))
    assert {item: found for item, found in starts.items() if len(found) > 1} == {}


def test_a_standby_doubles_a_database_and_its_storage(tables: Tables) -> None:
    for item, region in tables.prices.items:
        both = tables.prices.item_price(f"{item}_ha", region)
        if item.startswith("database.") and both is not None:
            single = tables.prices.items[item, region]
            rest = both.usd_expected - 2 * single.usd_expected
            # AWS lists 2.2 times in Seoul and 1.93 times in Tel Aviv for two old kinds of storage
            odd = item in {"database.storage_provisioned", "database.storage_magnetic"}
            assert abs(rest) <= (single.usd_expected / 4 if odd else Decimal("0.0011")), (item, region)


def test_every_row_names_a_source_and_a_day_that_has_been(tables: Tables) -> None:
    rows: list[Any] = [
        *tables.catalog.instances.values(),
        *tables.catalog.offers.values(),
        *tables.catalog.regions.values(),
        *tables.catalog.kubernetes_versions,
        *tables.catalog.database_classes.values(),
        *tables.catalog.custom_databases.values(),
        *tables.prices.instances.values(),
        *tables.prices.items.values(),
    ]
    assert {row.source for row in rows} <= set(tables.prices.sources)
    assert all(date(2024, 7, 18) <= row.as_of <= TODAY for row in rows)


def test_kubernetes_versions_follow_one_another(tables: Tables) -> None:
    versions = tables.catalog.kubernetes_versions
    assert [row.version for row in versions] == sorted(row.version for row in versions)
    assert any(row.support(TODAY) == "standard" for row in versions)
    assert all(
        a.standard_until <= b.standard_until and a.extended_until <= b.extended_until for a, b in pairwise(versions)
    )


def test_two_clouds_name_the_same_thing_alike_in_the_same_unit() -> None:
    aws, gcp = Tables("aws").prices, Tables("gcp").prices
    units = {item: price.unit for (item, _), price in aws.items.items()}
    shared = {item: price.unit for (item, _), price in gcp.items.items() if item in units}
    assert len(shared) >= 25
    assert {item: unit for item, unit in shared.items() if units[item] != unit} == {}
