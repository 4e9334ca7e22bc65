"""What a bill has beside the first price of a thing: what is repeated, kept, rotated, or comes later."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import pytest

from groundplan.components.load import components
from groundplan.components.node_pool.part import pools_of
from groundplan.components.resolve import resolve
from groundplan.cost.estimate import estimate
from groundplan.cost.report import CostReport, Line
from groundplan.prices.book import Price
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
