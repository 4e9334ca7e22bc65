"""What a running environment is made of: no render changes it silently, or asks the cloud for what it refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from groundplan.clouds.aws.cloud import AWS
from groundplan.clouds.base import Cloud
from groundplan.clouds.gcp.cloud import GCP
from groundplan.components.cluster.part import cluster_of
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.monitoring.part import Monitoring
from groundplan.components.network.part import Network, network_of
from groundplan.components.resolve import resolve
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.spec.model import root
from groundplan.stack.kept import Kept
from groundplan.stack.model import Stack
from tests.unit.stack.specs import BASE, training

BASES: dict[str, dict[str, Any]] = {
    "aws": BASE,
    "gcp": {**BASE, "cloud": {"provider": "gcp", "region": "us-central1", "account": "acme-ml"}},
}
CLOUDS = {"aws": AWS, "gcp": GCP}
POOL = training(vcpus=4, memory_gib=16, capacity="on_demand")
ZONES = {"aws": ("use1-az1", "use1-az2", "use1-az4"), "gcp": ("us-central1-a", "us-central1-b", "us-central1-c")}
VPC = {"id": "vpc-0a1b2c3d4e5f60718", "private_subnets": ["subnet-0a1b2c3d4e5f60718", "subnet-0a1b2c3d4e5f60719"]}


def spec_of(cloud: str, **changes: Any) -> Any:
    return root().model_validate({**BASES[cloud], "training": POOL, **changes})


def kept(cloud: str, values: dict[str, str], **further: Any) -> Kept:
    base = BASES[cloud]["cloud"]
    environment = f"{base['account']} {BASES[cloud]['name']}"
    return Kept(f"{cloud} {base['region']}", values, **{"environment": environment, **further})


def again(cloud: str, values: dict[str, str], keeping: dict[str, Any] | None = None, **changes: Any) -> Stack:
    return resolve(spec_of(cloud, **changes), CLOUDS[cloud], kept(cloud, values, **(keeping or {})))


def refused(cloud: str, values: dict[str, str], **changes: Any) -> Diagnostic:
    with pytest.raises(DiagnosticsError) as caught:
        again(cloud, values, **changes)
    [found] = [d for d in caught.value.diagnostics if d.code == "GP308"]
    return found


def zones_of(stack: Stack) -> tuple[str, ...]:
    network = network_of(stack)
    assert isinstance(network, Network)
    return network.zones


def version_of(stack: Stack) -> str:
    cluster = cluster_of(stack)
    assert cluster is not None
    return cluster.version


def running(cloud: str, version: str = "1.34") -> dict[str, str]:
    return {"network.zone_ids": ", ".join(ZONES[cloud]), "network.zones": "3", "cluster.version": version}


def kept_in_extended_support(version: str) -> dict[str, Any]:
    """With the channel that GKE keeps old versions in."""
    return {"version": version, "gcp": {"release_channel": "EXTENDED"}}


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize(
    ("before", "wanted", "possible"),
    [("1.32", "1.34", "1.33"), ("1.33", "1.35", "1.34"), ("1.32", "1.35", "1.33")],
)
def test_minor_versions_are_not_skipped(cloud: str, before: str, wanted: str, possible: str) -> None:
    found = refused(cloud, running(cloud, before), cluster=kept_in_extended_support(wanted))
    assert found.path == "cluster.version"
    assert f"runs {before}" in found.message
    assert f'use cluster.version: "{possible}" and apply it' in (found.hint or "")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize(("before", "wanted"), [("1.35", "1.33"), ("1.34", "1.33")])
def test_a_control_plane_does_not_go_back(cloud: str, before: str, wanted: str) -> None:
    found = refused(cloud, running(cloud, before), cluster=kept_in_extended_support(wanted))
    assert "does not go back" in found.message
    assert f'use cluster.version: "{before}"' in (found.hint or "")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
@pytest.mark.parametrize(("before", "wanted"), [("1.33", "1.34"), ("1.34", "1.34"), ("1.30", "1.33"), ("no", "1.35")])
def test_one_step_is_taken(cloud: str, before: str, wanted: str) -> None:
    """A cluster on 1.30 is on 1.32 by now: no cloud keeps what is past all support."""
    assert version_of(again(cloud, running(cloud, before), cluster=kept_in_extended_support(wanted))) == wanted


@pytest.mark.parametrize(("before", "after"), [("1.32", "1.33"), ("1.33", "1.34"), ("1.35", "1.35"), ("1.36", "1.36")])
def test_an_upgrade_takes_one_step_and_none_back(before: str, after: str) -> None:
    assert version_of(again("aws", running("aws", before), {"choose_anew": True})) == after


def test_what_an_upgrade_would_take_is_what_it_takes() -> None:
    [decision] = [d for d in again("aws", running("aws", "1.33")).decisions if d.path == "cluster.version"]
    assert decision.reason == "kept from the last render; --upgrade takes 1.34"


@pytest.mark.parametrize("keeping", [{}, {"choose_anew": True}], ids=["render", "upgrade"])
def test_a_pool_that_is_offered_elsewhere_does_not_move_the_environment(keeping: dict[str, Any]) -> None:
    """A type of one further zone: the network stays, and the error is at the pool."""
    pools = training(gpu={"type": "b200", "count": 8}, nodes={"min": 0, "max": 1})
    fresh = resolve(spec_of("aws", training=pools), AWS)
    assert zones_of(fresh) != ZONES["aws"]
    with pytest.raises(DiagnosticsError) as caught:
        again("aws", running("aws"), keeping, training=pools)
    [found] = [d for d in caught.value.diagnostics if d.code == "GP302"]
    assert found.path == "training.pools.main"
    assert "EKS keeps a control plane in the zones it was made in" in found.message


@pytest.mark.parametrize("count", [2, 4])
def test_the_number_of_zones_is_fixed_with_a_cluster_on_aws(count: int) -> None:
    found = refused("aws", running("aws"), network={"zones": count})
    assert found.path == "network.zones"
    assert found.message.startswith(f"{count} zones wanted; `test` is in 3, use1-az1, use1-az2, use1-az4, and EKS")


def test_an_environment_of_two_zones_stays_in_two() -> None:
    two = {**running("aws"), "network.zone_ids": "use1-az6, use1-az4"}
    assert zones_of(again("aws", two)) == ("use1-az6", "use1-az4")


def test_zones_are_added_after_those_that_are_there() -> None:
    before = {**running("gcp"), "network.zone_ids": "us-central1-f, us-central1-c"}
    assert zones_of(again("gcp", before, network={"zones": 3}))[:2] == ("us-central1-f", "us-central1-c")
    assert zones_of(again("gcp", before)) == ("us-central1-f", "us-central1-c")


def test_zones_are_given_up_with_a_warning_where_they_may_be() -> None:
    stack = again("gcp", running("gcp"), network={"zones": 2})
    assert zones_of(stack) == ("us-central1-a", "us-central1-b")
    [found] = [d for d in stack.notices if d.code == "GP308"]
    assert found.severity is Severity.WARNING
    assert "leaves us-central1-c" in found.message


def test_without_a_cluster_zones_come_and_go_on_aws_and_no_subnet_moves() -> None:
    tracking = {"training": None, "tracking": {"mlflow": {"hosting": "serverless"}}}
    spec = root().model_validate({key: value for key, value in {**BASE, **tracking}.items() if value is not None})
    before = {"network.zone_ids": "use1-az4, use1-az6", "network.zones": "2"}
    more = root().model_validate({**spec.model_dump(exclude_unset=True, by_alias=True), "network": {"zones": 3}})
    assert zones_of(resolve(more, AWS, kept("aws", before)))[:2] == ("use1-az4", "use1-az6")


RANGE = {**running("aws"), "network.cidr": "10.20.0.0/16"}
OTHER = {"cluster.version": "1.34", "network.existing.id": "vpc-0a1b2c3d4e5f60710"}


@pytest.mark.parametrize(
    ("before", "network", "path"),
    [
        (RANGE, {"cidr": "10.21.0.0/16"}, "network.cidr"),
        (RANGE, {"existing": VPC}, "network.existing"),
        (OTHER, {"existing": VPC}, "network.existing.id"),
        (OTHER, {}, "network"),
    ],
    ids=["another range", "into an existing network", "into another network", "out of an existing network"],
)
def test_an_environment_does_not_change_its_network(before: dict[str, str], network: dict[str, Any], path: str) -> None:
    assert refused("aws", before, network=network).path == path


def test_a_range_that_was_a_default_once_stays() -> None:
    network = network_of(again("aws", {**running("aws"), "network.cidr": "10.99.0.0/16"}))
    assert isinstance(network, Network)
    assert network.cidr == "10.99.0.0/16"


DATABASE = {"tracking.mlflow.database.storage_gib": "200", "tracking.mlflow.database.postgres": "17"}


def with_database(**database: Any) -> dict[str, Any]:
    return {"tracking": {"mlflow": {"database": database}}}


def problem_of(cloud: str, values: dict[str, str], code: str, **changes: Any) -> Diagnostic:
    with pytest.raises(DiagnosticsError) as caught:
        again(cloud, values, **changes)
    [found] = [d for d in caught.value.diagnostics if d.code == code]
    return found


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_disk_of_a_database_does_not_shrink(cloud: str) -> None:
    path = "tracking.mlflow.database.storage_gib"
    found = problem_of(cloud, DATABASE, "GP311", **with_database(storage_gib=100))
    assert (found.path, found.message) == (path, "100 GiB wanted; the database of `test` has 200, and no disk shrinks")
    hint = found.hint or ""
    assert hint.startswith(f"use {path}: 200; for a smaller one: 1. pg_dump it, 2. ")
    again(cloud, DATABASE, {"binding": False}, **with_database(storage_gib=100))


@pytest.mark.parametrize(("said", "size"), [({}, 200), ({"storage_gib": 200}, 200), ({"storage_gib": 300}, 300)])
def test_a_size_that_is_left_out_stays(said: dict[str, Any], size: int) -> None:
    mlflow = mlflow_of(again("aws", DATABASE, **with_database(**said)))
    assert mlflow is not None
    assert mlflow.database.storage_gib == size


def test_a_disk_that_stays_has_room_to_grow() -> None:
    assert problem_of("aws", DATABASE, "GP208", **with_database(storage_max_gib=210)).path == (
        "tracking.mlflow.database.storage_max_gib"
    )


@pytest.mark.parametrize("text", ["-5", "1e3", "٣٠٠", "9" * 400, "", "200 GiB"])
def test_a_size_that_no_lock_has_binds_nothing(text: str) -> None:
    values = {"tracking.mlflow.database.storage_gib": text, "tracking.mlflow.database.postgres": text}
    mlflow = mlflow_of(again("aws", values, **with_database()))
    assert mlflow is not None
    assert (mlflow.database.storage_gib, mlflow.database.postgres) == (50, "18")


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_server_of_a_database_does_not_go_back(cloud: str) -> None:
    found = problem_of(cloud, DATABASE, "GP312", **with_database(postgres="16"))
    assert found.path == "tracking.mlflow.database.postgres"
    assert 'use tracking.mlflow.database.postgres: "17"; for an older server: 1. pg_dump it' in (found.hint or "")


@pytest.mark.parametrize("keeping", [{}, {"choose_anew": True}], ids=["render", "upgrade"])
@pytest.mark.parametrize(("before", "after"), [("16", "16"), ("17", "17"), ("18", "18"), ("9", "18"), ("", "18")])
def test_a_version_that_is_left_out_stays(before: str, after: str, keeping: dict[str, Any]) -> None:
    mlflow = mlflow_of(again("aws", {"tracking.mlflow.database.postgres": before}, keeping, **with_database()))
    assert mlflow is not None
    assert mlflow.database.postgres == after


def test_a_database_is_upgraded_where_the_cloud_may() -> None:
    found = problem_of("aws", DATABASE, "GP313", **with_database(postgres="18"))
    assert "2. add `tracking.mlflow.database.aws.allow_major_upgrade: true`" in (found.hint or "")
    again("aws", DATABASE, **with_database(postgres="18", aws={"allow_major_upgrade": True}))
    again("gcp", DATABASE, **with_database(postgres="18"))


@pytest.mark.parametrize("cloud", ["aws", "gcp"])
def test_the_volume_of_prometheus_does_not_shrink(cloud: str) -> None:
    path, values = "monitoring.prometheus.storage_gib", {"monitoring.prometheus.storage_gib": "200"}
    found = problem_of(cloud, values, "GP311", monitoring={"prometheus": {"storage_gib": 100}})
    assert found.path == path
    assert f"use {path}: 200" in (found.hint or "")
    monitoring = again(cloud, values, monitoring={"prometheus": {}}).part(Monitoring)
    assert monitoring is not None
    assert monitoring.storage_gib == 200


STATES = {"state.bucket": "test-states", "state.prefix": "test"}


@pytest.mark.parametrize(
    ("before", "state", "now"),
    [
        (STATES, {"bucket": "test-states", "prefix": "other"}, "test-states/other"),
        (STATES, {"bucket": "others"}, "others/test"),
        (STATES, {"backend": "local"}, "a file beside each root"),
        ({"state.bucket": "test-states"}, {"bucket": "others"}, "others/test"),
        ({"state.backend": "local"}, {"bucket": "test-states"}, "test-states/test"),
    ],
    ids=["another folder", "another bucket", "to files", "lock without a folder", "from files"],
)
def test_states_that_move_are_told_of(before: dict[str, str], state: dict[str, Any], now: str) -> None:
    [found] = [d for d in again("aws", before, state=state).notices if d.code == "GP314"]
    assert found.message.endswith(f"and its roots look in {now}")
    assert "terraform init -migrate-state" in (found.hint or "")


@pytest.mark.parametrize(
    ("before", "state"),
    [
        (running("aws"), {"bucket": "test-states"}),
        (STATES, {"bucket": "test-states"}),
        (STATES | {"state.prefix": "x"}, {"bucket": "test-states", "prefix": "x"}),
    ],
    ids=["nobody knows where", "default", "named"],
)
def test_states_that_stay_are_not(before: dict[str, str], state: dict[str, Any]) -> None:
    assert not [d for d in again("aws", before, state=state).notices if d.code == "GP314"]


@pytest.mark.parametrize(
    "keeping",
    [{"binding": False}, {"environment": "111111111111 test"}, {"environment": "111122223333 other"}],
    ids=["forgotten", "another account", "another name"],
)
def test_what_is_no_environment_of_this_spec_binds_nothing(keeping: dict[str, Any]) -> None:
    changes: dict[str, Any] = {"network": {"zones": 4, "cidr": "10.9.0.0/16"}, "cluster": {"version": "1.36"}}
    stack = again("aws", {**RANGE, "cluster.version": "1.33"}, keeping, **changes)
    assert (version_of(stack), len(zones_of(stack))) == ("1.36", 4)


def test_a_lock_that_does_not_say_whose_it_is_binds() -> None:
    found = [replace(kept("aws", running("aws", "1.33")), environment="")]
    with pytest.raises(DiagnosticsError, match="minor versions cannot be skipped"):
        resolve(spec_of("aws", cluster={"version": "1.36"}), AWS, found[0])


@pytest.mark.parametrize("cloud", [AWS, GCP], ids=["aws", "gcp"])
def test_the_same_spec_reads_the_same_the_second_time(cloud: Cloud) -> None:
    spec = spec_of(cloud.name)
    first = resolve(spec, cloud)
    assert resolve(spec, cloud, kept(cloud.name, {d.path: d.value for d in first.decisions})) == first
