"""The table of services that only plans use."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds import find_cloud
from groundplan.cost.plan import price_plan
from groundplan.diagnostics import DiagnosticsError
from groundplan.prices.integrity import UNITS
from groundplan.prices.services import ServicePrices
from tests.unit.prices.books import cloud_named

AWS = cloud_named("aws")
DAY = date(2026, 1, 2)
HEADER = "item,unit,tier_from,source,here,there"


def prices(tmp_path: Path, *rows: str, header: str = HEADER) -> ServicePrices:
    table = tmp_path / "services.csv"
    table.write_text("\n".join((header, *rows)) + "\n")
    return ServicePrices(table, lambda _: DAY)


def test_a_row_has_a_price_in_each_region_that_has_one(tmp_path: Path) -> None:
    table = prices(tmp_path, "cache.small,hour,0,page,0.5,", "cache.large,hour,0,page,1,2")
    row = table.row("cache.small", "here")
    assert row is not None
    assert (row.unit, row.tiers, row.source, row.as_of) == ("hour", ((0, Decimal("0.5")),), "page", DAY)
    assert table.row("cache.small", "there") is table.row("cache.tiny", "here") is table.row("cache.small", "x") is None


def test_tiers_follow_each_other(tmp_path: Path) -> None:
    row = prices(tmp_path, "a,gib,0,page,3,3", "a,gib,10,page,2,", "a,gib,20,page,1,").row("a", "here")
    assert row is not None and row.tiers == ((0, 3), (10, 2), (20, 1))


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        (("a,hour,0,page,1",), "5 cells, not 6"),
        (("a,hour,0,page,0,",), "not a price above zero"),
        (("a,hour,0,page,-1,",), "not a price above zero"),
        (("a,hour,x,page,1,",), "not a whole number"),
        (("a,,0,page,1,",), "empty"),
        (("a,hour,0,,1,",), "empty"),
        (("a,hour,5,page,1,",), "does not start at 0"),
        (("a,hour,0,page,1,", "a,hour,0,page,2,"), "out of order"),
        (("a,hour,0,page,1,", "a,gib,5,page,2,"), "differ in unit"),
    ],
)
def test_a_broken_row_is_an_error_with_its_line(rows: tuple[str, ...], message: str, tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError, match=message) as caught:
        prices(tmp_path, *rows).row("a", "here")
    [found] = caught.value.diagnostics
    assert found.code == "GP705" and found.place and found.place.line == len(rows) + 1


def test_other_columns_are_an_error(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError, match="expected item,unit,tier_from,source and regions"):
        prices(tmp_path, header="item,region,usd").row("a", "here")


def test_a_cloud_without_the_table_has_no_price(tmp_path: Path) -> None:
    assert ServicePrices(tmp_path / "services.csv", lambda _: DAY).row("a", "here") is None


class TestAws:
    """The whole table, read once."""

    def test_every_row_has_a_unit_that_meters_know_and_a_source(self) -> None:
        cloud = find_cloud("aws")
        assert cloud is not None
        rows = list(cloud.prices.services.all())
        assert len(rows) > 40_000
        assert {row.unit for _, _, row in rows} <= UNITS
        assert cloud.prices.services.sources <= set(cloud.prices.sources)

    def test_an_item_in_both_tables_has_one_price(self) -> None:
        cloud = find_cloud("aws")
        assert cloud is not None
        both = [
            (price.usd_expected, row.tiers[0][1], key)
            for key, price in cloud.prices.items.items()
            if (row := cloud.prices.services.row(*key)) is not None
        ]
        assert [found for found in both if abs(found[0] / found[1] - 1) > Decimal("0.01")] == []

    @pytest.mark.parametrize(
        ("item", "region", "usd"),
        [
            ("cache.m6g.12xlarge", "us-east-1", "3.557"),
            ("database.mysql.db.t3.large", "us-east-1", "0.136"),
            ("database.mysql.db.t3.large_ha", "us-east-1", "0.272"),
            ("database.sqlserver-se.db.m5.xlarge", "us-east-1", "1.224"),
            ("database.oracle-se2.db.t3.large", "us-east-1", "0.3"),
            ("database.aurora-mysql.db.t3.large", "us-east-1", "0.164"),
            ("broker.kafka.m5.24xlarge", "us-east-1", "10.08"),
            ("documents.db.r5.4xlarge", "us-east-1", "2.216"),
            ("warehouse.ra3.4xlarge", "us-east-1", "3.26"),
            ("queue.request_fifo", "us-east-1", "0.0000005"),
            ("notifications.published_fifo", "us-east-1", "0.0000003"),
            ("stream.shard", "us-east-2", "0.015"),
            ("delivery.ingested", "eu-west-2", "0.035"),
            ("graph.db.t3.medium", "eu-west-2", "0.112"),
            ("graph.stored", "eu-west-2", "0.116"),
        ],
    )
    def test_prices_are_those_that_another_reader_of_the_price_list_has(self, item: str, region: str, usd: str) -> None:
        """Infracost's golden tables of 2026-08-21: dollars a month divided by the quantity."""
        cloud = find_cloud("aws")
        assert cloud is not None
        price = cloud.prices.item_price(item, region)
        assert price is not None and abs(price.usd_expected / Decimal(usd) - 1) < Decimal("0.01")


class TestMachines:
    """Types that are in no catalog, because no pool is made of them."""

    def test_none_is_in_the_catalog(self) -> None:
        assert not AWS.prices.machines.units.keys() & AWS.catalog.instances.keys()
        assert len(AWS.prices.machines.units) > 800

    def test_every_row_is_an_hour_of_a_known_source_in_a_known_region(self) -> None:
        rows = list(AWS.prices.machines.all())
        assert {row.unit for _, _, row in rows} == {"hour"}
        assert {region for _, region, _ in rows} <= AWS.catalog.regions.keys()
        assert AWS.prices.machines.sources <= set(AWS.prices.sources)

    @pytest.mark.parametrize(
        ("name", "region", "usd"),
        [
            ("c5n.large", "eu-west-3", "0.128"),
            ("i3.large", "us-east-1", "0.156"),
            ("m9g.large", "us-east-1", "0.09784"),
        ],
    )
    def test_they_have_a_price_on_demand_only(self, name: str, region: str, usd: str) -> None:
        price = AWS.prices.instance_price(region, name, "on_demand")
        assert price is not None and (price.usd_expected, price.option, price.tiers) == (Decimal(usd), "on_demand", ())
        assert AWS.prices.instance_price(region, name, "spot") is None

    def test_a_plan_is_priced_with_them_and_says_so_where_it_cannot(self) -> None:
        def plan(region: str, **values: Any) -> Any:
            made = {"instance_type": "c5n.large", "region": region, "associate_public_ip_address": False, **values}
            machine = {"address": "aws_instance.a", "mode": "managed", "type": "aws_instance", "values": made}
            return {"format_version": "1.2", "planned_values": {"root_module": {"resources": [machine]}}}

        line = next(one for one in price_plan(plan("eu-west-3"), "plan.json").cost.lines if one.item == "c5n.large")
        assert line.monthly_usd.expected == Decimal("93.44")
        spot = plan("eu-west-3", instance_market_options=[{"market_type": "spot"}])
        assert "c5n.large" in {one.item for one in price_plan(spot, "plan.json").cost.unpriced}
        nowhere = price_plan(plan("ap-southeast-4"), "plan.json").cost
        assert "c5n.large" in {one.item for one in nowhere.unpriced}
