"""The tracking server: its database by needs and price, its names, and what runs on the cluster for it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from groundplan.clouds.aws.cloud import AWS
from groundplan.components.cluster.part import cluster_of
from groundplan.components.keys.component import key_purposes_of
from groundplan.components.mlflow.part import Mlflow, mlflow_of
from groundplan.components.network.part import Network, network_of
from groundplan.components.node_pool.part import pools_of, workload_pools_of
from groundplan.components.object_store.part import buckets_of, log_bucket_of
from groundplan.components.resolve import resolve
from groundplan.prices.services import ServicePrices
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Decision, Origin, Stack
from tests.unit.stack.specs import ON_GCP, cloud_in, gcp, gcp_stack, problem, serving, spec_of, stack_of, training

CLASS = "tracking.mlflow.database.instance_class"
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"
NAMED: dict[str, Any] = {"host": "mlflow.example.com", "aws": {"certificate": CERTIFICATE}}
SERVERLESS: dict[str, Any] = {**NAMED, "hosting": "serverless"}


def tracking(**mlflow: Any) -> dict[str, Any]:
    return {"mlflow": mlflow}


def database(**needs: Any) -> dict[str, Any]:
    return tracking(database=needs)


def server(stack: Stack) -> Mlflow:
    assert mlflow_of(stack) is not None
    return mlflow_of(stack)


def decision(stack: Stack, path: str) -> Decision:
    [found] = [one for one in stack.decisions if one.path == path]
    return found


def items_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """A book without the classes of services.csv."""
    monkeypatch.setattr(ServicePrices, "row", lambda *_: None)


class TestDatabaseClass:
    @pytest.mark.parametrize("region", ["us-east-1", "us-west-2"])
    @pytest.mark.parametrize("standby", [True, False])
    @pytest.mark.parametrize(
        ("needs", "name"),
        [
            ({}, "db.t4g.medium"),
            ({"vcpus": 1, "memory_gib": 1}, "db.t4g.medium"),
            ({"memory_gib": 5}, "db.t4g.large"),
            ({"memory_gib": 8}, "db.t4g.large"),
            ({"memory_gib": 9}, "db.r7g.large"),
            ({"memory_gib": 16}, "db.r7g.large"),
            ({"vcpus": 4}, "db.m7g.xlarge"),
        ],
    )
    def test_the_cheapest_that_fits(self, region: str, standby: bool, needs: dict[str, int], name: str) -> None:
        stack = stack_of(cloud=cloud_in(region), tracking=database(high_availability=standby, **needs))
        assert server(stack).database.instance_class == name
        assert decision(stack, CLASS).explanation.startswith("lowest price of ")

    @pytest.mark.parametrize(("standby", "name"), [(True, "db.t4g.medium"), (False, "db.t4g.large")])
    def test_a_class_with_a_price_comes_before_smaller_ones_without(
        self, standby: bool, name: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """Of the items eu-west-1 has one price for each: db.t4g.medium with a standby, db.t4g.large without."""
        items_alone(monkeypatch)
        stack = stack_of(cloud=cloud_in("eu-west-1"), tracking=database(high_availability=standby))
        assert server(stack).database.instance_class == name
        assert decision(stack, CLASS).explanation == "lowest price of 6 classes that fit, $0.138 an hour"

    @pytest.mark.parametrize(
        ("needs", "name", "count"), [({}, "db.t4g.medium", 6), ({"memory_gib": 9}, "db.r7g.large", 2)]
    )
    def test_without_any_price_the_smallest_is_taken_and_not_called_cheap(
        self, needs: dict[str, int], name: str, count: int, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        items_alone(monkeypatch)
        stack = stack_of(cloud=cloud_in("eu-central-1"), tracking=database(**needs))
        found = decision(stack, CLASS)
        assert (found.value, found.origin) == (name, Origin.CATALOG)
        assert found.explanation == f"smallest of {count} classes that fit, without a price in this region"
        assert all(other.usd_per_hour is None for other in found.alternatives)

    def test_the_next_classes_are_named_with_their_prices(self) -> None:
        found = decision(stack_of(tracking=tracking()), CLASS)
        assert found.explanation == "lowest price of 6 classes that fit, $0.129 an hour"
        assert [(other.name, other.usd_per_hour) for other in found.alternatives] == [
            ("db.t4g.large", Decimal("0.258")),
            ("db.m6g.large", Decimal("0.318")),
            ("db.m7g.large", Decimal("0.337")),
        ]

    def test_needs_that_no_class_has(self) -> None:
        found = problem(tracking=database(vcpus=96))
        assert (found.code, found.path, found.hint) == ("GP301", "tracking.mlflow.database", "ask for less")
        assert found.message == "no database class has 96 vCPUs and 4 GiB"


class TestSizesMadeToMeasure:
    """https://docs.cloud.google.com/sql/docs/postgres/instance-settings: 1 vCPU or an even number up to 96, 0.9 to
    6.5 GiB each, 3.75 GiB or more, in steps of 256 MiB."""

    @pytest.mark.parametrize(
        ("needs", "name"),
        [
            ({}, "db-custom-2-4096"),
            ({"vcpus": 1, "memory_gib": 1}, "db-custom-1-3840"),
            ({"vcpus": 1, "memory_gib": 6}, "db-custom-1-6144"),
            ({"vcpus": 1, "memory_gib": 7}, "db-custom-2-7168"),
            ({"vcpus": 2, "memory_gib": 13}, "db-custom-2-13312"),
            ({"vcpus": 2, "memory_gib": 14}, "db-custom-4-14336"),
            ({"vcpus": 3, "memory_gib": 5}, "db-custom-4-5120"),
            ({"vcpus": 24, "memory_gib": 8}, "db-custom-24-22272"),
            ({"vcpus": 96, "memory_gib": 1}, "db-custom-96-88576"),
            ({"memory_gib": 624}, "db-custom-96-638976"),
        ],
    )
    def test_the_smallest_that_cloud_sql_takes(self, needs: dict[str, int], name: str) -> None:
        assert server(gcp_stack(tracking=database(**needs))).database.instance_class == name

    def test_more_than_the_largest_is_refused(self) -> None:
        found = problem(cloud=ON_GCP, tracking=database(memory_gib=625))
        assert found.message == "no database class has 2 vCPUs and 625 GiB"

    def test_the_price_is_that_of_vcpus_and_gib(self) -> None:
        """Twice 2 x $0.0413 and 4 x $0.007 an hour, for the standby."""
        found = decision(gcp_stack(tracking=tracking()), CLASS)
        assert found.explanation == "lowest price of 48 classes that fit, $0.2212 an hour"
        assert [other.name for other in found.alternatives] == [
            "db-custom-4-4096",
            "db-custom-6-5632",
            "db-custom-8-7424",
        ]

    @pytest.mark.parametrize(
        ("kept", "name"), [("db-custom-2-7680", "db-custom-2-7680"), ("db-custom-2-7000", "db-custom-2-4096")]
    )
    def test_a_size_of_an_earlier_render_stays_if_there_is_such_a_size(self, kept: str, name: str) -> None:
        spec = spec_of(cloud=ON_GCP, tracking=tracking())
        stack = resolve(spec, gcp(), Kept("gcp us-central1", {CLASS: kept}))
        assert server(stack).database.instance_class == name


class TestKeptClass:
    def resolved(self, kept: str, region: str = "aws us-east-1", **needs: Any) -> Stack:
        return resolve(spec_of(tracking=database(**needs)), AWS, Kept(region, {CLASS: kept}))

    def test_a_class_that_still_fits_stays_although_another_is_cheaper(self) -> None:
        stack = self.resolved("db.m6g.large")
        assert server(stack).database.instance_class == "db.m6g.large"
        found = decision(stack, CLASS)
        assert found.explanation == "kept from the last render, $0.318 an hour; --upgrade takes db.t4g.medium"
        assert "db.m6g.large" not in [other.name for other in found.alternatives]

    @pytest.mark.parametrize(
        ("kept", "region", "needs"),
        [
            ("db.m6g.large", "aws us-east-1", {"memory_gib": 9}),
            ("db.m5.large", "aws us-east-1", {}),
            ("", "aws us-east-1", {}),
            ("db.m6g.large", "aws eu-west-1", {}),
        ],
        ids=["too small", "gone", "empty", "other region"],
    )
    def test_a_class_that_does_not_fit_any_more_goes(self, kept: str, region: str, needs: dict[str, int]) -> None:
        stack = self.resolved(kept, region, **needs)
        assert stack == resolve(spec_of(tracking=database(**needs)), AWS, NOTHING)

    def test_the_same_decision_reads_the_same_the_second_time(self) -> None:
        first = stack_of(tracking=tracking())
        assert self.resolved(server(first).database.instance_class).decisions == first.decisions


class TestDatabase:
    def test_defaults(self) -> None:
        found = server(stack_of(tracking=tracking())).database
        assert (found.storage_gib, found.backup_days) == (50, 14)
        assert found.high_availability and found.deletion_protection

    def test_what_the_spec_says(self) -> None:
        said = {"storage_gib": 200, "backup_days": 35, "high_availability": False, "deletion_protection": False}
        stack = stack_of(tracking=database(**said))
        assert {key: getattr(server(stack).database, key) for key in said} == said
        assert all(decision(stack, f"tracking.mlflow.database.{key}").origin is Origin.SPEC for key in said)


class TestServers:
    def test_without_tracking_there_is_none_of_it(self) -> None:
        stack = stack_of(training=training(vcpus=2))
        assert mlflow_of(stack) is None
        assert (buckets_of(stack), log_bucket_of(stack)) == ((), "")

    def test_names_are_those_of_the_environment_and_the_account(self) -> None:
        stack = stack_of(tracking=tracking(artifacts_gib=120))
        [bucket] = buckets_of(stack)
        mlflow = server(stack)
        suffix = bucket.bucket.removeprefix("test-mlflow-")
        assert len(suffix) == 8 and int(suffix, 16) >= 0
        assert (mlflow.bucket, mlflow.log_bucket) == (bucket.bucket, f"test-mlflow-logs-{suffix}")
        assert mlflow.secret_name == "test/mlflow"
        assert (bucket.name, bucket.size_gib, bucket.versioning, bucket.noncurrent_days) == ("mlflow", 120, True, 30)
        assert log_bucket_of(stack) == f"test-access-logs-{suffix}"

    def test_artifacts_of_a_size_that_nobody_stated(self) -> None:
        assert buckets_of(stack_of(tracking=tracking()))[0].size_gib is None

    @pytest.mark.parametrize("name", ["mlflow", "mlflow-logs"])
    def test_its_bucket_names_are_taken(self, name: str) -> None:
        found = problem(tracking=tracking(), storage={"buckets": {name: {}}})
        assert (found.code, found.path) == ("GP303", f"storage.buckets.{name}")

    @pytest.mark.parametrize(("said", "bounds"), [(None, (2, 4)), (1, (1, 2)), (3, (3, 6)), (10, (10, 20))])
    def test_servers_double_under_load(self, said: int | None, bounds: tuple[int, int]) -> None:
        mlflow = server(stack_of(tracking=tracking(**({} if said is None else {"replicas": said}))))
        assert (mlflow.replicas_min, mlflow.replicas_max) == bounds

    def test_a_name_of_its_own(self) -> None:
        mlflow = server(stack_of(tracking=tracking(**NAMED, client_cidrs=["10.200.0.0/16"])))
        assert (mlflow.host, mlflow.certificate) == ("mlflow.example.com", CERTIFICATE)
        assert (mlflow.client_cidrs, mlflow.on_cluster) == (("10.200.0.0/16",), True)
        plain = server(stack_of(tracking=tracking()))
        assert (plain.host, plain.certificate, plain.client_cidrs) == ("", "", ())


class TestWhereServersRun:
    def test_tracking_alone_makes_a_cluster_with_a_system_pool(self) -> None:
        stack = stack_of(tracking=tracking())
        assert cluster_of(stack) is not None and isinstance(network_of(stack), Network)
        assert [pool.id for pool in pools_of(stack)] == ["system"]
        assert workload_pools_of(stack) == ()
        assert decision(stack, "tracking.mlflow.hosting").origin is Origin.DEFAULT

    def test_serverless_needs_a_network_and_no_cluster(self) -> None:
        stack = stack_of(tracking=tracking(**SERVERLESS))
        assert (cluster_of(stack), pools_of(stack)) == (None, ())
        assert isinstance(network_of(stack), Network) and network_of(stack).nat == "single"
        assert not server(stack).on_cluster

    def test_serverless_beside_a_cluster(self) -> None:
        stack = stack_of(tracking=tracking(**SERVERLESS), serving=serving(vcpus=2))
        assert cluster_of(stack) is not None
        assert [pool.id for pool in pools_of(stack)] == ["system", "serving-main"]

    @pytest.mark.parametrize(
        ("parts", "memory_gib"),
        [
            ({}, 4),
            ({"tracking": tracking()}, 8),
            ({"tracking": tracking(**NAMED)}, 8),
            ({"tracking": tracking(**SERVERLESS)}, 4),
            ({"monitoring": {}}, 8),
            ({"monitoring": {"prometheus": {"hosting": "managed"}, "alerts": {"email": "ml@example.com"}}}, 4),
            ({"tracking": tracking(**SERVERLESS), "monitoring": {}}, 8),
        ],
        ids=["no servers", "tracking", "named", "serverless", "monitoring", "managed", "serverless, monitoring"],
    )
    def test_system_nodes_are_as_large_as_the_servers_on_them(self, parts: dict[str, Any], memory_gib: int) -> None:
        [system, _] = pools_of(stack_of(training=training(vcpus=2), **parts))
        assert (system.memory_gib, system.nodes_min, system.nodes_max) == (memory_gib, 2, 4)

    @pytest.mark.parametrize(
        ("parts", "purposes"),
        [
            ({"tracking": tracking()}, ("storage", "database", "cluster", "logs")),
            ({"tracking": tracking(**SERVERLESS)}, ("storage", "database", "logs")),
            ({"training": training(vcpus=2)}, ("cluster", "logs")),
            ({"training": training(vcpus=2), "monitoring": {}}, ("cluster", "logs")),
        ],
        ids=["on the cluster", "serverless", "none", "monitoring"],
    )
    def test_keys(self, parts: dict[str, Any], purposes: tuple[str, ...]) -> None:
        assert key_purposes_of(stack_of(**parts)) == purposes

    def test_serverless_in_somebody_elses_network_still_has_a_key_for_logs(self) -> None:
        existing = {"existing": {"id": "vpc-0a1b2c3d", "private_subnets": ["subnet-0a1b2c3d", "subnet-0b1c2d3e"]}}
        stack = stack_of(tracking=tracking(**SERVERLESS), network=existing)
        assert cluster_of(stack) is None
        assert "logs" in key_purposes_of(stack)
