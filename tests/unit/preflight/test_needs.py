"""From specs to needs, on both clouds."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan import paths
from groundplan.app.preflight import preflight_of
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.components.load import components
from groundplan.components.resolve import resolve
from groundplan.compose.compose import compose
from groundplan.compose.needs import needs_of
from groundplan.preflight.model import Needs
from tests.unit.stack.specs import BASE, serving, spec_of, training

PLACES = {
    "aws": {"provider": "aws", "region": "us-east-1", "account": "111122223333"},
    "gcp": {"provider": "gcp", "region": "us-central1", "account": "ml-project-1"},
}


def needs(provider: str = "aws", **parts: Any) -> Needs:
    cloud = find_cloud(provider)
    assert cloud
    stack = resolve(spec_of(**{**BASE, "cloud": PLACES[provider], **parts}), cloud)
    calls = [call for root in compose(stack, cloud, components(), paths.MODULES).roots for call in root.calls]
    return needs_of(stack, cloud.catalog, calls, paths.MODULES)


def test_a_fallback_pool_has_two_purchase_options() -> None:
    pool = needs(training=training(gpu={"type": "l4"}, capacity="spot_with_fallback")).pools[1]
    assert [(p.purchase_option, p.at_once, p.most) for p in pool.purchases] == [("spot", 0, 4), ("on_demand", 0, 4)]
    assert all(machine.gpu_type == "l4" and machine.gpu_count == 1 for machine in pool.machines)


def test_a_serving_pool_takes_its_minimum_at_once() -> None:
    pool = needs(serving=serving(vcpus=4, capacity="on_demand")).pools[1]
    assert [(p.purchase_option, p.at_once, p.most) for p in pool.purchases] == [("on_demand", 1, 3)]
    assert (pool.at_once, pool.most) == (1, 3)


def test_gateways_follow_nat() -> None:
    one = needs(training=training(vcpus=4)).network
    each = needs(training=training(vcpus=4), network={"nat": "per_zone"}).network
    assert one and each and (len(one.gateway_zones), len(each.gateway_zones)) == (1, 3)


def test_an_existing_network_decides_the_zones() -> None:
    existing = {"id": "vpc-0a1b2c3d", "private_subnets": ["subnet-0a1b2c3d", "subnet-1a1b2c3d"]}
    found = needs(training=training(vcpus=4), network={"existing": existing})
    assert found.network and found.network.id == "vpc-0a1b2c3d"
    assert {pool.zones for pool in found.pools} == {()}


def test_buckets_with_those_nobody_named() -> None:
    found = needs(storage={"buckets": {"data": {"size_gib": 1}}}, state={"backend": "remote"})
    assert sorted(found.buckets.values()) == ["state", "state", "storage.buckets", "storage.buckets.data"]
    assert found.state_bucket == ""


def test_a_state_bucket_of_somebody_elses_must_be_there() -> None:
    found = needs(storage={"buckets": {"data": {"size_gib": 1}}}, state={"backend": "remote", "bucket": "team-state"})
    assert found.state_bucket == "team-state" and "team-state" not in found.buckets


def test_states_lie_in_a_folder_of_their_bucket() -> None:
    buckets = {"buckets": {"data": {"size_gib": 1}}}
    assert needs(storage=buckets).states.endswith("/test")
    own = {"backend": "remote", "bucket": "team-state", "prefix": "ml/dev"}
    assert needs(storage=buckets, state=own).states == "team-state/ml/dev"
    assert needs(storage=buckets, state={"backend": "local"}).states == ""


def test_no_more_than_the_spec_asks_for() -> None:
    found = needs(storage={"buckets": {"data": {"size_gib": 1}}}, state={"backend": "local"})
    assert (found.cluster, found.pools, found.database, found.network, found.servers) == ("", (), None, None, {})
    assert "aws_s3_bucket" in found.resources and "aws_eks_cluster" not in found.resources


def test_a_database_and_volumes() -> None:
    found = needs(training=training(vcpus=4), tracking={"mlflow": {}}, monitoring={})
    assert found.database and found.database.instance_class.startswith("db.")
    assert found.volumes_gib["monitoring"] > 0


def test_apis_of_the_cloud_that_turns_them_on() -> None:
    assert needs("aws", training=training(vcpus=4)).apis == {}
    assert "container.googleapis.com" in needs("gcp", training=training(vcpus=4)).apis


@pytest.mark.parametrize("provider", CLOUDS)
def test_every_cloud_turns_them_into_requirements(provider: str) -> None:
    cloud = find_cloud(provider)
    assert cloud
    full = needs(
        provider,
        training=training(gpu={"type": "l4"}, capacity="spot_with_fallback"),
        serving=serving(vcpus=4),
        storage={"buckets": {"data": {"size_gib": 1}}},
        tracking={"mlflow": {}},
    )
    found = preflight_of(cloud).requirements(full)
    assert {r.kind for r in found} >= {"account", "machine", "quota", "permission", "bucket"}
    quotas = [r for r in found if r.kind == "quota"]
    assert all(r.amount is not None and r.at_once is not None and r.at_once <= r.amount for r in quotas)
    assert all(r.path and r.code and r.where for r in found)
    assert len({(r.kind, r.service, r.code, r.where) for r in found}) == len(found)


def test_the_system_pool_counts_a_node_group_in_each_zone() -> None:
    assert {pool.path: pool.groups for pool in needs(training=training(vcpus=4)).pools[:1]} == {"cluster": 2}
