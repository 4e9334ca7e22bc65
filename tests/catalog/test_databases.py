"""Database classes: what they are, and that a standby and a larger class cost what they should."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from importlib.resources import files

import pytest

from groundplan.clouds.aws import load_catalog, load_prices

CATALOG = load_catalog()
PRICES = load_prices()
TABLE = (files("groundplan.clouds.aws") / "databases.csv").read_text(encoding="utf-8")
CLASSES = list(csv.DictReader(TABLE.splitlines()))
NAMES = [row["class"] for row in CLASSES]
HOME = ("us-east-1", "us-east-2", "us-west-2")
SIZES = {"medium": 1, "large": 2, "xlarge": 4}


@dataclass(frozen=True)
class Hour:
    """An hour of a class at list price, per unit of size and per copy of the data."""

    item: str
    region: str
    usd: Decimal

    @property
    def family(self) -> str:
        return self.item.split(".")[2]

    @property
    def usd_per_unit(self) -> Decimal:
        size, _, standby = self.item.split(".")[3].partition("_")
        return self.usd / SIZES[size] / (2 if standby else 1)


HOURS = [
    Hour(item, region, price.usd_expected)
    for (item, region), price in PRICES.items.items()
    if item.startswith("database.db.")
]


def test_classes_are_sorted_and_have_the_specifications_of_the_machines_they_run_on() -> None:
    assert sorted(NAMES) == NAMES
    for row in CLASSES:
        machine = CATALOG.instance(row["class"].removeprefix("db."))
        assert machine is not None
        assert (int(row["vcpus"]), Decimal(row["memory_gib"])) == (machine.vcpus, machine.memory_gib)
        assert row["source"] in PRICES.sources
        assert date(2025, 1, 1) <= date.fromisoformat(row["as_of"]) <= date(2026, 11, 22)


@pytest.mark.parametrize("region", HOME)
@pytest.mark.parametrize("name", NAMES)
def test_a_class_is_priced_with_and_without_a_standby(name: str, region: str) -> None:
    assert PRICES.item_price(f"database.{name}", region) is not None
    assert PRICES.item_price(f"database.{name}_ha", region) is not None


@pytest.mark.parametrize("region", sorted(CATALOG.regions))
@pytest.mark.parametrize("ending", ["", "_ha"])
def test_every_region_sells_a_class_that_a_spec_may_get(region: str, ending: str) -> None:
    assert any(PRICES.item_price(f"database.{name}{ending}", region) for name in NAMES)


@pytest.mark.parametrize("family", ["t3", "t4g", "m5", "m6g", "m6i", "m7g", "r5", "r6g", "r7g"])
def test_a_standby_doubles_every_class(family: str) -> None:
    """To half a cent or 2 %: AWS rounds both by themselves."""
    sizes = [name.split(".")[1] for name in CATALOG.instances if name.startswith(f"{family}.")]
    found = [
        (single.usd_expected, both.usd_expected)
        for size in sizes
        for region in CATALOG.regions
        for single, both in [[PRICES.item_price(f"database.db.{family}.{size}{end}", region) for end in ("", "_ha")]]
        if single and both
    ]
    assert len(found) > 20
    for single, both in found:
        assert abs(both - 2 * single) <= max(Decimal("0.005"), both / 50)


@pytest.mark.parametrize(
    ("item", "region", "usd"),
    [  # AWS Price List of 2026, as other public cost models record it
        ("database.db.m6g.large", "us-east-1", "0.159"),
        ("database.db.m7g.xlarge", "us-east-1", "0.337"),
        ("database.db.r7g.large_ha", "us-east-1", "0.478"),
        ("database.db.t4g.medium_ha", "eu-west-1", "0.138"),
        ("database.db.m5.large", "us-east-1", "0.178"),
    ],
)
def test_known_hours(item: str, region: str, usd: str) -> None:
    price = PRICES.item_price(item, region)
    assert price is not None
    assert price.usd_expected == Decimal(usd)


def test_the_items_of_every_spec_have_only_known_classes() -> None:
    assert {hour.item.removeprefix("database.").removesuffix("_ha") for hour in HOURS} == set(NAMES)


def test_a_family_has_one_price_per_size_and_copy() -> None:
    """AWS rounds to a tenth of a cent, which is what the first price of a family may be off by."""
    for hour in HOURS:
        others = [other for other in HOURS if (other.family, other.region) == (hour.family, hour.region)]
        assert all(abs(other.usd_per_unit - hour.usd_per_unit) <= Decimal("0.0006") for other in others), hour


@pytest.mark.parametrize("kind", ["storage", "storage_provisioned", "storage_magnetic"])
@pytest.mark.parametrize("region", sorted(CATALOG.regions))
def test_a_standby_doubles_the_storage(region: str, kind: str) -> None:
    single, both = (PRICES.item_price(f"database.{kind}{ending}", region) for ending in ("", "_ha"))
    assert single is not None and both is not None
    rest = both.usd_expected / single.usd_expected - 2  # Seoul and Tel Aviv: 2.2 and 1.93 times
    assert abs(rest) < (Decimal("0.01") if kind == "storage" else Decimal("0.25"))


@pytest.mark.parametrize(
    ("item", "region", "usd"),
    [  # AWS's price page of RDS storage
        ("database.storage", "ap-southeast-2", "0.138"),
        ("database.iops", "us-east-1", "0.02"),
        ("database.iops_provisioned", "us-east-1", "0.1"),
        ("database.throughput", "us-east-1", "0.08"),
        ("database.aurora_storage", "us-east-1", "0.1"),
    ],
)
def test_known_storage(item: str, region: str, usd: str) -> None:
    price = PRICES.item_price(item, region)
    assert price is not None
    assert price.usd_expected == Decimal(usd)
