"""Everything that `resolve` decides or refuses."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.pipeline import resolve_spec
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.components.cluster.part import cluster_of
from groundplan.components.load import components
from groundplan.components.network.part import ExistingNetwork, Network, network_of
from groundplan.components.node_pool.part import pools_of, workload_pools_of
from groundplan.components.object_store.part import buckets_of
from groundplan.components.state_store.part import state_of
from groundplan.diagnostics import DiagnosticsError
from groundplan.prices.book import SOLD
from groundplan.stack.model import Origin
from tests.unit.stack.specs import BASE, ON_GCP, aws, cloud_in, problem, problems, serving, stack_of, training

RESERVED = sorted({name for component in components() for name in component.reserved_buckets})
EXISTING = {"existing": {"id": "vpc-0a1b2c3d4e5f60718", "private_subnets": ["subnet-0a1b2c3d", "subnet-0b1c2d3e"]}}


def buckets(*names: str) -> dict[str, Any]:
    return {"buckets": {name: {} for name in names}}


class TestPools:
    def test_without_pools_there_is_neither_cluster_nor_network(self) -> None:
        stack = stack_of(storage=buckets("data"))
        assert (cluster_of(stack), network_of(stack), pools_of(stack)) == (None, None, ())

    def test_the_system_pool_comes_first(self) -> None:
        stack = stack_of(training=training(vcpus=4), serving=serving(vcpus=4))
        assert [pool.id for pool in pools_of(stack)] == ["system", "training-main", "serving-main"]
        assert [pool.id for pool in workload_pools_of(stack)] == ["training-main", "serving-main"]

    def test_a_system_node_has_room_for_what_the_cloud_runs_on_it(self) -> None:
        """An e2-medium would be the cheapest; half of two cores is less than GKE's own pods and a DNS server want."""
        [system, _] = pools_of(stack_of(cloud=ON_GCP, training=training(vcpus=4)))
        assert system.instance_types == ("e2-standard-2",)

    def test_defaults_of_training_and_of_serving(self) -> None:
        _, trains, serves = pools_of(stack_of(training=training(vcpus=4), serving=serving(vcpus=4)))
        assert (trains.capacity, serves.capacity) == ("spot_with_fallback", "on_demand")
        assert (trains.hours_per_month, serves.hours_per_month) == (160, 730)
        assert (trains.nodes_min, trains.nodes_expected, trains.nodes_max) == (0, 4, 4)
        assert (serves.nodes_min, serves.nodes_expected, serves.nodes_max) == (1, 2, 3)
        assert (trains.disk_gib, serves.disk_gib) == (100, 100)

    @pytest.mark.parametrize(("least", "most", "expected"), [(1, 4, 3), (0, 1, 1), (2, 2, 2), (0, 3, 2)])
    def test_an_average_hour_is_halfway_rounded_up(self, least: int, most: int, expected: int) -> None:
        [_, pool] = pools_of(stack_of(serving=serving(vcpus=2, nodes={"min": least, "max": most})))
        assert pool.nodes_expected == expected

    def test_a_gpu_pool_has_a_larger_disk(self) -> None:
        [_, pool] = pools_of(stack_of(training=training(gpu={"type": "l4"})))
        assert pool.disk_gib == 200

    def test_named_types_are_taken_as_they_are(self) -> None:
        stack = stack_of(training=training(instance_types=["g6.2xlarge", "g6.xlarge"]))
        assert pools_of(stack)[1].instance_types == ("g6.2xlarge", "g6.xlarge")
        assert any(d.value == "g6.2xlarge, g6.xlarge" and d.origin is Origin.SPEC for d in stack.decisions)

    def test_a_named_type_that_does_not_exist(self) -> None:
        found = problem(training=training(instance_types=["m6i.large", "m6i.larg"]))
        assert (found.code, found.path) == ("GP302", "training.pools.main.instance_types[1]")
        assert (found.message, found.hint) == ("`m6i.larg` is not in the catalog", "did you mean `m6i.large`?")

    def test_a_named_type_that_the_region_does_not_offer(self) -> None:
        offered = {i.name for i in aws().catalog.offered("eu-central-1")}
        elsewhere = next(name for name in sorted(aws().catalog.instances) if name not in offered)
        found = problem(cloud=cloud_in("eu-central-1"), training=training(instance_types=[elsewhere]))
        assert (found.code, found.message) == ("GP302", f"`{elsewhere}` is not offered in eu-central-1")

    @pytest.mark.parametrize(
        "types", [["m6i.large", "m6g.large"], ["g6.xlarge", "g5.xlarge"], ["g6.xlarge", "g6.12xlarge"]]
    )
    def test_named_types_that_differ_in_kind(self, types: list[str]) -> None:
        found = problem(training=training(instance_types=types))
        assert (found.code, found.path) == ("GP208", "training.pools.main.instance_types")

    def test_every_pool_that_cannot_be_is_reported_at_once(self) -> None:
        found = problems(
            training={
                "pools": {"a": {"vcpus": 896, "nodes": {"max": 1}}, "b": {"gpu": {"type": "p4"}, "nodes": {"max": 1}}}
            },
            serving=serving(vcpus=2, memory_gib=32768),
        )
        assert [(d.code, d.path) for d in found] == [
            ("GP301", "training.pools.a"),
            ("GP301", "training.pools.b"),
            ("GP301", "serving.pools.main"),
        ]


class TestNetwork:
    def test_serving_on_demand_gets_a_gateway_in_each_zone(self) -> None:
        steady = network_of(stack_of(serving=serving(vcpus=2)))
        single = network_of(stack_of(serving=serving(vcpus=2, capacity="spot")))
        assert isinstance(steady, Network) and isinstance(single, Network)
        assert (steady.nat, single.nat) == ("per_zone", "single")

    def test_an_existing_network(self) -> None:
        stack = stack_of(network=EXISTING, serving=serving(vcpus=2))
        assert network_of(stack) == ExistingNetwork("vpc-0a1b2c3d4e5f60718", ("subnet-0a1b2c3d", "subnet-0b1c2d3e"), {})

    def test_ids_that_cannot_be_ids(self) -> None:
        existing = {"id": "our-vpc", "private_subnets": ["subnet-0a1b2c3d", "sn-1"]}
        found = problems(network={"existing": existing}, serving=serving(vcpus=2))
        assert [(d.code, d.path) for d in found] == [
            ("GP204", "network.existing.id"),
            ("GP204", "network.existing.private_subnets[1]"),
        ]

    @pytest.mark.parametrize(("region", "wrong"), [("us-central1", []), ("us-east1", ["GP208"])])
    def test_a_subnet_is_in_the_region_of_the_environment(self, region: str, wrong: list[str]) -> None:
        existing = {
            "id": "projects/host/global/networks/shared",
            "private_subnets": [f"projects/host/regions/{region}/subnetworks/nodes"],
            "gcp": {"pods_range": "pods", "services_range": "services"},
        }
        here = {"provider": "gcp", "region": "us-central1", "account": "fraud-dev-1"}
        arguments = {"cloud": here, "network": {"existing": existing}, "serving": serving(vcpus=2)}
        if not wrong:
            assert isinstance(network_of(stack_of(**arguments)), ExistingNetwork)
            return
        (found,) = problems(**arguments)
        assert (found.code, found.path) == ("GP208", "network.existing.private_subnets[0]")
        assert "is in us-east1, the environment in us-central1" in found.message

    def test_an_unknown_region(self) -> None:
        found = problem(cloud=cloud_in("eu-centrl-1"), storage=buckets("data"))
        assert (found.code, found.path) == ("GP305", "cloud.region")
        assert found.hint == f"did you mean `eu-central-1`? known: {', '.join(sorted(aws().catalog.regions))}"

    @pytest.mark.parametrize("region", ["mx-central-1", "ap-east-2", "us-gov-west-1", "cn-north-1"])
    def test_a_region_without_tables_is_no_typing_error(self, region: str) -> None:
        found = problem(cloud=cloud_in(region), storage=buckets("data"))
        assert found.hint == f"known: {', '.join(sorted(aws().catalog.regions))}"


class TestKubernetes:
    def by_support(self, support: str) -> list[str]:
        return [v.version for v in aws().catalog.kubernetes_versions if v.support(v.as_of) == support]

    def test_the_default_is_in_standard_support(self) -> None:
        cluster = cluster_of(stack_of(training=training(vcpus=2)))
        assert cluster is not None and cluster.version in self.by_support("standard")

    def test_standard_versions_raise_nothing(self) -> None:
        for version in self.by_support("standard"):
            assert stack_of(cluster={"version": version}, training=training(vcpus=2)).notices == ()

    def test_extended_support_is_a_warning(self) -> None:
        version = self.by_support("extended")[-1]
        stack = stack_of(cluster={"version": version}, training=training(vcpus=2))
        assert [(d.code, d.path) for d in stack.notices] == [("GP704", "cluster.version")]
        assert cluster_of(stack) is not None and cluster_of(stack).extended_support

    @pytest.mark.parametrize("version", ["1.20", "1.99"])
    def test_versions_that_are_not_offered(self, version: str) -> None:
        found = problem(cluster={"version": version}, training=training(vcpus=2))
        assert (found.code, found.path) == ("GP204", "cluster.version")
        assert found.hint is not None and self.by_support("standard")[0] in found.hint


class TestNames:
    def test_a_bucket_name_ends_in_a_hash_of_account_and_region(self) -> None:
        here, other_account, other_region = (
            buckets_of(stack_of(cloud=cloud, storage=buckets("data")))[0].bucket
            for cloud in (cloud_in("us-east-1"), cloud_in("us-east-1", "111122223334"), cloud_in("eu-west-1"))
        )
        assert here.startswith("test-data-") and len(here) == len("test-data-") + 8
        assert len({here, other_account, other_region}) == 3
        assert "1111" not in here

    def test_the_longest_bucket_name_and_one_more(self) -> None:
        """S3 allows 63 characters: name, hyphen, bucket, hyphen, eight of the hash."""
        name, fits = "n" * 24, "b" * (63 - 24 - 10)
        assert len(buckets_of(stack_of(name=name, storage=buckets(fits)))[0].bucket) == 63
        found = problem(name=name, storage=buckets(fits + "b"))
        assert (found.code, found.path) == ("GP303", f"storage.buckets.{fits}b")
        assert found.hint == "shorten `name` or this name by 1 character"

    def test_the_longest_pool_name_and_one_more(self) -> None:
        """IAM allows 64 characters: `<name>-training-<pool>-workload`."""
        name, fits = "n" * 24, "p" * (64 - 24 - len("-training--workload"))
        pools = {"pools": {fits: {"vcpus": 2, "nodes": {"max": 1}}}}
        assert len(pools_of(stack_of(name=name, training=pools))) == 2
        found = problem(name=name, training={"pools": {fits + "p": {"vcpus": 2, "nodes": {"max": 1}}}})
        assert (found.code, found.path) == ("GP303", f"training.pools.{fits}p")

    def test_the_longest_of_all_environment_names_fits_everything_else(self) -> None:
        stack = stack_of(
            name="n" * 24,
            training=training(vcpus=2),
            serving=serving(vcpus=2),
            storage=buckets("b"),
            registry={"repositories": {"r" * 32: {}}},
        )
        assert len(state_of(stack).log_bucket) <= 63

    @pytest.mark.parametrize("name", ["xn--test", "sthree-test", "amzn-s3-demo-test"])
    def test_beginnings_that_s3_refuses(self, name: str) -> None:
        found = problems(name=name, storage=buckets("data"), state={"backend": "local"})
        assert {d.code for d in found} == {"GP303"}
        assert found[0].hint == "do not begin `name` with xn--, sthree- or amzn-s3-demo-"

    @pytest.mark.parametrize(("name", "repository"), [("a--b", "r"), ("test", "r--s")])
    def test_hyphens_that_ecr_refuses(self, name: str, repository: str) -> None:
        found = problem(name=name, registry={"repositories": {repository: {}}})
        assert (found.code, found.path) == ("GP303", f"registry.repositories.{repository}")

    @pytest.mark.parametrize(
        "name", sorted({name for component in components() for name in component.reserved_buckets})
    )
    def test_names_of_buckets_that_are_made_anyway(self, name: str) -> None:
        found = problem(storage=buckets(name))
        assert (found.code, found.path) == ("GP303", f"storage.buckets.{name}")


class TestOwnerAndAccount:
    @pytest.mark.parametrize(
        "owner", ["ML Platform", "team@example.com", "Größe 開発", "a_b.c:d/e=f+g-h@i", "x y" * 85]
    )
    def test_owners_that_a_tag_can_hold(self, owner: str) -> None:
        assert stack_of(owner=owner, storage=buckets("data")).owner == owner

    @pytest.mark.parametrize(
        "owner", ["a <b@c>", "${x}", "%{x}", '"', "back\\slash", "🚀", "a\u2028b", "a\u0085b", "a,b"]
    )
    def test_owners_that_a_tag_cannot_hold(self, owner: str) -> None:
        found = problem(owner=owner, storage=buckets("data"))
        assert (found.code, found.path) == ("GP204", "owner")

    @pytest.mark.parametrize("account", ["12345678901", "1234567890123", "my-project"])
    def test_what_is_no_account(self, account: str) -> None:
        found = problem(cloud=cloud_in("us-east-1", account), storage=buckets("data"))
        assert (found.code, found.path) == ("GP204", "cloud.account")

    def test_the_account_of_the_documentation_is_a_warning(self) -> None:
        stack = stack_of(cloud=cloud_in("us-east-1", "123456789012"), storage=buckets("data"))
        assert [(d.code, d.severity, d.path) for d in stack.notices] == [("GP206", "warning", "cloud.account")]


class TestLabels:
    @pytest.mark.parametrize("label", ["owner", "environment", "managed-by"])
    def test_labels_that_are_set_anyway(self, label: str) -> None:
        found = problem(labels={label: "x", "team": "y"}, storage=buckets("data"))
        assert (found.code, found.path) == ("GP208", f"labels.{label}")


class TestState:
    def test_a_bucket_of_its_own_by_default(self) -> None:
        state = state_of(stack_of(storage=buckets("data")))
        assert state.managed and state.bucket.startswith("test-tfstate-")

    def test_a_bucket_that_is_there_already(self) -> None:
        state = state_of(stack_of(storage=buckets("data"), state={"bucket": "acme.terraform"}))
        assert (state.bucket, state.managed) == ("acme.terraform", False)

    def test_a_file(self) -> None:
        state = state_of(stack_of(storage=buckets("data"), state={"backend": "local"}))
        assert (state.backend, state.bucket, state.managed) == ("local", "", False)


PLACES = [
    ({"cloud": cloud_in("us-east-1", "1234567")}, "cloud.account", "account: '1234567'", "'1234567'"),
    ({"cloud": cloud_in("mars")}, "cloud.region", "region: mars", "mars"),
    ({"owner": "a <b>"}, "owner", "owner: a <b>", "a <b>"),
    ({"training": training(vcpus=896)}, "training.pools.main", "main:", "main"),
    (
        {"training": training(instance_types=["m9.huge"])},
        "training.pools.main.instance_types[0]",
        "- m9.huge",
        "m9.huge",
    ),
    ({"cluster": {"version": "1.20"}, "training": training(vcpus=2)}, "cluster.version", "version: '1.20'", "'1.20'"),
    ({"network": {"zones": 6}, "training": training(vcpus=2)}, "network.zones", "zones: 6", "6"),
    (
        {"network": {"cidr": "10.0.0.0/22"}, "training": training(vcpus=2, nodes={"max": 99})},
        "network.cidr",
        "cidr: ",
        "10.0",
    ),
    ({"storage": buckets("tfstate")}, "storage.buckets.tfstate", "tfstate: {}", "tfstate"),
    ({"name": "a--b", "registry": {"repositories": {"r": {}}}}, "registry.repositories.r", "r: {}", "r:"),
]


@pytest.mark.parametrize(("parts", "path", "line", "at"), PLACES, ids=[place[1] for place in PLACES])
def test_every_refusal_points_into_the_spec(
    tmp_path: Path, parts: dict[str, Any], path: str, line: str, at: str
) -> None:
    text = yaml.safe_dump({**BASE, "storage": buckets("data"), **parts}, sort_keys=False)
    file = tmp_path / "groundplan.yaml"
    file.write_text(text)
    with pytest.raises(DiagnosticsError) as caught:
        resolve_spec(file)
    found = next(d for d in caught.value.diagnostics if d.path == path)
    assert found.place is not None and found.snippet is not None
    assert found.place.file == str(file)
    pointed = text.splitlines()[found.place.line - 1]
    assert line in pointed
    assert pointed[found.place.column - 1 :].startswith(at)
    assert found.snippet.text == pointed


def test_a_default_that_does_not_fit_points_to_what_is_there(tmp_path: Path) -> None:
    file = tmp_path / "groundplan.yaml"
    file.write_text(yaml.safe_dump({**BASE, "training": training(vcpus=2, nodes={"max": 1000})}, sort_keys=False))
    many = {f"p{n}": {"vcpus": 2, "nodes": {"max": 1000}} for n in range(3)}
    file.write_text(yaml.safe_dump({**BASE, "training": {"pools": many}}, sort_keys=False))
    with pytest.raises(DiagnosticsError) as caught:
        resolve_spec(file)
    [found] = caught.value.diagnostics
    assert (found.code, found.path) == ("GP304", "network.cidr")
    assert found.place is not None and found.place.line == 1


def test_decisions_have_unique_paths_and_reasons() -> None:
    stack = stack_of(training=training(gpu={"type": "l4"}), serving=serving(vcpus=2), storage=buckets("a", "b"))
    paths = [decision.path for decision in stack.decisions]
    assert len(paths) == len(set(paths))
    assert all(decision.reason and decision.value for decision in stack.decisions)


def test_the_order_of_findings_does_not_depend_on_the_hash_seed(tmp_path: Path) -> None:
    file = tmp_path / "groundplan.yaml"
    many = {f"p{n}": {"instance_types": [f"m9.{n}large"], "nodes": {"max": 1}} for n in range(6)}
    file.write_text(yaml.safe_dump({**BASE, "training": {"pools": many}}, sort_keys=False))
    seen = set()
    for seed in ("0", "1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-m", "groundplan", "validate", str(file)],
            env=environment,
            capture_output=True,
            check=False,
        )
        assert done.returncode == 2
        seen.add(done.stderr)
    assert len(seen) == 1


def test_a_gpu_cannot_be_cut_into_any_parts() -> None:
    def pool(model: str, profile: str) -> dict[str, Any]:
        return training(gpu={"type": model, "gcp": {"partition": profile}})

    found = problem(cloud=ON_GCP, training=pool("a100", "1g.10gb"))
    assert (found.code, found.path) == ("GP204", "training.pools.main.gpu.gcp.partition")
    assert found.message == "GPUs of type a100 have no parts of `1g.10gb`"
    assert found.hint == "profiles of a100: 1g.5gb, 2g.10gb, 3g.20gb, 7g.40gb"
    assert problem(cloud=ON_GCP, training=pool("l4", "1g.5gb")).hint == "only A100 and newer can be cut"


@pytest.mark.parametrize(
    ("pool", "what"),
    [
        ({"instance_types": ["e2-micro"]}, "memory"),
        ({"instance_types": ["e2-standard-4"], "disk_gib": 20}, "disk"),
    ],
)
def test_a_node_that_is_full_before_the_first_workload(pool: dict[str, Any], what: str) -> None:
    found = problems(cloud=ON_GCP, training=training(capacity="on_demand", **pool))
    assert ("GP309", "training.pools.main") in {(one.code, one.path) for one in found}
    assert any(f"no {what} left" in one.message for one in found)


@pytest.mark.parametrize(
    ("place", "name", "capacity", "words", "hint"),
    [
        (ON_GCP, "a3-highgpu-1g", "on_demand", "not sold on demand", "use capacity: spot"),
        (ON_GCP, "a3-highgpu-1g", "spot_with_fallback", "not sold on demand", "use capacity: spot"),
        (ON_GCP, "a4-highgpu-8g", None, "not sold on demand", "use capacity: spot"),
        (ON_GCP, "a3-highgpu-1g", "spot", None, None),
        (ON_GCP, "a3-highgpu-8g", "on_demand", None, None),
        (cloud_in("us-east-2"), "p5e.48xlarge", "spot", "not sold as spot", "state needs"),
    ],
)
def test_a_named_type_is_sold_as_the_pool_buys_it(
    place: dict[str, str], name: str, capacity: str | None, words: str | None, hint: str | None
) -> None:
    pool = training(instance_types=[name], **({"capacity": capacity} if capacity else {}))
    if words is None:
        assert workload_pools_of(stack_of(cloud=place, training=pool))[0].instance_types == (name,)
        return
    found = problem(cloud=place, training=pool)
    assert (found.code, found.path) == ("GP302", "training.pools.main.instance_types[0]")
    assert words in found.message and hint in (found.hint or "")


def test_types_that_no_zone_has_together() -> None:
    types = ["c4d-highmem-8", "n4d-highmem-8"]
    found = problem(cloud={**ON_GCP, "region": "europe-west1"}, training=training(instance_types=types))
    assert (found.code, found.path) == ("GP302", "training.pools.main.instance_types")
    assert "c4d-highmem-8 in europe-west1-b; n4d-highmem-8 in europe-west1-c" in found.message


@pytest.mark.parametrize("name", CLOUDS)
def test_every_reason_of_the_tables_says_how_the_type_is_sold(name: str) -> None:
    cloud = find_cloud(name)
    assert cloud and set(cloud.prices.unpriced.values()) <= set(SOLD)
