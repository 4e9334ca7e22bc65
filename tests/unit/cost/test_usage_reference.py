"""The page of usage keys and billed attributes is made from the tables, and each row is of a type that is known."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import pytest

from groundplan.clouds.base import Cloud
from groundplan.clouds.planned import PlanPrices
from groundplan.cost.plan import billing_clouds
from tests.conftest import Golden
from tools.usage_reference import reference

REPOSITORY = Path(__file__).parents[3]
CLOUDS = [pytest.param(cloud, prices, id=cloud.name) for cloud, prices in billing_clouds()]


def test_the_page_is_fresh(golden: Golden) -> None:
    golden(REPOSITORY / "docs" / "usage-files.md", reference())


@pytest.mark.parametrize(("cloud", "prices"), CLOUDS)
def test_rows_are_of_types_that_are_read(cloud: Cloud, prices: PlanPrices) -> None:
    """A usage key of a type with a rule; a billed attribute of a type with a rule, or free, or a description."""
    ruled = {*prices.uses, *prices.on_cluster}
    assert set(prices.usage_keys) <= ruled
    known = {type_ for type_ in prices.billed if type_ in ruled or prices.is_free(type_)}
    assert set(prices.billed) == known


@pytest.mark.parametrize(("cloud", "prices"), CLOUDS)
def test_rows_are_sorted_and_none_is_twice(cloud: Cloud, prices: PlanPrices) -> None:
    for name, width in (("billed_attributes", 2), ("usage_keys", 2)):
        table = files(cloud.package) / f"{name}.csv"
        keys = [line.split(",")[:width] for line in table.read_text(encoding="utf-8").splitlines()[1:]]
        assert keys == sorted(keys) and len({tuple(key) for key in keys}) == len(keys), name


@pytest.mark.parametrize(("cloud", "prices"), CLOUDS)
def test_every_source_is_a_page_or_one_of_the_price_book(cloud: Cloud, prices: PlanPrices) -> None:
    sources = {
        line.split(",")[0] for line in (files(cloud.package) / "prices" / "sources.csv").read_text().splitlines()
    }
    for attributes in prices.billed.values():
        for one in attributes:
            assert one.source.startswith("https://") or one.source in sources, one


@pytest.mark.parametrize(("cloud", "prices"), CLOUDS)
def test_a_key_of_the_table_is_read_by_a_rule(cloud: Cloud, prices: PlanPrices) -> None:
    """By its name in the source of the rules."""
    package = Path(str(files(cloud.package)))
    sources = "".join(path.read_text(encoding="utf-8") for path in sorted(package.rglob("planned*/**/*.py")))
    sources += "".join(path.read_text(encoding="utf-8") for path in sorted(package.glob("planned*.py")))
    names = {key.name for keys in prices.usage_keys.values() for key in keys.values()}
    assert {name for name in names if f'"{name}"' not in sources} == set()
