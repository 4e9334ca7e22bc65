"""Hints: each saving is what the changed spec really costs less, and points at the line to change."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import Resolved, resolve_document
from groundplan.components.node_pool.spec import Training
from groundplan.cost.hints import NEAR_KM, Hint, changed
from groundplan.cost.uncertainty import at_expected_use
from groundplan.quantities import cents
from groundplan.spec.load import load
from groundplan.spec.model import root
from groundplan.stack.kept import NOTHING
from tests.unit.stack.specs import BASE, aws, gcp, serving, training

EXTENDED = [v.version for v in aws().catalog.kubernetes_versions if v.support(v.as_of) == "extended"][-1]
NAMED = {**BASE, "name": "fraud"}
GCP = {"provider": "gcp", "region": "us-central1", "account": "example-project"}
DEV = {**BASE, "name": "fraud-dev"}
FILE = Path("groundplan.yaml")


def resolved(spec: dict[str, Any]) -> Resolved:
    text = yaml.safe_dump(spec, sort_keys=False)
    return resolve_document(load(FILE, read=lambda _: text.encode()), FILE)


def hints_of(**parts: Any) -> dict[str, Hint]:
    made = resolved({**NAMED, "state": {"backend": "local"}, **parts})
    return {hint.path: hint for hint in made.hints(made.estimate()) if hint.kind == "setting"}


def told(kind: str, **parts: Any) -> list[Hint]:
    """Hints of a kind, the largest saving first."""
    made = resolved({**NAMED, "state": {"backend": "local"}, **parts})
    return [hint for hint in made.hints(made.estimate()) if hint.kind == kind]


CASES: list[tuple[str, dict[str, Any], str, dict[str, Any]]] = [
    (
        "an idle node",
        {"training": training(vcpus=4, nodes={"min": 1, "max": 2})},
        "training.pools.main.nodes.min",
        {"training": training(vcpus=4, nodes={"min": 0, "max": 2})},
    ),
    (
        "on demand where spot would do",
        {"training": training(gpu={"memory_gib": 24}, capacity="on_demand")},
        "training.pools.main.capacity",
        {"training": training(gpu={"memory_gib": 24}, capacity="spot_with_fallback")},
    ),
    (
        "a previous generation",
        {"cloud": GCP, "serving": serving(instance_types=["c2-standard-8"])},
        "serving.pools.main.instance_types",
        {"cloud": GCP, "serving": serving(vcpus=8, memory_gib=32, architecture="x86_64")},
    ),
    (
        "a previous generation with a GPU",
        {"cloud": GCP, "serving": serving(instance_types=["n1-highmem-8+1xv100"])},
        "serving.pools.main.instance_types",
        {
            "cloud": GCP,
            "serving": serving(vcpus=8, memory_gib=52, architecture="x86_64", gpu={"memory_gib": 16, "count": 1}),
        },
    ),
    (
        "a gateway in each zone of a development environment",
        {"name": "fraud-dev", "network": {"nat": "per_zone"}, "serving": serving(vcpus=2)},
        "network.nat",
        {"name": "fraud-dev", "network": {"nat": "single"}, "serving": serving(vcpus=2)},
    ),
    (
        "a gateway in each zone by default",
        {"labels": {"stage": "test"}, "serving": serving(vcpus=2)},
        "network.nat",
        {"labels": {"stage": "test"}, "network": {"nat": "single"}, "serving": serving(vcpus=2)},
    ),
    (
        "a version in extended support",
        {"cluster": {"version": EXTENDED}, "training": training(vcpus=4)},
        "cluster.version",
        {"training": training(vcpus=4)},
    ),
    (
        "a standby in a development environment",
        {"name": "fraud-dev", "tracking": {"mlflow": {}}},
        "tracking.mlflow.database.high_availability",
        {"name": "fraud-dev", "tracking": {"mlflow": {"database": {"high_availability": False}}}},
    ),
    (
        "a large database",
        {"tracking": {"mlflow": {"database": {"vcpus": 4, "memory_gib": 16}}}},
        "tracking.mlflow.database.vcpus",
        {"tracking": {"mlflow": {"database": {"vcpus": 2, "memory_gib": 4}}}},
    ),
]


@pytest.mark.parametrize(("name", "before", "path", "after"), CASES, ids=[case[0] for case in CASES])
def test_the_saving_is_the_difference_of_two_estimates(
    name: str, before: dict[str, Any], path: str, after: dict[str, Any]
) -> None:
    hint = hints_of(**before)[path]
    totals = [
        resolved({**NAMED, "state": {"backend": "local"}, **parts}).estimate().total.expected
        for parts in (before, after)
    ]
    assert hint.saving_usd == totals[0] - totals[1] > 0
    assert (hint.code, bool(hint.message), bool(hint.change)) == ("GP704", True, True)


@pytest.mark.parametrize(("name", "before", "path", "after"), CASES, ids=[case[0] for case in CASES])
def test_what_was_followed_is_not_told_again(
    name: str, before: dict[str, Any], path: str, after: dict[str, Any]
) -> None:
    assert path not in hints_of(**after)


def test_a_frugal_spec_has_no_hints() -> None:
    assert hints_of(training=training(vcpus=4), tracking={"mlflow": {}}) == {}


def test_production_keeps_its_standby_and_its_gateways() -> None:
    assert hints_of(serving=serving(vcpus=2), tracking={"mlflow": {}}) == {}
    assert hints_of(name="devices", serving=serving(vcpus=2), tracking={"mlflow": {}}) == {}


def test_the_largest_saving_comes_first_and_points_at_its_line() -> None:
    parts = {
        "training": training(vcpus=4, capacity="on_demand", nodes={"min": 2, "max": 4}),
        "tracking": {"mlflow": {}},
    }
    made = resolved({**DEV, **parts})
    found = made.hints(made.estimate())
    savings = [hint.saving_usd for hint in found]
    assert savings == sorted(savings, reverse=True) and len(found) >= 3
    text = yaml.safe_dump({**DEV, **parts}, sort_keys=False).splitlines()
    for path, key in (("training.pools.main.nodes.min", "min:"), ("training.pools.main.capacity", "capacity:")):
        place = made.place(path)
        assert place is not None and key in text[place.line - 1]
    missing = made.place("tracking.mlflow.database.high_availability")
    assert missing is not None and "mlflow" in text[missing.line - 1]


def test_a_change_leaves_everything_else_as_it_was() -> None:
    spec = resolved({**BASE, "training": training(instance_types=["m5.large"], capacity="spot")}).spec
    pool = "training.pools.main"
    other = changed(spec, {f"{pool}.instance_types": None, f"{pool}.vcpus": 2, "network.nat": "single"})
    assert other == root().model_validate(
        {**BASE, "network": {"nat": "single"}, "training": training(vcpus=2, capacity="spot")}
    )
    assert spec.section(Training).pools["main"].instance_types == ["m5.large"]


class TestCommitments:
    pool = serving(instance_types=["m6a.large"], nodes={"min": 1, "expected": 3, "max": 5})

    def test_the_saving_is_that_of_the_nodes_that_always_run(self) -> None:
        [hint] = [one for one in told("commitment", serving=self.pool) if one.path == "serving.pools.main"]
        on_demand, committed = (self.hours("us-east-1", "m6a.large", way, 3) for way in ("on_demand", "commit_1y"))
        assert hint.saving_usd == on_demand - committed
        assert "3 nodes run in every hour" in hint.message
        assert "3 m6a.large, one year" in hint.change

    def hours(self, region: str, name: str, option: Any, nodes: int) -> Decimal:
        """A month of so many nodes."""
        cloud = aws() if name[:3] == "m6a" else gcp()
        price = cloud.prices.instance_price(region, name, option)
        assert price is not None
        return cents(price.usd_expected * nodes * 730)

    @pytest.mark.parametrize(
        "pool",
        [
            serving(instance_types=["m6a.large"], capacity="spot"),
            serving(instance_types=["m6a.large"], nodes={"min": 0, "expected": 0, "max": 5}),
        ],
        ids=["on spot", "never running"],
    )
    def test_no_commitment_where_none_pays(self, pool: dict[str, Any]) -> None:
        assert [one.path for one in told("commitment", serving=pool) if one.path != "cluster"] == []

    def test_n1_is_compared_with_its_price_of_a_full_month(self) -> None:
        pool = serving(instance_types=["n1-standard-4"], nodes={"min": 2, "expected": 2, "max": 2})
        [hint] = [one for one in told("commitment", cloud=GCP, serving=pool) if one.path == "serving.pools.main"]
        ways = ("on_demand", "commit_1y")
        list_price, committed = (self.hours("us-central1", "n1-standard-4", way, 2) for way in ways)
        discounted = list_price - cents(list_price * Decimal("0.3"))
        assert abs(hint.saving_usd - (discounted - committed)) <= Decimal("0.02")

    def test_nodes_that_come_and_go_get_the_discount_of_a_full_month_too(self) -> None:
        """Four N1 in every hour of an expected month, of which the estimate counts on one to be there."""
        pool = serving(instance_types=["n1-standard-4"], nodes={"min": 1, "expected": 4, "max": 4})
        [hint] = [one for one in told("commitment", cloud=GCP, serving=pool) if one.path == "serving.pools.main"]
        list_price, committed = (
            self.hours("us-central1", "n1-standard-4", way, 4) for way in ("on_demand", "commit_1y")
        )
        assert abs(hint.saving_usd - (list_price * Decimal("0.7") - committed)) <= Decimal("0.03")

    def test_an_estimate_with_commitments_has_no_more_of_them(self) -> None:
        text = yaml.safe_dump({**NAMED, "serving": self.pool}, sort_keys=False)
        overrides = Overrides(purchase_option="commit_1y")
        made = resolve_document(load(FILE, read=lambda _: text.encode()), FILE, overrides=overrides)
        assert [one for one in made.hints(made.estimate()) if one.kind == "commitment"] == []


class TestRegions:
    place = next({**GCP, "region": name} for name in ("us-west2", "europe-west2") if name in gcp().catalog.regions)

    def test_the_cheapest_region_nearby_is_told_with_the_difference(self) -> None:
        [hint] = told("region", cloud=self.place, serving=serving(vcpus=4))
        there = {**self.place, "region": hint.change.removeprefix("region: ").partition(",")[0]}
        before, after = (
            resolved({**NAMED, "state": {"backend": "local"}, "cloud": place, "serving": serving(vcpus=4)}).estimate()
            for place in (self.place, there)
        )
        saved = before.total.expected - after.total.expected
        assert hint.saving_usd == saved > before.total.expected / 50
        assert hint.path == "cloud.region"

    def test_a_spec_that_names_things_of_its_region_stays_there(self) -> None:
        labels = {"of": f"{self.place['region']}-a"}
        assert told("region", cloud=self.place, serving=serving(vcpus=4), labels=labels) == []

    def test_an_environment_that_was_rendered_stays_where_it_is(self) -> None:
        made = resolved({**NAMED, "cloud": self.place, "serving": serving(vcpus=4)})
        kept = replace(made, kept=replace(NOTHING, region=made.stack.region))
        assert [one for one in kept.hints(made.estimate()) if one.kind == "region"] == []

    def test_what_spot_prices_can_turn_around_is_not_told(self) -> None:
        pool = training(vcpus=16, capacity="spot", nodes={"max": 40}, hours_per_month=700)
        made = resolved({**NAMED, "cloud": self.place, "training": pool})
        report = made.estimate()
        band = at_expected_use(report, gcp().prices)
        assert band.low < band.expected == report.total.expected < band.high
        for hint in (one for one in made.hints(report) if one.kind == "region"):
            there = {**self.place, "region": hint.change.removeprefix("region: ").partition(",")[0]}
            after = resolved({**NAMED, "cloud": there, "training": pool}).estimate()
            assert at_expected_use(after, gcp().prices).high < band.low

    def test_regions_are_on_the_same_continent(self) -> None:
        catalog = aws().catalog
        assert "us-east-2" in catalog.near("us-east-1", NEAR_KM)
        assert not {"eu-west-1", "ap-northeast-1"} & set(catalog.near("us-east-1", NEAR_KM))
        assert catalog.near("nowhere", NEAR_KM) == []


def test_a_successor_of_the_same_size_is_told_where_it_costs_less() -> None:
    pool = {"instance_types": ["c5a.2xlarge"], "capacity": "on_demand"}
    hint = hints_of(serving=serving(**pool))["serving.pools.main.instance_types"]
    name = hint.change.removeprefix("instance_types: [").rstrip("]")
    before, after = (
        resolved({**NAMED, "state": {"backend": "local"}, "serving": serving(**{**pool, **types})}).estimate()
        for types in ({}, {"instance_types": [name]})
    )
    assert hint.saving_usd == before.total.expected - after.total.expected > 0
    sizes = [aws().catalog.instances[one] for one in ("c5a.2xlarge", name)]
    assert (sizes[0].vcpus, sizes[0].memory_gib) == (sizes[1].vcpus, sizes[1].memory_gib)
    assert not sizes[1].burstable, "c7i-flex has full CPU for a part of the time only"
