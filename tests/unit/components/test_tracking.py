"""The calls and arguments of tracking and monitoring, in each of their variants."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan import paths
from groundplan.components.base import ModuleCall
from groundplan.components.load import components
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.network.part import Network, network_of
from groundplan.compose.compose import compose
from groundplan.hcl.references import Ref
from groundplan.hcl.write import Term
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import Stack
from tests.unit.stack.specs import aws, serving, stack_of, training

LOCAL = {"backend": "local"}
CERTIFICATE = "arn:aws:acm:us-east-1:111122223333:certificate/0a1b2c3d-0000-1111-2222-333344445555"
NAMED: dict[str, Any] = {"host": "mlflow.example.com", "aws": {"certificate": CERTIFICATE}}
CERTIFICATE_PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
SERVERLESS: dict[str, Any] = {**NAMED, "hosting": "serverless"}
MANAGED: dict[str, Any] = {"prometheus": {"hosting": "managed"}, "alerts": {"email": "ml@example.com"}}
EXISTING = {"existing": {"id": "vpc-0a1b2c3d", "private_subnets": ["subnet-0a1b2c3d", "subnet-0b1c2d3e"]}}
LOOKED_UP = [f"module.network.network.private_cidrs[{number}]" for number in range(2)]
SYSTEM_NODES = {"node_selector": {"groundplan/pool": "system"}}
POOLS: dict[str, Any] = {"training": training(vcpus=2), "serving": serving(vcpus=2)}

CLUSTER = {"network", "cluster", "pool_system", "cluster_addons", "autoscaler_identity"}
BUCKETS = {"keys", "object_store"}
DATABASE = {*BUCKETS, "mlflow_database"}
ON_CLUSTER = {"autoscaler", "storage_class"}

VARIANTS: dict[str, tuple[dict[str, Any], set[str], set[str]]] = {
    "on the cluster": (
        {"tracking": {"mlflow": {}}},
        {*DATABASE, *CLUSTER, "workload_identity"},
        {*ON_CLUSTER, "mlflow"},
    ),
    "on the cluster, with pools": (
        {"tracking": {"mlflow": {}}, **POOLS},
        {*DATABASE, *CLUSTER, "workload_identity", "pool_training_main", "pool_serving_main"},
        {*ON_CLUSTER, "mlflow", "workspaces"},
    ),
    "by name": (
        {"tracking": {"mlflow": NAMED}},
        {*DATABASE, *CLUSTER, "workload_identity", "load_balancer_identity"},
        {*ON_CLUSTER, "mlflow", "load_balancer"},
    ),
    "by name, existing network": (
        {"tracking": {"mlflow": NAMED}, "network": EXISTING},
        {*DATABASE, *CLUSTER, "workload_identity", "load_balancer_identity"},
        {*ON_CLUSTER, "mlflow", "load_balancer", "network"},
    ),
    "serverless": (
        {"tracking": {"mlflow": SERVERLESS}},
        {*DATABASE, "network", "mlflow_serverless"},
        set(),
    ),
    "serverless, with pools": (
        {"tracking": {"mlflow": SERVERLESS}, **POOLS},
        {*DATABASE, *CLUSTER, "mlflow_serverless", "pool_training_main", "pool_serving_main"},
        {*ON_CLUSTER, "workspaces"},
    ),
    "serverless, existing network": (
        {"tracking": {"mlflow": SERVERLESS}, "network": EXISTING},
        {*DATABASE, "network", "mlflow_serverless"},
        set(),
    ),
    "monitoring": (
        {"monitoring": {}, **POOLS},
        {"keys", *CLUSTER, "pool_training_main", "pool_serving_main"},
        {*ON_CLUSTER, "monitoring", "workspaces"},
    ),
    "monitoring, by e-mail": (
        {"monitoring": {"alerts": {"email": "ml@example.com"}}, "tracking": {"mlflow": {}}},
        {*DATABASE, *CLUSTER, "workload_identity", "alert_topic"},
        {*ON_CLUSTER, "mlflow", "monitoring"},
    ),
    "managed": (
        {"monitoring": MANAGED, **POOLS},
        {"keys", *CLUSTER, "pool_training_main", "pool_serving_main", "managed_prometheus"},
        {*ON_CLUSTER, "workspaces"},
    ),
    "managed, with tracking": (
        {"monitoring": MANAGED, "tracking": {"mlflow": {}}},
        {*DATABASE, *CLUSTER, "workload_identity", "managed_prometheus"},
        {*ON_CLUSTER, "mlflow"},
    ),
    "managed, existing network": (
        {"monitoring": MANAGED, "network": EXISTING, **POOLS},
        {"keys", *CLUSTER, "pool_training_main", "pool_serving_main", "managed_prometheus"},
        {*ON_CLUSTER, "workspaces", "network"},
    ),
}
"""What a spec says, and the calls of the foundation and of the platform."""


def stack_with(**parts: Any) -> Stack:
    return stack_of(**{"state": LOCAL, **parts})


def every_call(**parts: Any) -> list[ModuleCall]:
    roots = compose(stack_with(**parts), aws(), components(), paths.MODULES).roots
    return [call for root in roots for call in root.calls]


def calls_of(**parts: Any) -> dict[str, ModuleCall]:
    return {call.name: call for call in every_call(**parts)}


def arguments(name: str, **parts: Any) -> Any:
    return calls_of(**parts)[name].arguments


def expressions(value: Any) -> set[str]:
    """The text of every Terraform expression in a value."""
    if isinstance(value, Term):
        return {value.text}
    inner = value.values() if isinstance(value, dict) else value if isinstance(value, list | tuple) else ()
    return set().union(*map(expressions, inner))


def subnets(stack: Stack) -> list[str]:
    assert isinstance(network_of(stack), Network)
    return list(network_of(stack).plan.private_ranges)


@pytest.mark.parametrize("name", VARIANTS)
class TestVariants:
    def test_calls_of_each_root(self, name: str) -> None:
        parts, foundation, platform = VARIANTS[name]
        calls = every_call(**parts)
        assert {call.name for call in calls if call.layer == FOUNDATION} == foundation
        assert {call.name for call in calls if call.layer == PLATFORM} == platform

    def test_every_reference_leads_to_a_call_of_the_same_root(self, name: str) -> None:
        calls = every_call(**VARIANTS[name][0])
        there = {(call.layer, call.name) for call in calls}
        for call in calls:
            assert (paths.MODULES / call.source / "variables.tf").is_file()
            for text in expressions(dict(call.arguments)):
                if text.startswith("module."):
                    assert (call.layer, text.split(".")[1]) in there, (call.name, text)

    def test_every_key_that_is_used_is_made_and_the_other_way_round(self, name: str) -> None:
        calls = calls_of(**VARIANTS[name][0])
        used = {text for call in calls.values() for text in expressions(dict(call.arguments))}
        made: Any = calls["keys"].arguments["purposes"]
        assert {text.split(".")[3] for text in used if text.startswith("module.keys.keys.")} == set(made)

    def test_meters_belong_to_calls_and_have_a_price(self, name: str) -> None:
        stack = stack_with(**VARIANTS[name][0])
        roots = compose(stack, aws(), components(), paths.MODULES).roots
        addresses = {call.address for root in roots for call in root.calls}
        for component in components():
            for meter in component.consumption(stack, aws()):
                assert meter.address in addresses
                if meter.use.option is None:
                    price = aws().prices.item_price(meter.use.item, "us-east-1")
                    assert price is not None and price.unit == meter.use.unit, meter.use.item


class TestDatabase:
    def test_sizes_and_protection_are_those_of_the_stack(self) -> None:
        said = {"storage_gib": 80, "backup_days": 21, "high_availability": False, "deletion_protection": False}
        found = arguments("mlflow_database", tracking={"mlflow": {"database": said}})
        assert found["storage"] == {"size_gib": 80, "max_gib": 160}
        assert found["backups"] == {"days": 21}
        assert (found["high_availability"], found["deletion_protection"]) == (False, False)
        assert (found["instance_class"], found["secret"]) == ("db.t4g.medium", {"name": "test/mlflow"})
        assert found["kms_key"].text == "module.keys.keys.database.id"
        assert found["logs"]["kms_key"].text == "module.keys.keys.logs.id"

    def test_what_a_destroy_leaves_and_a_new_one_starts_from(self) -> None:
        said = {"final_snapshot": "last", "restore_from": "rds:old", "allow_major_upgrade": True}
        more = {"recovery_days": 7, "password_version": 3, "postgres": "17"}
        found = arguments("mlflow_database", tracking={"mlflow": {"database": {"aws": said, **more}}})
        assert found["backups"] == {"days": 14, "final_snapshot": "last", "restore_from": "rds:old"}
        assert found["secret"] == {"name": "test/mlflow", "password_version": 3, "recovery_days": 7}
        assert found["postgres"] == {"database_name": "mlflow", "version": "17", "allow_major_upgrade": True}

    @pytest.mark.parametrize("mlflow", [{}, SERVERLESS], ids=["on the cluster", "serverless"])
    def test_its_authorities_are_those_that_the_spec_states(self, mlflow: dict[str, Any]) -> None:
        said = {**mlflow, "database": {"aws": {"ca_bundle_pem": CERTIFICATE_PEM}}}
        found = arguments("mlflow_serverless" if mlflow else "mlflow", tracking={"mlflow": said})
        assert found["database"]["ca_bundle_pem"] == CERTIFICATE_PEM
        unsaid = arguments("mlflow_serverless" if mlflow else "mlflow", tracking={"mlflow": mlflow})
        assert "ca_bundle_pem" not in unsaid["database"]

    @pytest.mark.parametrize(
        ("mlflow", "client"),
        [
            ({}, {"cluster": "module.cluster.cluster.security_group_id"}),
            (NAMED, {"cluster": "module.cluster.cluster.security_group_id"}),
            (SERVERLESS, {"mlflow": "module.mlflow_serverless.client_security_group_id"}),
        ],
        ids=["on the cluster", "by name", "serverless"],
    )
    @pytest.mark.parametrize("pools", [{}, POOLS], ids=["no pools", "pools"])
    def test_only_the_servers_side_may_connect(
        self, mlflow: dict[str, Any], client: dict[str, str], pools: dict[str, Any]
    ) -> None:
        found = arguments("mlflow_database", tracking={"mlflow": mlflow}, **pools)["client_security_group_ids"]
        assert {name: group.text for name, group in found.items()} == client


SIGN_ON = {
    "client_id": "grafana",
    "client_secret": {"name": "oidc", "key": "secret"},
    "auth_url": "https://id.example.com/authorize",
    "token_url": "https://id.example.com/token",
    "api_url": "https://id.example.com/userinfo",
    "admin_group": "ml-platform",
}


class TestSharedGpus:
    def test_each_pool_in_its_own_way(self) -> None:
        def gpu(**more: Any) -> dict[str, Any]:
            return {"gpu": {"type": "l4", **more}, "nodes": {"max": 3}}

        pools = {"a": gpu(aws={"pods_per_gpu": 4}), "b": gpu(aws={"pods_per_gpu": 2}), "c": gpu()}
        calls = calls_of(training={"pools": pools})
        assert calls["gpu_plugin"].arguments == {"pods_per_gpu": [2, 4]}
        shared = {name: calls[f"pool_training_{name}"].arguments["gpu"] for name in pools}
        assert [one.get("pods_per_gpu") for one in shared.values()] == [4, 2, None]
        spaces: Any = calls["workspaces"].arguments["workspaces"]
        assert spaces["training-a"]["max_gpus"] == 4 * spaces["training-c"]["max_gpus"]

    def test_nobody_shares_unasked(self) -> None:
        alone = training(gpu={"type": "l4"})
        assert calls_of(training=alone)["gpu_plugin"].arguments == {}


class TestWhatAlertsAreAbout:
    def test_on_the_cluster(self) -> None:
        said = {
            "thresholds": {"gpu_idle_minutes": 30, "serving_availability": 0.99},
            "alerts": {"repeat_hours": 4, "heartbeat": {"url": {"name": "hb", "key": "url"}}},
            "grafana": {"url": "https://grafana.example.com", "oidc": SIGN_ON},
        }
        found = arguments("monitoring", monitoring=said, **POOLS)
        assert found["thresholds"] == said["thresholds"]
        assert found["alerts"] == said["alerts"]
        assert found["grafana"] == said["grafana"]
        assert "thresholds" not in arguments("monitoring", monitoring={}, **POOLS)

    def test_by_the_clouds_own_service(self) -> None:
        said = {"mlflow_p95_seconds": 3.0, "gpu_idle_minutes": 30, "database_connections": 300}
        parts = {"monitoring": {**MANAGED, "thresholds": said}, "tracking": {"mlflow": {}}}
        found = arguments("managed_prometheus", **parts)
        assert found["thresholds"] == {"mlflow_p95_seconds": 3.0}, "it sees no GPUs"
        assert found["database"]["connections"] == 300
        notes = [note for part in components() for note in part.on(aws()).notes(stack_with(**parts))]
        assert ("none", ("monitoring.thresholds.gpu_idle_minutes",)) in {(note.effect, note.paths) for note in notes}


class TestServersOnTheCluster:
    def test_without_a_name_only_the_workloads_connect(self) -> None:
        found = arguments("mlflow", tracking={"mlflow": {"replicas": 3}}, **POOLS)
        assert found["clients"] == {"namespaces": ["serving-main", "training-main"]}
        assert "ingress" not in found
        assert found["replicas"] == {"min": 3, "max": 6}
        assert found["system_pool"] == SYSTEM_NODES

    def test_they_find_the_database_in_the_private_subnets_and_nowhere_else(self) -> None:
        stack = stack_with(tracking={"mlflow": {}})
        found = arguments("mlflow", tracking={"mlflow": {}})
        assert found["database"] == {"cidr_blocks": subnets(stack)}
        assert mlflow_of(stack) is not None
        assert (found["artifacts_bucket"], found["secret_name"]) == (mlflow_of(stack).bucket, "test/mlflow")

    def test_in_an_existing_network_they_are_open_to_its_subnets_and_nowhere_else(self) -> None:
        parts = {"tracking": {"mlflow": {**NAMED, "client_cidrs": ["10.200.0.0/16"]}}, "network": EXISTING}
        found = arguments("mlflow", **parts)
        assert [ref.text for ref in found["database"]["cidr_blocks"]] == LOOKED_UP
        assert [ref.text for ref in found["clients"]["cidr_blocks"]] == LOOKED_UP
        notes = found["ingress"]["annotations"]
        first, second = LOOKED_UP
        inbound = f'"${{{first}}}, ${{{second}}}, 10.200.0.0/16"'
        assert notes["alb.ingress.kubernetes.io/inbound-cidrs"].text == inbound
        assert notes["alb.ingress.kubernetes.io/subnets"] == "subnet-0a1b2c3d, subnet-0b1c2d3e"

    def test_a_managed_collector_comes_from_the_subnets_of_an_existing_network(self) -> None:
        found = arguments("workspaces", monitoring=MANAGED, network=EXISTING, **POOLS)
        [workspace, *_] = found["workspaces"].values()
        assert [ref.text for ref in workspace["metrics_cidr_blocks"]] == LOOKED_UP

    def test_by_name_through_a_private_load_balancer(self) -> None:
        parts = {"tracking": {"mlflow": {**NAMED, "client_cidrs": ["10.200.0.0/16"]}}}
        ranges = subnets(stack_with(**parts))
        found = arguments("mlflow", **parts)
        assert found["clients"] == {"namespaces": [], "cidr_blocks": ranges}
        ingress = found["ingress"]
        assert ingress.pop("class_name").text == "module.load_balancer.load_balancer.ingress_class"
        assert ingress == {
            "host": "mlflow.example.com",
            "certificate": CERTIFICATE,
            "annotations": {"alb.ingress.kubernetes.io/inbound-cidrs": ", ".join([*ranges, "10.200.0.0/16"])},
        }

    def test_the_controller_of_load_balancers(self) -> None:
        calls = calls_of(tracking={"mlflow": NAMED})
        identity, controller = calls["load_balancer_identity"], calls["load_balancer"]
        assert (identity.layer, controller.layer) == (FOUNDATION, PLATFORM)
        assert controller.arguments["system_pool"] == SYSTEM_NODES
        assert expressions(dict(controller.arguments)) == {
            "var.name",
            "var.region",
            "var.tags",
            "data.aws_eks_cluster.this.vpc_config[0].vpc_id",
        }

    def test_a_collector_outside_the_cluster_is_let_in(self) -> None:
        parts = {"tracking": {"mlflow": {}}, "monitoring": MANAGED, **POOLS}
        ranges = subnets(stack_with(**parts))
        assert arguments("mlflow", **parts)["clients"]["metrics_cidr_blocks"] == ranges
        workspaces = arguments("workspaces", **parts)["workspaces"]
        assert {name: one["metrics_cidr_blocks"] for name, one in workspaces.items()} == {
            "training-main": ranges,
            "serving-main": ranges,
        }
        assert all("ingress_from_namespaces" not in one for one in workspaces.values())


class TestServersWithoutACluster:
    def test_arguments(self) -> None:
        parts = {"tracking": {"mlflow": {**SERVERLESS, "client_cidrs": ["10.200.0.0/16"], "replicas": 1}}}
        stack = stack_with(**parts)
        assert mlflow_of(stack) is not None
        call = calls_of(**parts)["mlflow_serverless"]
        found: Any = call.arguments
        assert call.layer == FOUNDATION
        assert found["client_cidrs"] == [*subnets(stack), "10.200.0.0/16"]
        assert found["endpoint"] == {"host": "mlflow.example.com", "certificate": CERTIFICATE}
        assert found["tasks"] == {"min": 1, "max": 2}
        assert found["logs"] == {"access_log_bucket": mlflow_of(stack).log_bucket}
        assert found["kms_keys"].keys() == {"storage", "database", "logs"}
        assert found["artifacts_bucket"].text == "module.object_store.object_store.buckets.mlflow"
        assert [output.name for output in call.outputs] == ["mlflow_tracking_uri"]

    def test_somebody_elses_network(self) -> None:
        found = arguments("mlflow_serverless", tracking={"mlflow": SERVERLESS}, network=EXISTING)
        assert [ref.text for ref in found["client_cidrs"]] == LOOKED_UP


class TestIdentities:
    def test_the_server_touches_its_bucket_and_its_secret_only(self) -> None:
        data = {"storage": {"buckets": {"data": {}}}, "training": training(vcpus=2, reads=["data"])}
        found = arguments("workload_identity", tracking={"mlflow": {}}, **data)
        assert found["identities"].keys() == {"training-main", "mlflow"}
        mlflow = found["identities"]["mlflow"]
        assert mlflow.keys() == {"namespace", "service_account", "writes", "secrets"}
        assert [one.text for one in mlflow["writes"]] == ['module.object_store.object_store.buckets["mlflow"].id']
        assert [one.text for one in mlflow["secrets"]] == ["module.mlflow_database.database.secret_id"]
        assert (mlflow["namespace"], mlflow["service_account"]) == ("mlflow", "mlflow")
        pool = found["identities"]["training-main"]
        assert pool.keys() == {"namespace", "service_account", "reads"}
        assert [one.text for one in pool["reads"]] == ['module.object_store.object_store.buckets["data"].id']
        assert found["secrets_kms_key"].text == "module.keys.keys.database.id"

    def test_pools_alone_get_no_key_of_secrets(self) -> None:
        data = {"storage": {"buckets": {"data": {}}}, "training": training(vcpus=2, writes=["data"])}
        found = arguments("workload_identity", tracking={"mlflow": SERVERLESS}, **data)
        assert found["identities"].keys() == {"training-main"}
        assert "secrets_kms_key" not in found

    def test_a_serverless_server_has_no_identity_on_a_cluster(self) -> None:
        assert "workload_identity" not in calls_of(tracking={"mlflow": SERVERLESS}, **POOLS)


class TestMonitoring:
    def test_defaults_on_the_cluster(self) -> None:
        found = arguments("monitoring", monitoring={}, **POOLS)
        assert found["storage"].pop("class").text == "module.storage_class.storage_class.name"
        assert found["storage"] == {"size_gib": 50, "retention_days": 15}
        assert (found["alerts"], found["grafana"]) == ({}, {})
        assert (found["gpu"], found["mlflow"]) == (False, False)
        assert found["workload_namespaces"] == ["serving-main", "training-main"]
        assert found["system_pool"] == SYSTEM_NODES
        assert found["cost"].keys() == {"node_usd_per_hour"}
        assert "runbook_url" not in found

    @pytest.mark.parametrize(
        ("parts", "watches"),
        [({}, False), ({"tracking": {"mlflow": {}}}, True), ({"tracking": {"mlflow": SERVERLESS}}, False)],
        ids=["none", "on the cluster", "serverless"],
    )
    @pytest.mark.parametrize("monitoring", [{}, MANAGED], ids=["kubernetes", "managed"])
    def test_mlflow_is_watched_where_it_runs_on_the_cluster(
        self, parts: dict[str, Any], watches: bool, monitoring: dict[str, Any]
    ) -> None:
        call = "managed_prometheus" if monitoring else "monitoring"
        assert arguments(call, monitoring=monitoring, **parts, **POOLS).get("mlflow", False) == watches

    def test_everybody_who_may_be_told(self) -> None:
        """The module takes a secret by `name` and `key`."""
        alerts = {
            "email": "ml@example.com",
            "slack": {"channel": "#ml", "webhook_url": {"name": "slack", "key": "url"}},
            "pagerduty": {"routing_key": {"name": "pager", "key": "routing"}},
            "runbook_url": "https://example.com/runbooks.md",
        }
        said = {"alerts": alerts, "grafana": {"url": "https://grafana.example.com"}}
        calls = calls_of(monitoring=said, budget={"monthly_usd": 5000}, training=training(gpu={"type": "l4"}))
        found: Any = calls["monitoring"].arguments
        assert found["alerts"] == {
            "sns": {"topic_arn": "arn:aws:sns:us-east-1:111122223333:test-alerts"},
            "slack": {"channel": "#ml", "webhook_url": {"name": "slack", "key": "url"}},
            "pagerduty": {"routing_key": {"name": "pager", "key": "routing"}},
        }
        assert found["grafana"] == {"url": "https://grafana.example.com"}
        assert found["runbook_url"] == "https://example.com/runbooks.md"
        assert (found["gpu"], found["cost"]["monthly_usd"]) == (True, 5000)
        topic: Any = calls["alert_topic"].arguments
        assert topic["emails"] == ["ml@example.com"]
        assert topic["kms_key"].text == "module.keys.keys.cluster.id"

    def test_prometheus_reaches_the_workspaces(self) -> None:
        workspaces = arguments("workspaces", monitoring={}, **POOLS)["workspaces"]
        assert all(one["ingress_from_namespaces"] == ["monitoring"] for one in workspaces.values())
        assert all("metrics_cidr_blocks" not in one for one in workspaces.values())

    def test_workspaces_that_nobody_watches_let_nobody_in(self) -> None:
        workspaces = arguments("workspaces", **POOLS)["workspaces"]
        assert all(one.keys() == {"service_accounts"} for one in workspaces.values())


class TestManagedMonitoring:
    def test_arguments(self) -> None:
        said = {**MANAGED, "prometheus": {"hosting": "managed", "retention_days": 90}}
        call = calls_of(monitoring=said, **POOLS)["managed_prometheus"]
        found: Any = call.arguments
        assert (call.layer, call.depends_on) == (FOUNDATION, (Ref("pool_system"),))
        assert found["metrics"] == {"retention_days": 90}
        assert found["emails"] == ["ml@example.com"]
        assert found["workload_namespaces"] == ["serving-main", "training-main"]
        assert found["kms_key"].text == "module.keys.keys.alerts.id"
        assert not {"mlflow", "database", "runbook_url"} & found.keys()

    @pytest.mark.parametrize("mlflow", [{}, SERVERLESS], ids=["on the cluster", "serverless"])
    def test_the_database_is_watched_wherever_the_servers_are(self, mlflow: dict[str, Any]) -> None:
        found = arguments("managed_prometheus", monitoring=MANAGED, tracking={"mlflow": mlflow}, **POOLS)
        assert found["database"]["identifier"].text == "module.mlflow_database.database.identifier"

    def test_runbooks(self) -> None:
        said = {**MANAGED, "alerts": {**MANAGED["alerts"], "runbook_url": "https://example.com/runbooks.md"}}
        assert arguments("managed_prometheus", monitoring=said, **POOLS)["runbook_url"] == said["alerts"]["runbook_url"]
