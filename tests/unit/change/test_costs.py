"""What a change costs: by block, the largest first, small ones together, and what is left behind is still paid."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from groundplan.change.costs import CostChange, Estimate, StillPaid, block_path, cost_change
from groundplan.cost.report import Line, Unpriced
from groundplan.quantities import Band

SPEC: Mapping[str, Any] = {
    "name": "acme",
    "training": {"pools": {"trainer": {"gpu": {"type": "L4"}}, "finetune": {}}},
    "storage": {"buckets": {"datasets": {"retention_days": 30}, "models": {}}},
}
TRAINER, DATASETS = "training.pools.trainer", "storage.buckets.datasets"
BUCKETS = "module.object_store"


def line(path: str, *usd: float, item: str = "g6.2xlarge", component: str = "node_pool", address: str = "m") -> Line:
    low, expected, high = (Decimal(str(one)) for one in (usd * 3)[:3])
    return Line(
        component=component,
        item=item,
        option=None,
        kind="fixed",
        unit="hour",
        quantity=Decimal(1),
        unit_usd=expected,
        monthly_usd=Band(low, expected, high),
        assumption="",
        source="",
        as_of=date(2026, 11, 1),
        path=path,
        address=address,
    )


def bucket(name: str, usd: float) -> Line:
    return line(f"storage.buckets.{name}", usd, item="object_store.standard", component="object_store", address=BUCKETS)


def changed(before: list[Line], after: list[Line], values: Mapping[str, Any] = SPEC, *left: StillPaid) -> CostChange:
    return cost_change(Estimate(before, values=SPEC), Estimate(after, values=values), left)


def test_the_difference_of_a_block_in_every_case() -> None:
    found = changed([line(TRAINER, 50, 100, 200)], [line(TRAINER, 100, 300, 700)])
    assert [one.what for one in found.entries] == ["node pool of training.pools.trainer costs $200.00 a month more"]
    assert found.entries[0].monthly_usd == found.monthly_usd == Band(Decimal(50), Decimal(200), Decimal(500))
    assert found.entries[0].reason == "+$50.00 to +$500.00"


def test_what_becomes_cheaper_has_the_least_first() -> None:
    found = changed([line(TRAINER, 50, 100, 200)], [])
    assert found.monthly_usd == Band(Decimal(-200), Decimal(-100), Decimal(-50))
    assert found.entries[0].reason == "-$200.00 to -$50.00"


def test_the_largest_comes_first_and_what_is_small_comes_together() -> None:
    after = [
        line("cluster", 0.4, component="cluster"),
        line("network", 0.5, component="network"),
        line(TRAINER, 5),
        line("training.pools.finetune", 80),
    ]
    found = changed([], after)
    assert [one.what for one in found.entries] == [
        "node pool of training.pools.finetune costs $80.00 a month",
        "node pool of training.pools.trainer costs $5.00 a month",
        "cluster, network cost $0.90 a month more",
    ]
    assert sum(one.monthly_usd.expected for one in found.entries) == found.monthly_usd.expected == Decimal("85.9")


def test_what_costs_the_same_gives_nothing() -> None:
    same = [line(TRAINER, 50, 100, 200), bucket("datasets", 92)]
    assert changed(same, same) == CostChange()


def test_what_has_no_block_is_called_by_its_component() -> None:
    lines = [line("name", 5, component="keys"), line("cluster", 7), line("tracking.mlflow", 9, component="mlflow")]
    values = {"tracking": {"mlflow": {}}}
    found = cost_change(Estimate(values=values), Estimate(lines, values=values))
    assert [one.what for one in found.entries] == [
        "tracking.mlflow costs $9.00 a month",
        "node pool of cluster costs $7.00 a month",
        "keys cost $5.00 a month",
    ]


def test_a_case_that_alone_is_dearer_is_told() -> None:
    found = changed([line(TRAINER, 10, 10, 10)], [line(TRAINER, 10, 10, 60)])
    assert [one.what for one in found.entries] == [
        "node pool of training.pools.trainer costs the same in the expected month, $50.00 more at most"
    ]


def test_a_renamed_block_is_one() -> None:
    values = {"training": {"pools": {"big": {"renamed_from": "trainer"}}}}
    found = changed([line(TRAINER, 100)], [line("training.pools.big", 150)], values)
    assert [(one.what, one.path) for one in found.entries] == [
        ("node pool of training.pools.big costs $50.00 a month more", "training.pools.big")
    ]


def test_a_block_that_only_one_spec_writes_out_is_one() -> None:
    old = {"tracking": {"mlflow": {}}}
    new = {"tracking": {"mlflow": {"database": {"high_availability": True}}}}
    path = "tracking.mlflow.database"
    found = cost_change(Estimate([line(path, 50)], values=old), Estimate([line(path, 100)], values=new))
    assert [(one.path, one.monthly_usd.expected) for one in found.entries] == [(path, Decimal(50))]


def test_what_is_left_behind_is_still_paid() -> None:
    before, after = [bucket("datasets", 92), bucket("models", 5)], [bucket("models", 5)]
    assert changed(before, after).monthly_usd == Band.of(Decimal(-92))
    left = StillPaid("bucket acme-datasets", BUCKETS, DATASETS)
    found = changed(before, after, SPEC, left)
    assert found.monthly_usd == Band.of(Decimal(0))
    assert [one.what for one in found.entries] == ["bucket acme-datasets is left behind and still paid: $92.00 a month"]
    assert found.entries[0].monthly_usd == Band.of(Decimal(0))
    assert found.entries[0].avoid


def test_of_a_line_for_several_what_is_no_longer_counted_is_still_paid() -> None:
    keys = [line("name", usd, component="keys", item="key", address="module.keys") for usd in (4, 2)]
    left = [StillPaid(f"key acme-{name}", "module.keys", "name") for name in ("a", "b")]
    found = changed(keys[:1], keys[1:], SPEC, *left)
    assert found.monthly_usd == Band.of(Decimal(0))
    expected = ["key acme-a, key acme-b are left behind and still paid: $2.00 a month"]
    assert [one.what for one in found.entries] == expected


def test_a_line_is_for_the_nearest_thing_that_is_left_behind_and_for_no_other() -> None:
    before = [bucket("datasets", 92), line("storage.buckets", 2, component="object_store", address=BUCKETS)]
    logs = StillPaid("bucket acme-logs", BUCKETS, "storage.buckets")
    found = changed(before, [], {}, logs, StillPaid("bucket acme-datasets", BUCKETS, DATASETS))
    assert [one.what for one in found.entries] == [
        "bucket acme-logs is left behind and still paid: $2.00 a month",
        "bucket acme-datasets is left behind and still paid: $92.00 a month",
    ]
    assert found.monthly_usd == Band.of(Decimal(0))


def test_what_comes_back_was_paid_before() -> None:
    back = StillPaid("bucket acme-datasets", BUCKETS, DATASETS)
    after = Estimate([bucket("datasets", 92), bucket("models", 5)], values=SPEC)
    found = cost_change(Estimate(values=SPEC), after, [], [back])
    assert [one.path for one in found.entries] == ["storage.buckets.models"]
    assert found.monthly_usd == Band.of(Decimal(5))


def test_what_has_no_price_is_never_nothing() -> None:
    gap = Unpriced("node_pool", "p6-b300", "hour", "no price in the book", "", TRAINER, "m")
    found = cost_change(Estimate(values=SPEC), Estimate([line(TRAINER, 4, item="disk")], [gap], SPEC))
    assert [one.reason for one in found.entries] == ["without a price: p6-b300"]
    alone = cost_change(Estimate(values=SPEC), Estimate([], [gap], SPEC))
    assert [one.what for one in alone.entries] == [f"node pool of {TRAINER} changes in what has no price"]
    known = cost_change(Estimate([], [gap], SPEC), Estimate([], [gap], SPEC))
    assert known == CostChange()


def test_without_a_spec_on_a_side_nothing_is_said() -> None:
    there = Estimate([line(TRAINER, 5)], values=SPEC)
    assert cost_change(None, there) == cost_change(there, None) == CostChange()


def test_the_block_of_a_line() -> None:
    assert block_path("storage.buckets.datasets.retention_days", SPEC) == "storage.buckets.datasets"
    assert block_path("tracking.mlflow.database", SPEC) == "tracking"
    assert block_path("name", SPEC) == "name"
