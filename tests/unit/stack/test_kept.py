"""A render keeps what the last one decided, as long as it still fits."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.clouds.aws.cloud import AWS
from groundplan.components.cluster.part import cluster_of
from groundplan.components.network.part import network_of
from groundplan.components.node_pool.part import pools_of
from groundplan.components.resolve import resolve
from groundplan.components.state_store.part import state_of
from groundplan.spec.model import root
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Stack
from tests.unit.stack.specs import BASE, training

HERE = "aws us-east-1"
TYPES = "training.pools.main.instance_types"


def resolved(values: dict[str, str], region: str = HERE, **changes: Any) -> Stack:
    return resolve(root().model_validate({**BASE, **changes}), AWS, Kept(region, values))


def reason(stack: Stack, path: str) -> str:
    return next(decision.explanation for decision in stack.decisions if decision.path == path)


def pool_types(stack: Stack) -> tuple[str, ...]:
    return pools_of(stack)[1].instance_types


ON_DEMAND = training(vcpus=4, memory_gib=16, capacity="on_demand")
DEARER = {TYPES: "m5.xlarge", "training.pools.main.capacity": "on_demand"}


def test_a_type_that_still_fits_stays_although_another_is_cheaper() -> None:
    stack = resolved(DEARER, training=ON_DEMAND)
    assert pool_types(stack) == ("m5.xlarge",)
    assert reason(stack, TYPES).startswith("kept from the last render, $0.192 an hour; --upgrade takes ")
    assert pool_types(resolved({}, training=ON_DEMAND)) != ("m5.xlarge",)


@pytest.mark.parametrize(
    ("values", "changes"),
    [
        (DEARER, {"training": training(vcpus=8, memory_gib=16, capacity="on_demand")}),
        (DEARER, {"training": training(vcpus=4, memory_gib=16, capacity="spot")}),
        (DEARER, {"training": training(vcpus=4, memory_gib=16, capacity="on_demand", architecture="arm64")}),
        ({**DEARER, TYPES: "m5.xlarge, no-such.type"}, {"training": ON_DEMAND}),
        ({**DEARER, TYPES: ""}, {"training": ON_DEMAND}),
    ],
    ids=["too small", "different purchase option", "other architecture", "gone", "empty"],
)
def test_a_type_that_does_not_fit_any_more_goes(values: dict[str, str], changes: dict[str, Any]) -> None:
    stack = resolved(values, **changes)
    assert pool_types(stack) == pool_types(resolve(root().model_validate({**BASE, **changes}), AWS))
    assert "kept" not in reason(stack, TYPES)


def test_what_was_decided_for_another_region_counts_for_nothing() -> None:
    assert "m5.xlarge" not in pool_types(resolved(DEARER, region="aws eu-west-1", training=ON_DEMAND))


def test_the_same_decision_reads_the_same_the_second_time() -> None:
    first = resolve(root().model_validate({**BASE, "training": ON_DEMAND}), AWS, NOTHING)
    again = resolved({decision.path: decision.value for decision in first.decisions}, training=ON_DEMAND)
    assert again == first


def test_zones_and_version_stay() -> None:
    before = {"network.zone_ids": "use1-az2, use1-az4, use1-az6", "cluster.version": "1.34"}
    stack = resolved(before, training=ON_DEMAND)
    assert list(network_of(stack).zones) == ["use1-az2", "use1-az4", "use1-az6"]
    assert cluster_of(stack).version == "1.34"
    assert reason(stack, "cluster.version") == "kept from the last render; --upgrade takes 1.35"


@pytest.mark.parametrize(
    "zones",
    ["use1-az2", "use1-az2, use1-az4, use1-az9", "use1-az2, use1-az4, use1-az3", "use1-az2, use1-az2, use1-az2"],
)
def test_zones_that_do_not_fit_go(zones: str) -> None:
    stack = resolved({"network.zone_ids": zones}, training=ON_DEMAND)
    assert ", ".join(network_of(stack).zones) != zones


def test_what_the_spec_says_wins() -> None:
    stack = resolved({"cluster.version": "1.34"}, training=ON_DEMAND, cluster={"version": "1.35"})
    assert cluster_of(stack).version == "1.35"


@pytest.mark.parametrize(
    ("before", "own_state"),
    [
        ({}, "remote"),
        ({"state.bucket": "an-older-release"}, "local"),
        ({"state.bucket": "a", "state.own_state": "local"}, "local"),
        ({"state.bucket": "a", "state.own_state": "remote"}, "remote"),
        ({"state.bucket": "a", "state.own_state": "no such word"}, "remote"),
        ({"state.backend": "local"}, "remote"),
    ],
)
def test_the_state_of_the_state_root_stays_where_it_is(before: dict[str, str], own_state: str) -> None:
    found = resolved(before)
    assert state_of(found).own_state == own_state
    assert reason(found, "state.own_state")
