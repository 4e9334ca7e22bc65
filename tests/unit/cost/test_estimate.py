"""The estimate: every meter computed by hand, and totals that are the sum of their lines."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, cast

import pytest

from groundplan.clouds import find_cloud
from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Billing, Use
from groundplan.components.base import CloudPart, Component, Meter, ModuleCall
from groundplan.components.load import components
from groundplan.components.node_pool.meters import node_hours
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.cost.findings import findings
from groundplan.cost.report import CostReport, Line
from groundplan.diagnostics import DiagnosticsError
from groundplan.prices.book import Commitment, Price, PriceBook, Tier
from groundplan.quantities import Band
from groundplan.spec.declared import billed
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from groundplan.stack.kept import NOTHING
from groundplan.stack.model import Capacity, Stack
from groundplan.stack.purchase import FALLBACK_SHARE
from groundplan.views import cost as view
from groundplan.views.cost.content import KINDS
from tests.unit.stack.specs import REGIONS, aws, cloud_in, serving, spec_of, stack_of, training

REPOSITORY = Path(__file__).resolve().parents[3]
LOCAL = {"backend": "local"}


def report_of(**parts: Any) -> CostReport:
    return estimate(stack_of(**{"state": LOCAL, **parts}), aws(), components())


def line_of(report: CostReport, item: str, path: str | None = None) -> Line:
    [line] = [one for one in report.lines if one.item == item and path in (None, one.path)]
    return line


def dollars(low: str, expected: str, high: str) -> Band:
    return Band(Decimal(low), Decimal(expected), Decimal(high))


def always(amount: str) -> Band:
    return dollars(amount, amount, amount)


class TestByHand:
    """us-east-1, list prices: NAT gateway $0.045/h, address $0.005/h, endpoint $0.01/h, cluster $0.10/h, key $1."""

    def test_the_network(self) -> None:
        report = report_of(network={"zones": 2, "nat": "single"}, training=training(vcpus=4))
        assert line_of(report, "network.nat_gateway").monthly_usd == always("32.85")
        assert line_of(report, "network.public_ipv4").monthly_usd == always("3.65")
        assert line_of(report, "network.endpoint").monthly_usd == always("43.80")
        assert line_of(report, "network.endpoint").quantity == 3 * 2 * 730
        assert line_of(report, "network.nat_data").monthly_usd == dollars("0.90", "4.50", "45.00")
        assert line_of(report, "network.endpoint_data").monthly_usd == dollars("0.20", "1.00", "5.00")
        assert line_of(report, "logs.flow_ingested").monthly_usd == dollars("0.50", "2.50", "15.00")

    def test_a_gateway_in_each_zone(self) -> None:
        report = report_of(network={"zones": 3, "nat": "per_zone"}, training=training(vcpus=4))
        assert line_of(report, "network.nat_gateway").monthly_usd == always("98.55")
        assert line_of(report, "network.public_ipv4").monthly_usd == always("10.95")
        assert line_of(report, "network.endpoint").monthly_usd == always("65.70")

    def test_an_existing_network_costs_nothing_more(self) -> None:
        existing = {"id": "vpc-0a1b2c3d", "private_subnets": ["subnet-0a1b2c3d", "subnet-0b1c2d3e"]}
        report = report_of(network={"existing": existing}, serving=serving(vcpus=2))
        assert {line.item for line in report.lines if line.component == "network"} == {"egress.internet", "egress.zone"}

    def test_the_cluster_and_its_logs(self) -> None:
        report = report_of(cluster={"logs_retention_days": 365}, training=training(vcpus=4))
        assert line_of(report, "cluster.control_plane").monthly_usd == always("73.00")
        assert line_of(report, "logs.ingested").monthly_usd == dollars("1.00", "5.00", "25.00")
        kept = line_of(report, "logs.stored", "cluster")
        assert kept.quantity == 10 * 12 / 5
        assert kept.monthly_usd == dollars("0.14", "0.72", "3.60")

    def test_a_version_in_extended_support(self) -> None:
        versions = aws().catalog.kubernetes_versions
        extended = [v.version for v in versions if v.support(v.as_of) == "extended"][-1]
        report = report_of(cluster={"version": extended}, training=training(vcpus=4))
        assert line_of(report, "cluster.control_plane_extended").monthly_usd == always("438.00")

    def test_keys(self) -> None:
        assert line_of(report_of(training=training(vcpus=4)), "keys.key").monthly_usd == dollars("2.00", "2.00", "6.00")
        only_buckets = report_of(storage={"buckets": {"a": {}}})
        assert line_of(only_buckets, "keys.key").monthly_usd == dollars("1.00", "1.00", "3.00")

    def test_buckets(self) -> None:
        report = report_of(storage={"buckets": {"data": {"size_gib": 200}}})
        data = line_of(report, "object_store.standard", "storage.buckets.data")
        assert data.monthly_usd == dollars("3.22", "4.60", "5.98")

    def test_requests_and_access_logs_of_buckets(self) -> None:
        """A million reads at $0.0004 per thousand, 100,000 writes at $0.005; a year of 0.55 GiB a month at $0.023."""
        report = report_of(storage={"buckets": {"a": {"size_gib": 1}, "b": {"size_gib": 1}}})
        assert line_of(report, "object_store.standard_read").monthly_usd == dollars("0.04", "0.40", "4.00")
        assert line_of(report, "object_store.standard_write").monthly_usd == dollars("0.05", "0.50", "5.00")
        logs = line_of(report, "object_store.standard", "storage.buckets")
        assert logs.quantity == Decimal("0.55") * 12
        assert logs.monthly_usd == dollars("0.02", "0.15", "1.52")

    def test_traffic_that_nobody_stated_is_assumed(self) -> None:
        """$0.09 out; $0.01 between zones, on both sides."""
        report = report_of(training=training(vcpus=4))
        assert line_of(report, "egress.internet").monthly_usd == dollars("0.09", "0.90", "9.00")
        assert line_of(report, "egress.zone").monthly_usd == dollars("0.20", "2.00", "20.00")
        assert not [line for line in report.lines if line.item == "egress.region"]

    def test_traffic_as_the_spec_says(self) -> None:
        said = {"internet_gib": 20000, "zone_gib": 0, "other_region_gib": 500}
        report = report_of(network={"traffic": said}, training=training(vcpus=4))
        assert line_of(report, "egress.internet").monthly_usd == always("1751.20")  # 10,240 at $0.09, then at $0.085
        assert line_of(report, "egress.zone").monthly_usd == always("0.00")
        assert line_of(report, "egress.region").monthly_usd == always("10.00")

    def test_a_bucket_over_all_tiers(self) -> None:
        """51,200 GiB at $0.023, 460,800 at $0.022 and 88,000 at $0.021."""
        line = line_of(
            report_of(storage={"buckets": {"data": {"size_gib": 600_000}}}),
            "object_store.standard",
            "storage.buckets.data",
        )
        assert line.monthly_usd.expected == Decimal("1177.60") + Decimal("10137.60") + Decimal("1848.00")
        assert line.unit_usd == Decimal("13163.2") / 600_000

    def test_the_registry(self) -> None:
        report = report_of(registry={"repositories": {"said": {"size_gib": 40}, "unsaid": {}}})
        assert line_of(report, "registry.stored", "registry.repositories.said").monthly_usd == dollars(
            "2.00", "4.00", "8.00"
        )
        assert line_of(report, "registry.stored", "registry.repositories.unsaid").monthly_usd == dollars(
            "0.50", "1.00", "2.00"
        )

    def test_the_state_bucket(self) -> None:
        report = report_of(storage={"buckets": {"a": {"size_gib": 1}}}, state={"backend": "remote"})
        assert line_of(report, "keys.key", "state").monthly_usd == dollars("1.00", "1.00", "3.00")
        assert line_of(report, "object_store.standard", "state").monthly_usd == dollars("0.00", "0.00", "0.02")
        named = report_of(storage={"buckets": {"a": {"size_gib": 1}}}, state={"bucket": "there-already"})
        assert not [line for line in named.lines if line.path == "state"]

    def test_nodes_on_demand(self) -> None:
        pool = serving(instance_types=["m6i.large"], nodes={"min": 1, "expected": 2, "max": 4}, disk_gib=100)
        report = report_of(serving=pool)
        line = line_of(report, "m6i.large")
        assert (line.option, line.quantity, line.unit_usd) == ("on_demand", 1460, Decimal("0.096"))
        assert line.monthly_usd == dollars("70.08", "140.16", "280.32")
        assert line_of(report, "disk.general", "serving.pools.main").monthly_usd == dollars("8.00", "16.00", "32.00")

    def test_nodes_of_a_training_pool(self) -> None:
        pool = training(instance_types=["m6i.large"], capacity="on_demand", nodes={"max": 4}, hours_per_month=100)
        line = line_of(report_of(training=pool), "m6i.large")
        assert line.quantity == 400
        assert line.monthly_usd == dollars("19.20", "38.40", "57.60")

    def test_spot_is_a_band_of_prices_times_a_band_of_hours(self) -> None:
        pool = training(instance_types=["m6i.large"], capacity="spot", nodes={"max": 1}, hours_per_month=100)
        price = aws().prices.instance_price("us-east-1", "m6i.large", "spot")
        assert price is not None and price.usd_low < price.usd_expected < price.usd_high
        band = line_of(report_of(training=pool), "m6i.large").monthly_usd
        hours = (Decimal(50), Decimal(105), Decimal("172.5"))  # half of it, 5 % repeated, 15 % of half as much again
        prices = (price.usd_low, price.usd_expected, price.usd_high)
        cents = [round(p * h, 2) for p, h in zip(prices, hours, strict=True)]
        assert [band.low, band.expected, band.high] == cents

    def test_spot_with_fallback_lies_between_spot_and_on_demand(self) -> None:
        spot = aws().prices.instance_price("us-east-1", "m6i.large", "spot")
        full = aws().prices.instance_price("us-east-1", "m6i.large", "on_demand")
        assert spot is not None and full is not None
        pool = serving(
            instance_types=["m6i.large"], capacity="spot_with_fallback", nodes={"min": 1, "expected": 1, "max": 1}
        )
        line = line_of(report_of(serving=pool), "m6i.large")
        assert line.unit_usd == spot.usd_expected * Decimal("0.8") + full.usd_expected * Decimal("0.2")
        assert line.monthly_usd.low == round(spot.usd_low * 730, 2)
        assert line.monthly_usd.high == round(full.usd_expected * 730, 2)
        assert line.source == f"{spot.source} and {full.source}"
        assert line.as_of == min(spot.as_of, full.as_of)
        assert f"{1 - FALLBACK_SHARE:.0%} of the hours on spot" in line.assumption

    def test_the_system_pool_is_part_of_the_floor(self) -> None:
        report = report_of(training=training(vcpus=4))
        [line] = [one for one in report.lines if one.path == "cluster" and one.option]
        assert (line.kind, line.quantity) == ("fixed", 1460)


CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"
NAMED = {"host": "mlflow.example.com", "aws": {"certificate": CERTIFICATE}}
MANAGED = {"prometheus": {"hosting": "managed"}, "alerts": {"email": "ml@example.com"}}


class TestTrackingByHand:
    """us-east-1, list prices: db.t4g.medium $0.065/h, $0.129/h with a standby; disk $0.115 and $0.23 per GiB-month."""

    def test_a_database_with_a_standby(self) -> None:
        report = report_of(tracking={"mlflow": {"database": {"storage_gib": 100}}})
        assert line_of(report, "database.db.t4g.medium_ha").monthly_usd == always("94.17")
        assert line_of(report, "database.storage_ha").monthly_usd == dollars("23.00", "23.00", "46.00")
        assert line_of(report, "secrets.secret").monthly_usd == always("0.40")
        logs = line_of(report, "logs.ingested", "tracking.mlflow.database")
        assert logs.monthly_usd == dollars("0.10", "0.50", "5.00")
        kept = line_of(report, "logs.stored", "tracking.mlflow.database")
        assert (kept.quantity, kept.monthly_usd) == (Decimal("2.4"), dollars("0.01", "0.07", "0.72"))

    def test_a_database_alone(self) -> None:
        report = report_of(tracking={"mlflow": {"database": {"high_availability": False}}})
        assert line_of(report, "database.db.t4g.medium").monthly_usd == always("47.45")
        assert line_of(report, "database.storage").monthly_usd == dollars("5.75", "5.75", "11.50")

    def test_artifacts(self) -> None:
        report = report_of(tracking={"mlflow": {"artifacts_gib": 200}})
        artifacts = next(line for line in report.lines if line.item == "object_store.standard")
        assert artifacts.monthly_usd == dollars("3.22", "4.60", "5.98")
        unsaid = report_of(tracking={"mlflow": {}})
        assert [(u.item, u.reason) for u in unsaid.unpriced] == [("object_store.standard", "usage not stated")]

    def test_a_load_balancer_at_one_capacity_unit(self) -> None:
        """$0.0225 and $0.008 an hour."""
        report = report_of(tracking={"mlflow": NAMED})
        for item, usd in (("load_balancer.application", "16.43"), ("load_balancer.application_capacity", "5.84")):
            line = line_of(report, item)
            assert (line.monthly_usd, line.path, line.address) == (always(usd), "tracking.mlflow", "module.mlflow")
        plain = report_of(tracking={"mlflow": {}})
        assert not [line for line in plain.lines if line.item.startswith(("load_balancer.", "serverless."))]

    def test_servers_without_a_cluster(self) -> None:
        """Two servers of 1 vCPU at $0.04048 an hour and 4 GiB at $0.004445, up to four of them."""
        report = report_of(tracking={"mlflow": {**NAMED, "hosting": "serverless"}})
        vcpus, memory = line_of(report, "serverless.vcpu"), line_of(report, "serverless.memory")
        assert (vcpus.quantity, memory.quantity) == (1460, 5840)
        assert vcpus.monthly_usd == dollars("59.10", "59.10", "118.20")
        assert memory.monthly_usd == dollars("25.96", "25.96", "51.92")
        assert line_of(report, "load_balancer.application").monthly_usd == always("16.43")
        assert {vcpus.address, memory.address} == {"module.mlflow_serverless"}
        assert line_of(report, "keys.key").monthly_usd == dollars("3.00", "3.00", "9.00")
        assert not [line for line in report.lines if line.component in ("cluster", "node_pool")]

    def test_a_class_without_a_price_is_listed_and_never_zero(self) -> None:
        item = "database.db.t4g.medium_ha"

        class Without(PriceBook):
            def item_price(self, name: str, region: str) -> Price | None:
                return None if name == item else super().item_price(name, region)

        book = Without(aws().prices.folder)
        stack = stack_of(state=LOCAL, tracking={"mlflow": {"artifacts_gib": 1}})
        report = estimate(stack, replace(aws(), load_prices=lambda: book), components())
        assert [(u.item, u.reason) for u in report.unpriced] == [(item, "no price in the book")]


class TestMonitoringByHand:
    def test_the_disks_of_prometheus_and_beside_it(self) -> None:
        """53 GiB and 203 GiB at $0.08."""
        disks = [
            line_of(report_of(training=training(vcpus=4), monitoring=said), "disk.general", "monitoring").monthly_usd
            for said in ({}, {"prometheus": {"storage_gib": 200}})
        ]
        assert disks == [always("4.24"), always("16.24")]

    def test_detailed_metrics_of_nodes(self) -> None:
        """Seven metrics at $0.30 for each node that runs around the clock."""
        pool = serving(instance_types=["m6i.large"], nodes={"min": 1, "expected": 2, "max": 4})
        report = report_of(serving=pool)
        assert line_of(report, "metrics.custom", "cluster").monthly_usd == dollars("4.20", "4.20", "8.40")
        assert line_of(report, "metrics.custom", "serving.pools.main").monthly_usd == dollars("2.10", "4.20", "8.40")

    def test_samples_of_the_managed_service(self) -> None:
        """500, 1,500 and 6,000 million samples: the first 2,000 at $0.09, the rest at $0.035; collected at $0.003."""
        report = report_of(training=training(vcpus=4), monitoring=MANAGED)
        assert line_of(report, "metrics.samples_ingested").monthly_usd == dollars("45.00", "135.00", "320.00")
        assert line_of(report, "metrics.samples_collected").monthly_usd == dollars("1.50", "4.50", "18.00")
        assert line_of(report, "metrics.collector").monthly_usd == always("29.20")
        assert not [line for line in report.lines if line.item == "disk.general" and line.path == "monitoring"]
        assert line_of(report, "keys.key").monthly_usd == dollars("3.00", "3.00", "9.00")

    def test_samples_are_paid_for_as_long_as_they_are_kept(self) -> None:
        """3 GiB a month at $0.03, for 365 days."""
        said = {**MANAGED, "prometheus": {"hosting": "managed", "retention_days": 365}}
        line = line_of(report_of(training=training(vcpus=4), monitoring=said), "metrics.samples_stored")
        assert line.quantity == 36
        assert line.monthly_usd == dollars("0.36", "1.08", "4.32")

    @pytest.mark.parametrize(
        ("parts", "usd"),
        [({}, "0.50"), ({"network": {"nat": "per_zone"}}, "0.50"), ({"tracking": {"mlflow": {}}}, "0.80")],
        ids=["the cluster", "three gateways", "a database"],
    )
    def test_alarms(self, parts: dict[str, Any], usd: str) -> None:
        """$0.10 for each of 5 metrics of the cluster and 3 of a database; no root has gateways watched."""
        report = report_of(training=training(vcpus=4), monitoring=MANAGED, **parts)
        assert line_of(report, "metrics.alarm").monthly_usd == always(usd)


class TestNodeHours:
    def hours(self, kind: str, **pool: Any) -> Band:
        parts = training(vcpus=2, **pool) if kind == "training" else serving(vcpus=2, **pool)
        stack = stack_of(**{kind: parts})
        return node_hours(pools_of(stack)[1])

    def test_nodes_that_are_always_on_are_not_halved(self) -> None:
        hours = self.hours("training", capacity="on_demand", nodes={"min": 1, "max": 3}, hours_per_month=100)
        assert hours == Band(Decimal(730 + 100), Decimal(730 + 200), Decimal(730 + 300))

    def test_work_that_interruptions_took_is_repeated_on_spot(self) -> None:
        for capacity, expected in (("spot", 210), ("spot_with_fallback", 208)):
            hours = self.hours("training", capacity=capacity, nodes={"max": 2}, hours_per_month=100)
            assert hours == Band(Decimal(100), Decimal(expected), Decimal(345))

    def test_a_month_has_no_more_hours_than_it_has(self) -> None:
        hours = self.hours("training", nodes={"max": 2}, hours_per_month=744)
        assert hours == Band(Decimal(744), Decimal(1460), Decimal(1460))

    def test_a_pool_that_is_never_busy(self) -> None:
        assert self.hours("training", nodes={"max": 2}, hours_per_month=0) == Band.of(0)

    def test_serving_runs_around_the_clock(self) -> None:
        hours = self.hours("serving", nodes={"min": 0, "expected": 1, "max": 2})
        assert hours == Band(Decimal(0), Decimal(730), Decimal(1460))


class Book(PriceBook):
    """A price book with these prices and no others."""

    def __init__(self, *prices: Price) -> None:
        self._items = {(price.item, price.region): price for price in prices if price.option == "list"}
        self._instances = {(price.item, price.option): price for price in prices if price.option != "list"}

    def item_price(self, item: str, region: str) -> Price | None:
        return self._items.get((item, region))

    def instance_price(self, region: str, instance_type: str, option: Any) -> Price | None:
        return self._instances.get((instance_type, option))

    def commitments(self, region: str, instance_type: str) -> tuple[Commitment, ...]:
        return ()

    @property
    def as_of(self) -> tuple[date, date]:
        return date(2026, 1, 1), date(2026, 2, 1)


def price(item: str, *tiers: tuple[int, str], unit: str = "gib", option: Any = "list") -> Price:
    first = Decimal(tiers[0][1])
    steps = tuple(Tier(start, Decimal(usd)) for start, usd in tiers) if option == "list" else ()
    return Price(item, "us-east-1", option, unit, first, first, first, steps, date(2026, 1, 15), "made")


class OneMeter(Component[CloudPart]):
    """A component with one meter."""

    name = "one"
    anywhere = CloudPart()

    def __init__(self, quantity: Band | None, option: Capacity | None = None, unit: str = "gib") -> None:
        self.meter = Meter(Use("thing", unit, quantity, "because", option), "one", "usage", "a.b", "module.one")

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        return ()

    def meters(self, stack: Stack, billing: Billing) -> Iterable[Meter]:
        return (self.meter,)


def selling(book: Book) -> Cloud:
    """AWS with another price book."""
    return replace(aws(), load_prices=lambda: cast(PriceBook, book))


STACK = stack_of(storage={"buckets": {"a": {}}}, state=LOCAL)


class TestPrices:
    @pytest.mark.parametrize(
        ("quantity", "usd"),
        [("0", "0.00"), ("5", "5.00"), ("10", "10.00"), ("11", "10.50"), ("30", "20.00"), ("40", "21.00")],
    )
    def test_tiers_are_filled_one_after_the_other(self, quantity: str, usd: str) -> None:
        """The first 10 at $1, the next 20 at $0.50, what is above at $0.10."""
        book = Book(price("thing", (0, "1"), (10, "0.5"), (30, "0.1")))
        [line] = estimate(STACK, selling(book), [OneMeter(Band.of(Decimal(quantity)))]).lines
        assert line.monthly_usd.expected == Decimal(usd)

    def test_cents_are_rounded_half_up_per_line(self) -> None:
        [line] = estimate(STACK, selling(Book(price("thing", (0, "0.005")))), [OneMeter(Band.of(1))]).lines
        assert line.monthly_usd == always("0.01")

    def test_a_price_that_is_missing_is_listed_and_never_zero(self) -> None:
        report = estimate(STACK, selling(Book()), [OneMeter(Band.of(1))])
        assert report.lines == () and not report.complete
        [unpriced] = report.unpriced
        assert (unpriced.reason, unpriced.hint) == ("no price in the book", "no list price of thing in us-east-1")

    def test_a_use_that_nobody_stated_is_listed_and_never_zero(self) -> None:
        report = estimate(STACK, selling(Book(price("thing", (0, "1")))), [OneMeter(None)])
        assert [(u.reason, u.hint) for u in report.unpriced] == [("usage not stated", "because")]

    @pytest.mark.parametrize("known", ["spot", "on_demand"])
    def test_half_of_a_blend_is_no_price(self, known: str) -> None:
        book = Book(price("thing", (0, "1"), unit="hour", option=known))
        report = estimate(STACK, selling(book), [OneMeter(Band.of(1), "spot_with_fallback", "hour")])
        assert [u.hint for u in report.unpriced] == ["no spot_with_fallback price of thing in us-east-1"]

    def test_units_that_differ_are_a_defect(self) -> None:
        with pytest.raises(ValueError, match="thing is metered by gib and priced by request"):
            estimate(STACK, selling(Book(price("thing", (0, "1"), unit="request"))), [OneMeter(Band.of(1))])

    def test_the_dates_are_those_of_the_prices_used(self) -> None:
        report = estimate(STACK, selling(Book(price("thing", (0, "1")))), [OneMeter(Band.of(1))])
        assert (report.as_of, report.newest) == (date(2026, 1, 15), date(2026, 1, 15))
        assert estimate(STACK, selling(Book()), [OneMeter(None)]).as_of == date(2026, 1, 1)


FULL = {
    "training": {
        "pools": {
            "a": {"gpu": {"memory_gib": 24}, "nodes": {"min": 1, "max": 4}},
            "b": {"vcpus": 8, "capacity": "spot", "nodes": {"max": 2}},
            "c": {"vcpus": 8, "capacity": "on_demand", "nodes": {"max": 2}},
        }
    },
    "serving": {
        "pools": {
            "d": {"vcpus": 2, "nodes": {"min": 0, "max": 3}},
            "e": {"vcpus": 2, "architecture": "arm64", "nodes": {"max": 1}},
        }
    },
    "storage": {"buckets": {"x": {"size_gib": 12345.6}, "y": {}}},
    "registry": {"repositories": {"r": {}}},
    "state": {"backend": "remote"},
}  # fmt: skip
UNPRICED = "object_store.standard"
"""Of bucket y, whose size nobody says."""


@pytest.mark.parametrize("region", REGIONS)
class TestWhole:
    def report(self, region: str) -> CostReport:
        return report_of(cloud=cloud_in(region), **FULL)

    def test_totals_are_the_sum_of_the_lines(self, region: str) -> None:
        report = self.report(region)
        for part in ("low", "expected", "high"):
            by_hand = sum(getattr(line.monthly_usd, part) for line in report.lines)
            assert getattr(report.total, part) == by_hand
            assert sum(getattr(report.total_of(kind), part) for kind in KINDS) == by_hand

    def test_every_band_is_in_order_and_in_whole_cents(self, region: str) -> None:
        for line in self.report(region).lines:
            band = line.monthly_usd
            assert band.low <= band.expected <= band.high, line
            assert all(amount.as_tuple().exponent == -2 for amount in (band.low, band.expected, band.high))
            assert abs(line.quantity * line.unit_usd - band.expected) <= Decimal("0.005")

    def test_every_line_names_its_source_its_assumption_and_its_module(self, region: str) -> None:
        sources = aws().prices.sources
        for line in self.report(region).lines:
            assert line.assumption
            assert line.address.startswith("module.")
            assert all(source in sources for source in line.source.split(" and ")), line.source

    def test_what_is_unknown_is_only_what_nobody_stated(self, region: str) -> None:
        assert [(u.item, u.path) for u in self.report(region).unpriced] == [
            ("object_store.standard", "storage.buckets.y")
        ]


@pytest.mark.parametrize(
    "blueprint", sorted((REPOSITORY / "blueprints").glob("*/blueprint.yaml")), ids=lambda p: p.parent.name
)
def test_every_blueprint_is_priced_completely_and_within_its_budget(blueprint: Path) -> None:
    from groundplan.app.pipeline import resolve_spec

    report = resolve_spec(blueprint).estimate()
    assert report.complete
    assert report.budget is not None and report.within_budget
    assert all(line.monthly_usd.low <= line.monthly_usd.expected <= line.monthly_usd.high for line in report.lines)


class TestBudget:
    def test_within_and_exactly_at_the_limit(self) -> None:
        expected = float(report_of(**FULL).total.expected)
        report = report_of(**FULL, budget={"monthly_usd": expected, "unpriced_usd": {UNPRICED: 0}})
        assert report.budget is not None and report.budget.over_usd == 0
        assert report.within_budget
        assert [found.code for found in findings(report)] == ["GP702"]

    def test_a_total_that_is_at_least_shows_nothing(self) -> None:
        report = report_of(**FULL, budget={"monthly_usd": 1e9})
        assert report.budget is not None and report.budget.over_usd < 0 and not report.budget.exceeded
        assert not report.within_budget
        found, _ = findings(report)
        assert (found.code, found.severity, found.path) == ("GP717", "error", "budget.monthly_usd")
        assert found.message == f"the budget cannot be shown to hold: no figure for {UNPRICED}"

    def test_what_an_item_without_a_price_may_cost_counts(self) -> None:
        expected = float(report_of(**FULL).total.expected)
        said = {"monthly_usd": expected + 10, "unpriced_usd": {UNPRICED: 10, "network.nat_gateway": 10_000}}
        assert report_of(**FULL, budget=said).within_budget
        said["unpriced_usd"] = {UNPRICED: 10.01}
        over, _ = findings(report_of(**FULL, budget=said))
        assert over.code == "GP701" and over.message.endswith(
            "with up to $10.01 for items without a figure, is $0.01 over the budget"
        )

    def test_a_cent_over_it(self) -> None:
        expected = report_of(**FULL).total.expected
        report = report_of(**FULL, budget={"monthly_usd": float(expected - Decimal("0.01"))})
        assert not report.within_budget
        over, unpriced = findings(report)
        assert (over.code, over.severity, over.path) == ("GP701", "error", "budget.monthly_usd")
        assert over.message == f"expected ${expected:,.2f} a month is $0.01 over the budget"
        assert (unpriced.code, unpriced.severity) == ("GP702", "warning")

    def test_the_dearest_lines_are_named_first(self) -> None:
        report = report_of(**FULL, budget={"monthly_usd": 1})
        assert report.budget is not None
        dearest = sorted((line.monthly_usd.expected for line in report.lines), reverse=True)[:3]
        assert [Decimal(words.split("$")[1]) for words in report.budget.drivers] == dearest


class TestPartBudgets:
    def test_a_part_is_a_place_with_all_below_it_or_a_component(self) -> None:
        report = report_of(**FULL)
        training = sum(line.monthly_usd.expected for line in report.lines if line.path.startswith("training."))
        nodes = sum(line.monthly_usd.expected for line in report.lines if line.component == "node_pool")
        pool = sum(line.monthly_usd.expected for line in report.lines if line.path == "training.pools.a")
        limits = {"training": training, "node_pool": nodes, "training.pools.a": pool}
        said = {"monthly_usd": 1e6, "components": {part: float(usd) for part, usd in limits.items()}}
        said["unpriced_usd"] = {UNPRICED: 1}
        report = report_of(**FULL, budget=said)
        assert [(b.part, b.over_usd) for b in report.part_budgets] == [(part, 0) for part in limits]
        assert 0 < pool < training < nodes
        assert report.within_budget

    def test_a_part_over_its_budget_is_an_error_at_its_line(self) -> None:
        said = {"monthly_usd": 1e6, "components": {"training.pools.a": 1, "keys": 500}, "unpriced_usd": {UNPRICED: 1}}
        report = report_of(**FULL, budget=said)
        assert not report.within_budget
        over, _ = findings(report)
        assert (over.code, over.path) == ("GP701", "budget.components.training.pools.a")
        assert "for `training.pools.a`" in over.message
        assert over.hint is not None and "of training.pools.a $" in over.hint

    @pytest.mark.parametrize("part", ["trainings", "training.pools.z", "node_pools", "owner.x"])
    def test_a_part_that_there_is_not(self, part: str) -> None:
        with pytest.raises(DiagnosticsError) as caught:
            report_of(**FULL, budget={"monthly_usd": 1, "components": {part: 1}})
        [found] = caught.value.diagnostics
        assert (found.code, found.place is not None) == ("GP207", True)

    def test_components_are_those_that_something_is_billed_for(self) -> None:
        full = parse(load(REPOSITORY / "tests/specs/valid/full.yaml"))
        reports = (estimate(resolve(full, aws()), aws(), components()), report_of(**FULL))  # with a state of its own
        assert {line.component for report in reports for line in report.lines} == set(billed())


class TestFreeTiers:
    def test_they_are_shown_and_not_taken_off(self) -> None:
        report = report_of(**FULL)
        assert report.free_tiers and not report.free_tiers_applied
        assert not [line for line in report.lines if line.option == "free_tier"]

    def test_taken_off_as_lines_of_their_own(self) -> None:
        """10 GiB expected of 100 free ones at $0.09, 7 metrics and more at $0.30 of ten free ones."""
        stack = stack_of(**FULL)
        plain, less = (estimate(stack, aws(), components(), apply_free_tiers=free) for free in (False, True))
        credit = {line.item: line.monthly_usd for line in less.lines if line.option == "free_tier"}
        assert credit["egress.internet"] == dollars("-0.09", "-0.90", "-9.00")
        assert credit["metrics.custom"] == dollars("-3.00", "-3.00", "-3.00")
        for part in ("low", "expected", "high"):
            saved = sum(getattr(free.saves, part) for free in less.free_tiers)
            assert getattr(plain.total, part) - getattr(less.total, part) == saved
            assert all(getattr(usd, part) <= 0 for usd in credit.values())
        assert plain.priced == less.priced

    def test_only_where_they_hold(self) -> None:
        gcp = find_cloud("gcp")
        assert gcp is not None
        said = {"training": training(vcpus=4), "storage": {"buckets": {"a": {"size_gib": 100}}}}

        def free_in(region: str, **cluster: Any) -> set[str]:
            where = {"provider": "gcp", "region": region, "account": "example-project"}
            stack = resolve(spec_of(cloud=where, cluster={"gcp": cluster} if cluster else {}, **said), gcp)
            return {free.item for free in estimate(stack, gcp, components()).free_tiers}

        assert "object_store.standard" in free_in("us-central1")
        assert "object_store.standard" not in free_in("europe-west4")
        assert "cluster.control_plane" not in free_in("us-central1")
        assert "cluster.control_plane" in free_in("us-central1", location="zonal")


class TestPurchase:
    def report(self, purchase: Any, **parts: Any) -> CostReport:
        return estimate(resolve(spec_of(state=LOCAL, **parts), aws(), NOTHING, purchase), aws(), components())

    def test_nodes_that_are_expected_are_committed_to_and_the_others_on_demand(self) -> None:
        pool = serving(instance_types=["m6a.large"], nodes={"min": 2, "expected": 3, "max": 5})
        prices = {way: aws().prices.instance_price("us-east-1", "m6a.large", way) for way in ("on_demand", "commit_1y")}
        full, committed = prices["on_demand"], prices["commit_1y"]
        assert full is not None and committed is not None
        report = self.report("commit_1y", serving=pool)
        lines = {line.option: line for line in report.lines if line.path == "serving.pools.main" and line.option}
        assert lines["commit_1y"].quantity == 2190
        assert lines["commit_1y"].monthly_usd.expected == round(committed.usd_expected * 2190, 2)
        assert lines["on_demand"].quantity == 0
        assert lines["on_demand"].monthly_usd.high == round(full.usd_expected * 1460, 2)
        assert report.purchase_option == "commit_1y"

    @pytest.mark.parametrize(("hours", "committed"), [(100, 0), (700, 4)])
    def test_training_is_committed_to_whole_where_that_is_cheaper(self, hours: int, committed: int) -> None:
        pool = training(instance_types=["m6a.large"], nodes={"max": 4}, hours_per_month=hours)
        stack = resolve(spec_of(training=pool), aws(), NOTHING, "commit_3y")
        assert pools_of(stack)[1].committed_nodes == committed
        [why] = [d.reason for d in stack.decisions if d.path == "training.pools.main.commitment"]
        assert "a node pays off from" in why

    def test_spot_is_for_everything_but_the_system_pool(self) -> None:
        report = self.report("spot", training=training(vcpus=4, capacity="on_demand"), serving=serving(vcpus=2))
        options = {line.path: line.option for line in report.lines if line.option}
        assert options == {
            "cluster": "on_demand",
            "training.pools.main": "spot",
            "serving.pools.main": "spot",
        }

    def test_break_even_hours_are_where_both_cost_the_same(self) -> None:
        report = report_of(serving=serving(instance_types=["m6a.large"]))
        offers = [offer for offer in report.commitments if offer.path == "serving.pools.main"]
        assert {offer.option for offer in offers} == {"commit_1y", "commit_3y"}
        for offer in offers:
            gap = offer.break_even_hours * offer.on_demand_usd_per_hour - offer.usd_per_hour * 730
            assert abs(gap) <= offer.on_demand_usd_per_hour / 10

    def test_rates_are_the_machines_over_their_useful_hours(self) -> None:
        pool = training(instance_types=["g6.12xlarge"], capacity="on_demand", nodes={"max": 2}, hours_per_month=100)
        report = report_of(training=pool, serving=serving(instance_types=["m6i.large"]))
        assert report.gpu_hours == Band(Decimal(400), Decimal(800), Decimal(1200))
        price = aws().prices.instance_price("us-east-1", "g6.12xlarge", "on_demand")
        assert price is not None and report.usd_per_gpu_hour is not None and report.usd_per_vcpu_hour is not None
        assert abs(report.usd_per_gpu_hour.expected - price.usd_expected / 4) < Decimal("0.00002")
        assert abs(report.usd_per_vcpu_hour.expected - Decimal("0.048")) < Decimal("0.00002")

    def test_repeated_hours_make_spot_dearer_by_the_useful_hour(self) -> None:
        pool = training(instance_types=["g6.xlarge"], capacity="spot", nodes={"max": 1}, hours_per_month=100)
        price = aws().prices.instance_price("us-east-1", "g6.xlarge", "spot")
        rate = report_of(training=pool).usd_per_gpu_hour
        assert price is not None and rate is not None
        assert abs(rate.expected - price.usd_expected * Decimal("1.05")) < Decimal("0.0001")


class TestFullMonth:
    def test_the_discount_is_a_line_for_the_nodes_that_are_always_on(self) -> None:
        gcp = find_cloud("gcp")
        assert gcp is not None
        where = {"provider": "gcp", "region": "us-central1", "account": "example-project"}
        pool = serving(instance_types=["n2-standard-4"], nodes={"min": 2, "expected": 3, "max": 4})
        report = estimate(resolve(spec_of(cloud=where, serving=pool), gcp), gcp, components())
        machine, discount = [line for line in report.lines if line.item == "n2-standard-4"]
        assert (machine.quantity, discount.quantity, discount.option) == (2190, 1460, "sustained_use")
        assert discount.monthly_usd == always(str(-round(machine.unit_usd * 1460 / 5, 2)))


class TestViews:
    report = report_of(**FULL, budget={"monthly_usd": 1})

    def test_the_total_says_at_least_when_something_is_unknown(self) -> None:
        text = view.text(self.report, color=False)
        assert "total, at least" in text
        assert (
            "Not in the total:\n  object_store.standard of storage.buckets.y: usage not stated; set storage.bu" in text
        )
        assert "at least" not in view.text(replace(self.report, unpriced=()), color=False)

    def test_json_has_the_fields_that_are_promised(self) -> None:
        made = view.as_json(self.report)
        assert {"currency", "as_of", "total", "lines", "unpriced", "budget"} <= made.keys()
        assert made["currency"] == "USD"
        assert made["total"].keys() == {"low", "expected", "high"}
        promised = {"component", "item", "unit", "quantity", "unit_usd", "monthly_usd", "source", "as_of"}
        assert all(promised <= line.keys() for line in made["lines"])
        assert round(sum(line["monthly_usd"]["expected"] for line in made["lines"]), 2) == made["total"]["expected"]
        assert made["budget"]["exceeded"] is True and made["complete"] is False

    def test_no_colour_when_none_is_wanted(self) -> None:
        assert "\x1b" not in view.text(self.report, color=False)
        assert "\x1b[1m" in view.text(self.report, color=True)


def test_a_type_that_has_no_price_is_listed() -> None:
    [(region, name), *_] = aws().prices.unpriced
    report = report_of(cloud=cloud_in(region), training=training(instance_types=[name], capacity="on_demand"))
    assert (name, "no price in the book") in [(u.item, u.reason) for u in report.unpriced]


def test_every_pool_kind_is_its_own_kind_of_cost() -> None:
    report = report_of(**FULL)
    stack = stack_of(**FULL)
    kinds = {line.path: line.kind for line in report.lines if line.component == "node_pool"}
    expected: dict[str, str] = {pool.path: "fixed" if pool.kind == "system" else pool.kind for pool in pools_of(stack)}
    assert kinds == expected
    assert all(isinstance(pool, Pool) for pool in pools_of(stack))
