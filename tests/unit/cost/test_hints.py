"""Hints: each saving is what the changed spec really costs less, and points at the line to change."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.pipeline import Resolved, resolve_document
from groundplan.components.node_pool.spec import Training
from groundplan.cost.hints import Hint, changed
from groundplan.spec.load import load
from groundplan.spec.model import root
from tests.unit.stack.specs import BASE, aws, serving, training

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
    return {hint.path: hint for hint in made.hints(made.estimate())}


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
