"""What a bill has beside the first price of a thing: what is repeated, kept, rotated, or comes later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from groundplan.clouds.aws.billing import BILLING as AWS_BILLING
from groundplan.clouds.aws.billing import surplus
from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Amount, key_versions
from groundplan.clouds.gcp.billing import BILLING as GCP_BILLING
from groundplan.components.load import components
from groundplan.components.node_pool.part import pools_of
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.cost.report import CostReport, Line
from groundplan.prices.book import Price, PriceBook
from groundplan.quantities import Band, cents, millionths
from groundplan.stack.kept import NOTHING
from groundplan.stack.purchase import Commit, Duty, break_even_hours, commit
from tests.unit.stack.specs import ON_GCP, aws, gcp, serving, spec_of, stack_of, training

LOCAL = {"backend": "local"}


def report_of(**parts: Any) -> CostReport:
    cloud = gcp() if parts.get("cloud", {}).get("provider") == "gcp" else aws()
    return estimate(stack_of(**{"state": LOCAL, **parts}), cloud, components())


def line_of(report: CostReport, item: str, path: str | None = None, option: str | None = None) -> Line:
    [line] = [
        line
        for line in report.lines
        if line.item == item and path in (None, line.path) and option in (None, line.option)
    ]
    return line


def hour(name: str, option: Any) -> Price:
    price = aws().prices.instance_price("us-east-1", name, option)
    assert price is not None
    return price


def whole(amounts: Iterable[Decimal]) -> Band:
    return Band(*map(cents, amounts))


def without(items: Mapping[tuple[str, str], Price]) -> Cloud:
    """AWS with these prices of items and no others."""
    book = PriceBook(aws().prices.folder)
    book.__dict__["items"] = items
    return replace(aws(), load_prices=lambda: book)


class TestSpotWithFallback:
    """100 hours of an m6i.large; half as much again at the most."""

    pool = training(instance_types=["m6i.large"], nodes={"max": 1}, hours_per_month=100)
    line = line_of(report_of(training=pool), "m6i.large")

    def test_hours_on_demand_are_never_repeated(self) -> None:
        assert self.line.option == "spot_with_fallback"
        assert self.line.quantity == 104  # 5 % of the four fifths on spot

    def test_at_the_most_it_is_the_dearer_of_all_on_spot_and_all_on_demand(self) -> None:
        spot, on_demand = hour("m6i.large", "spot"), hour("m6i.large", "on_demand")
        dearer = max(spot.usd_high * 150 * Decimal("1.15"), on_demand.usd_expected * 150)
        assert self.line.monthly_usd.high == cents(dearer)
        assert self.line.monthly_usd.low == cents(spot.usd_low * 50)


class TestSustainedUse:
    """An hour of N1 costs 100, 80, 60 and 40 % in the four quarters of a month: 70 % of all of it."""

    def offers(self, name: str) -> dict[str, Any]:
        report = report_of(cloud=ON_GCP, serving=serving(instance_types=[name]))
        return {offer.option: offer for offer in report.commitments if offer.path == "serving.pools.main"}

    def test_a_commitment_competes_with_the_discounted_price(self) -> None:
        """At 63 % of the list price: three quarters come to 60 %, and 3 % are 40 % of the next 54.75 hours."""
        offer = break_even_hours(
            Decimal(1), Decimal("0.63"), (Decimal(1), Decimal("0.8"), Decimal("0.6"), Decimal("0.4"))
        )
        assert offer == Decimal("602.2")
        assert break_even_hours(Decimal(1), Decimal("0.63")) == Decimal("459.9")

    def test_what_is_no_cheaper_than_a_full_month_never_pays(self) -> None:
        quarters = (Decimal(1), Decimal("0.8"), Decimal("0.6"), Decimal("0.4"))
        assert break_even_hours(Decimal(1), Decimal("0.7"), quarters) == 730
        assert break_even_hours(Decimal(1), Decimal("0.71"), quarters) > 730
        assert break_even_hours(Decimal(1), Decimal(10**9), quarters) == 1_000_000

    @pytest.mark.parametrize("name", ["n1-standard-4", "n2-standard-4", "n2d-standard-4", "c2-standard-8"])
    def test_the_report_shows_the_price_of_a_full_month(self, name: str) -> None:
        factor = gcp().catalog.sustained_use_of(name).full_month
        offer = self.offers(name)["commit_1y"]
        assert offer.full_month_usd_per_hour == millionths(offer.on_demand_usd_per_hour * factor)
        assert factor < 1
        plain = 730 * offer.usd_per_hour / offer.on_demand_usd_per_hour
        assert plain + 50 < offer.break_even_hours <= 730

    def test_other_families_have_no_discount(self) -> None:
        offer = self.offers("c3-standard-4")["commit_1y"]
        assert offer.full_month_usd_per_hour == offer.on_demand_usd_per_hour


class TestCommitments:
    pool = serving(instance_types=["m6a.large"], nodes={"min": 1, "expected": 3, "max": 5})

    def resolved(self, option: Any) -> Any:
        return resolve(spec_of(state=LOCAL, serving=self.pool), aws(), NOTHING, option)

    def test_nodes_expected_in_every_hour_are_committed_to_where_it_pays(self) -> None:
        stack = self.resolved("commit_1y")
        assert pools_of(stack)[1].committed_nodes == 3
        [why] = [decision for decision in stack.decisions if decision.path == "serving.pools.main.commitment"]
        assert why.value == "3 of 5 nodes"
        assert "1 always on, 3 on average in every hour" in why.reason

    def test_they_are_due_although_fewer_run(self) -> None:
        report = estimate(self.resolved("commit_1y"), aws(), components())
        committed = hour("m6a.large", "commit_1y")
        line = line_of(report, "m6a.large", "serving.pools.main", "commit_1y")
        assert line.monthly_usd.low == cents(committed.usd_low * 3 * 730)
        above = line_of(report, "m6a.large", "serving.pools.main", "on_demand")
        assert (above.quantity, above.monthly_usd.low) == (0, 0)
        assert above.monthly_usd.high == cents(hour("m6a.large", "on_demand").usd_expected * 2 * 730)

    def test_a_commitment_that_costs_more_is_for_nodes_that_are_always_on_only(self) -> None:
        duty = Duty(1, 5, Decimal(2 * 730), all_or_always=False, nodes_steady=3)
        assert commit(duty, Decimal(1), Decimal("1.1")) == Commit(1, Decimal("2263"))
        assert commit(duty, Decimal(1), Decimal("0.9")) == Commit(3, Decimal("1971"))
        assert commit(duty, Decimal(1), Decimal("0.75"), Decimal("0.7")) == Commit(1, Decimal("2007.5"))


class TestLogs:
    def test_the_archive_of_cloudwatch_is_compressed(self) -> None:
        """10 GiB a month of control-plane logs, a year of them, a fifth of that kept: 24 GiB at $0.03."""
        report = report_of(cluster={"logs_retention_days": 365}, training=training(vcpus=4))
        stored = line_of(report, "logs.stored", "cluster")
        assert stored.quantity == 24
        assert stored.monthly_usd == whole(map(Decimal, ("0.144", "0.72", "3.6")))
        assert "compressed to 20%" in stored.assumption

    def test_thirty_gigabytes_are_kept_as_six(self) -> None:
        """https://aws.amazon.com/cloudwatch/pricing/ has the example."""
        _, stored = AWS_BILLING.logs(Amount.of(30, "a month of them"), 365)
        assert stored.amount is not None
        assert stored.amount.expected / 12 == 6

    def test_google_keeps_what_it_took_in(self) -> None:
        _, stored = GCP_BILLING.logs(Amount.of(30, "a month of them"), 60)
        assert stored.amount is not None
        assert round(stored.amount.expected, 6) == round(30 * Decimal(30) * 12 / 365, 6)


class TestKeys:
    def test_aws_bills_two_rotations_and_no_more(self) -> None:
        """$1 until the first rotation, $3 from the second on; two keys."""
        line = line_of(report_of(training=training(vcpus=4)), "keys.key")
        assert line.monthly_usd == whole(map(Decimal, (2, 2, 6)))
        assert "a new version every 365 days" in line.assumption

    def test_google_bills_every_version(self) -> None:
        """$0.06 for each: one at first, five after a year; 365, 275, 185, 95 and 5 days of the first year."""
        line = line_of(report_of(cloud=ON_GCP, training=training(vcpus=4)), "keys.key", "name")
        keys = line.monthly_usd.low / Decimal("0.06")
        assert line.monthly_usd.high == cents(keys * 5 * Decimal("0.06"))
        assert line.monthly_usd.expected == cents(keys * Decimal(365 + 275 + 185 + 95 + 5) / 365 * Decimal("0.06"))

    @pytest.mark.parametrize(
        ("days", "most", "versions"),
        [(365, 3, (1, 1, 3)), (730, 3, (1, 1, 3)), (90, 3, (1, Decimal(825) / 365, 3)), (400, None, (1, 1, 1))],
    )
    def test_versions_by_the_period_of_rotation(self, days: int, most: int | None, versions: tuple[Any, ...]) -> None:
        assert key_versions(days, most).cases == versions

    def test_a_key_that_never_rotates_has_one_version(self) -> None:
        assert AWS_BILLING.key(Amount.of(2, "keys")).amount == Band.of(2)


class TestBackups:
    def database(self, cloud: dict[str, str] | None = None, **database: Any) -> Line:
        parts: dict[str, Any] = {"tracking": {"mlflow": {"database": {"storage_gib": 100, **database}}}}
        return line_of(report_of(**parts, **({"cloud": cloud} if cloud else {})), "database.backup")

    def test_rds_has_as_much_as_the_storage_for_free(self) -> None:
        """14 days: 30 to 64 % of the disk at first; 240 % of the 200 GiB it may grow to, less 200 GiB, at $0.095."""
        assert self.database(backup_days=14).monthly_usd == whole(map(Decimal, ("0", "0", "26.6")))

    def test_more_days_are_more_than_that(self) -> None:
        """35 days: half of the disk and 2 % of it a day are 85 GiB, still free."""
        line = self.database(backup_days=35)
        assert (line.monthly_usd.expected, line.monthly_usd.high) == (0, cents(200 * Decimal("3.5") * Decimal("0.095")))

    def test_cloud_sql_bills_all_of_them_and_no_logs(self) -> None:
        line = self.database(ON_GCP, backup_days=14)
        price = gcp().prices.item_price("database.backup", "us-central1")
        assert price is not None
        assert line.monthly_usd.expected == cents(100 * Decimal("0.5") * Decimal("1.28") * price.usd_expected)
        assert "logs for recovery are kept for 7 days at no charge" in line.assumption


class TestOldVersions:
    def versions(self, cloud: dict[str, str] | None = None, **bucket: Any) -> Line | None:
        parts: dict[str, Any] = {"storage": {"buckets": {"data": bucket}}, **({"cloud": cloud} if cloud else {})}
        lines = [one for one in report_of(**parts).lines if one.path == "storage.buckets.data.retention_days"]
        return lines[0] if lines else None

    def test_a_stated_churn_is_kept_for_the_retention(self) -> None:
        line = self.versions(churn_gib_per_month=100, retention_days=73, size_gib=1000)
        assert line is not None
        assert (line.item, line.quantity) == ("object_store.standard", Decimal("240"))
        assert line.monthly_usd == whole([Decimal("5.52")] * 3)
        assert "100 GiB a month as set in the spec, kept for 73 days" in line.assumption

    def test_a_churn_without_a_size_has_a_figure_too(self) -> None:
        line = self.versions(churn_gib_per_month=100, retention_days=73)
        assert line is not None and line.quantity == 240

    def test_without_one_it_is_a_part_of_the_size(self) -> None:
        line = self.versions(retention_days=73, size_gib=1000)
        assert line is not None
        assert line.monthly_usd == whole(Decimal(gib) * Decimal("0.023") for gib in (0, 48, 480))

    def test_what_expires_is_kept_too(self) -> None:
        """1,000 GiB that are new every 73 days are 416.67 GiB a month, and those 73 days kept once more."""
        line = self.versions(retention_days=73, size_gib=1000, expire_after_days=73)
        assert line is not None
        assert line.monthly_usd == whole(Decimal(gib) * Decimal("0.023") for gib in (700, 1000, 1300))

    def test_no_versions_no_line(self) -> None:
        assert self.versions(churn_gib_per_month=100, versioning=False) is None
        assert self.versions(churn_gib_per_month=100, versioning=False, cloud=ON_GCP) is not None

    def test_google_keeps_what_was_deleted_for_seven_more_days(self) -> None:
        line = self.versions(churn_gib_per_month=100, retention_days=66, cloud=ON_GCP)
        assert line is not None and line.quantity == 240


def test_zones_of_private_names_are_counted_where_a_module_makes_them() -> None:
    """Private zones of AWS's endpoints are the service's own, and free."""
    makes = re.compile(
        r'^resource "(google_dns_managed_zone|aws_route53_zone|aws_service_discovery_\w+)"', re.MULTILINE
    )
    modules = Path(__file__).parents[3] / "modules"
    makers = [path for path in sorted(modules.glob("*/*/*.tf")) if makes.search(path.read_text(encoding="utf-8"))]
    assert [path.relative_to(modules).as_posix() for path in makers] == ["gcp/network/private_google.tf"]
    zones = re.search(r"private_google_zones = \{(.*?)\n  \}", makers[0].with_name("locals.tf").read_text(), re.DOTALL)
    assert zones is not None
    line = line_of(report_of(cloud=ON_GCP, training=training(vcpus=4)), "dns.zone")
    assert line.quantity == zones[1].count("domain")


class TestCredits:
    """Nothing is expected above the credits; at the most half of each vCPU, all month."""

    def test_system_nodes(self) -> None:
        """Two to four t3a.medium, of which 20 % of each of two vCPUs is in the price: 0.3 x 2 x 4 x 730 at $0.05."""
        report = report_of(serving=serving(vcpus=2))
        assert line_of(report, "t3a.medium", "cluster").quantity == 2 * 730
        line = line_of(report, "instance.cpu_credits_t3a", "cluster")
        assert line.monthly_usd == whole(map(Decimal, (0, 0, "87.60")))

    def test_a_burstable_type_that_a_spec_names(self) -> None:
        pool = serving(instance_types=["t4g.medium"], nodes={"min": 1, "expected": 1, "max": 1})
        line = line_of(report_of(serving=pool), "instance.cpu_credits_t4g")
        assert line.monthly_usd.high == cents(Decimal("0.3") * 2 * 730 * Decimal("0.04"))

    def test_other_machines_have_none(self) -> None:
        report = report_of(serving=serving(instance_types=["m6i.large"]))
        paths = [line.path for line in report.lines if line.item.startswith("instance.cpu_credits")]
        assert paths == ["cluster"]

    def test_a_class_of_rds(self) -> None:
        """db.t4g.medium has 20 % of each vCPU: 0.3 x 2 x 730 at $0.075."""
        line = line_of(report_of(tracking={"mlflow": {"artifacts_gib": 1}}), "database.cpu_credits")
        assert line.monthly_usd == whole(map(Decimal, (0, 0, "32.85")))

    def test_every_burstable_type_has_a_baseline(self) -> None:
        names = [name for name, item in aws().catalog.instances.items() if item.burstable and item.family[0] == "t"]
        assert names and all(surplus(name, Decimal(1)) is not None for name in names if name[:2] != "t2")
        assert surplus("m6i.large", Decimal(1)) is None

    def test_where_no_price_is_known_it_is_listed(self) -> None:
        book = {key: price for key, price in aws().prices.items.items() if "cpu_credits" not in key[0]}
        made = estimate(stack_of(serving=serving(vcpus=2)), without(book), components())
        assert ("instance.cpu_credits_t3a", "no price in the book") in [(u.item, u.reason) for u in made.unpriced]
