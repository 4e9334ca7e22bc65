"""Further services of AWS in a plan, with a usage file: figures as in golden tables of Infracost (us-east-1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml

from groundplan.clouds.aws.planned import PLANNED
from groundplan.cost.plan import PlanReport, price_plan, read_usage
from tests.unit.cost.test_plan_aws import band, lines, report_of, resource, to, unpriced


def with_usage(type_: str, usage: dict[str, Any], **values: Any) -> PlanReport:
    """The report of one resource of which the usage file says something."""
    plan = {"planned_values": {"root_module": {"resources": [resource(type_, **values)]}}}
    text = yaml.safe_dump({"version": 0.1, "resource_usage": {f"{type_}.a": usage}})
    return price_plan(plan, "plan.json", "us-east-1", read_usage(text.encode(), "usage.yml", PLANNED.usage_keys))


def expected(report: PlanReport) -> dict[str, Decimal]:
    return {item: Decimal(usd) for item, usd in lines(report).items()}


LAMBDA = {"monthly_requests": 100_000, "request_duration_ms": 350}
LINES = [
    ("aws_lambda_function", LAMBDA, {"memory_size": 512}, {"function.request": "0.02", "function.duration": "0.29"}),
    (
        "aws_lambda_function",
        LAMBDA,
        {"memory_size": 512, "architectures": ["arm64"]},
        {"function.request": "0.02", "function.duration_arm": "0.23"},
    ),
    ("aws_sqs_queue", {"monthly_requests": 1_000_000, "request_size_kb": 128}, {}, {"queue.request": "0.80"}),
    ("aws_sqs_queue", {"monthly_requests": 1_000_000}, {"fifo_queue": True}, {"queue.request_fifo": "0.50"}),
    ("aws_sns_topic", {"monthly_requests": 1_000_000}, {}, {"notifications.published": "0.50"}),
    (
        "aws_dynamodb_table",
        {"monthly_write_request_units": 3_000_000, "monthly_read_request_units": 8_000_000, "storage_gb": 230},
        {"billing_mode": "PAY_PER_REQUEST"},
        {"table.write": "1.88", "table.read": "1.00", "table.stored": "57.50"},
    ),
    (
        "aws_dynamodb_table",
        {"storage_gb": 0},
        {"billing_mode": "PROVISIONED", "write_capacity": 20, "read_capacity": 30},
        {"table.write_capacity": "9.49", "table.read_capacity": "2.85", "table.stored": "0.00"},
    ),
    (
        "aws_efs_file_system",
        {"storage_gb": 230},
        {"throughput_mode": "provisioned", "provisioned_throughput_in_mibps": 100},
        {"file_store.standard": "69.00", "file_store.throughput": "531.00"},
    ),
    (
        "aws_efs_file_system",
        {"storage_gb": 230, "infrequent_access_storage_gb": 100},
        {"availability_zone_name": "us-east-1a", "lifecycle_policy": [{"transition_to_ia": "AFTER_7_DAYS"}]},
        {"file_store.standard_one_zone": "36.80", "file_store.infrequent_one_zone": "1.33"},
    ),
    (
        "aws_mwaa_environment",
        {"additional_workers": 2.5, "meta_database_gb": 1000},
        {"environment_class": "mW1.laRgE", "schedulers": 2},
        {"airflow.large": "722.70", "airflow.large_worker": "401.50", "airflow.stored": "100.00"},
    ),
    ("aws_glue_job", {"monthly_hours": 60}, {"max_capacity": 10}, {"etl.job": "264.00"}),
    ("aws_glue_job", {"monthly_hours": 60}, {"worker_type": "G.2X", "number_of_workers": 10}, {"etl.job": "528.00"}),
    ("aws_sfn_state_machine", {"monthly_transitions": 10_000}, {}, {"workflow.transition": "0.25"}),
    (
        "aws_kinesis_stream",
        {"monthly_provisioned_put_units": 6_500_000},
        {"shard_count": 4},
        {"stream.shard": "43.80", "stream.put": "0.09"},
    ),
    ("aws_apigatewayv2_api", {"monthly_requests": 1_000_000_000}, {}, {"api.http_request": "930.00"}),
    (
        "aws_elb",
        {"monthly_data_processed_gb": 10_000},
        {},
        {"load_balancer.classic": "18.25", "load_balancer.classic_data": "80.00"},
    ),
    (
        "aws_route53_resolver_endpoint",
        {"monthly_queries": 2_000_000_000},
        {"ip_address": [{}, {}]},
        {"dns.resolver": "182.50", "dns.resolver_queries": "600.00"},
    ),
    (
        "aws_networkfirewall_firewall",
        {"monthly_data_processed_gb": 100},
        {"subnet_mapping": [{}]},
        {"network.firewall": "288.35", "network.firewall_data": "6.50"},
    ),
    (
        "aws_wafv2_web_acl",
        {"monthly_requests": 1_000_000},
        {"rule": [{}] * 16},
        {"firewall.acl": "5.00", "firewall.rule": "16.00", "firewall.request": "0.60"},
    ),
    ("aws_config_config_rule", {"monthly_rule_evaluations": 1_000_000}, {}, {"audit.rule_evaluation": "670.00"}),
    ("aws_ecr_repository", {"storage_gb": 10}, {}, {"registry.stored": "1.00"}),
    (
        "aws_nat_gateway",
        {"monthly_data_processed_gb": 100},
        {},
        {"network.nat_gateway": "32.85", "network.nat_data": "4.50"},
    ),
    (
        "aws_vpn_connection",
        {"monthly_data_processed_gb": 100},
        {"transit_gateway_id": "t"},
        {"network.transit_data": "2.00"},
    ),
]


@pytest.mark.parametrize(("type_", "usage", "values", "usd"), LINES)
def test_with_a_usage_file(type_: str, usage: dict[str, Any], values: dict[str, Any], usd: dict[str, str]) -> None:
    found = expected(with_usage(type_, usage, **values))
    assert {item: f"{found[item]:f}" for item in usd} == usd


FIXED = [
    (
        "aws_elasticache_cluster",
        {"node_type": "cache.m6g.12xlarge", "engine": "redis", "num_cache_nodes": 1},
        "2596.61",
    ),
    ("aws_elasticache_replication_group", {"node_type": "cache.m6g.12xlarge", "num_cache_clusters": 3}, "7789.83"),
    (
        "aws_elasticache_replication_group",
        {"node_type": "cache.m6g.12xlarge", "num_node_groups": 3, "replicas_per_node_group": 0},
        "7789.83",
    ),
    ("aws_msk_serverless_cluster", {}, "547.50"),
    ("aws_redshift_cluster", {"node_type": "ra3.4xlarge", "number_of_nodes": 6}, "14278.80"),
    ("aws_docdb_cluster_instance", {"instance_class": "db.r5.4xlarge"}, "1617.68"),
    ("aws_route53_zone", {}, "0.50"),
    ("aws_cloudwatch_dashboard", {}, "3.00"),
    ("aws_ec2_transit_gateway_peering_attachment", {}, "36.50"),
    ("aws_ec2_client_vpn_network_association", {}, "73.00"),
    ("aws_cloudhsm_v2_hsm", {}, "1168.00"),
    ("aws_acmpca_certificate_authority", {}, "400.00"),
    ("aws_grafana_workspace", {}, "9.00"),
    ("aws_secretsmanager_secret", {"replica": [{}]}, "0.80"),
]


@pytest.mark.parametrize(("type_", "values", "usd"), FIXED)
def test_what_is_there_without_use(type_: str, values: dict[str, Any], usd: str) -> None:
    assert sum(expected(report_of(resource(type_, **values))).values()) == Decimal(usd)


def test_a_search_domain_has_nodes_masters_and_their_disks() -> None:
    cluster = {"instance_type": "m6g.large.search", "instance_count": 3, "dedicated_master_enabled": True}
    disks = {"ebs_enabled": True, "volume_type": "gp3", "volume_size": 100}
    found = lines(report_of(resource("aws_opensearch_domain", cluster_config=[cluster], ebs_options=[disks])))
    assert found["search.storage_gp3"] == "36.60" and "search.m6g.large" in found


def test_brokers_have_storage_each() -> None:
    info = [{"instance_type": "kafka.m5.24xlarge", "storage_info": [{"ebs_storage_info": [{"volume_size": 1000}]}]}]
    report = report_of(resource("aws_msk_cluster", number_of_broker_nodes=4, broker_node_group_info=info))
    assert lines(report) == {"broker.kafka.m5.24xlarge": "29433.60", "broker.stored": "400.00"}


def test_a_node_of_a_replication_group_is_counted_once() -> None:
    group = resource("aws_elasticache_replication_group", node_type="cache.m6g.large", num_cache_clusters=1)
    member = resource("aws_elasticache_cluster", node_type="cache.m6g.large")
    refers = {"aws_elasticache_cluster.a": to("aws_elasticache_replication_group.a", "replication_group_id")}
    assert lines(report_of(group, member, refers=refers)) == {"cache.m6g.large": "108.77"}


def test_capacity_scales_up_to_the_bound_of_its_target() -> None:
    table = resource("aws_dynamodb_table", billing_mode="PROVISIONED", write_capacity=5, read_capacity=5)
    bounds = {"scalable_dimension": "dynamodb:table:WriteCapacityUnits", "min_capacity": 5, "max_capacity": 100}
    target = resource("aws_appautoscaling_target", **bounds)
    refers = {"aws_appautoscaling_target.a": to("aws_dynamodb_table.a", "resource_id", attribute="name")}
    assert band(report_of(table, target, refers=refers), "table.write_capacity") == ("2.37", "2.37", "47.45")


class TestLoadBalancers:
    def addresses(self, **values: Any) -> str | None:
        return lines(report_of(resource("aws_lb", **values))).get("network.public_ipv4")

    def test_the_internet_sees_an_address_in_each_subnet(self) -> None:
        assert self.addresses(subnets=["a", "b"]) == "7.30"
        assert self.addresses(subnet_mapping=[{"subnet_id": "a"}, {"subnet_id": "b", "allocation_id": "e"}]) == "3.65"

    @pytest.mark.parametrize("values", [{"internal": True}, {"ip_address_type": "dualstack-without-public-ipv4"}])
    def test_others_have_none(self, values: dict[str, Any]) -> None:
        assert self.addresses(subnets=["a", "b"], **values) is None

    def test_capacity_is_the_most_of_what_takes_it(self) -> None:
        report = with_usage("aws_lb", {"processed_bytes_gb": 1000, "new_connections": 25}, internal=True)
        assert expected(report)["load_balancer.application_capacity"] == Decimal("8.00")


def test_endpoints_of_a_model_are_those_of_their_configuration() -> None:
    variants = [{"instance_type": "ml.m5.xlarge", "initial_instance_count": 2}]
    configuration = resource("aws_sagemaker_endpoint_configuration", production_variants=variants)
    endpoint = resource("aws_sagemaker_endpoint")
    refers = {"aws_sagemaker_endpoint.a": to("aws_sagemaker_endpoint_configuration.a", "endpoint_config_name")}
    assert unpriced(report_of(configuration, endpoint, refers=refers)) == {
        "ml.endpoint.ml.m5.xlarge": "no price in the book"
    }
    assert unpriced(report_of(endpoint)) == {"ml.endpoint": "usage not stated"}


@pytest.mark.parametrize(
    ("type_", "values", "attribute"),
    [
        ("aws_autoscaling_group", {"warm_pool": [{"min_size": 1}]}, "warm_pool"),
        ("aws_db_instance", {"dedicated_log_volume": True}, "dedicated_log_volume"),
        ("aws_lb", {"minimum_load_balancer_capacity": [{"capacity_units": 100}]}, "minimum_load_balancer_capacity"),
        ("aws_lambda_function", {"snap_start": [{"apply_on": "PublishedVersions"}]}, "snap_start"),
        ("aws_ecr_registry_scanning_configuration", {"scan_type": "ENHANCED"}, "scan_type"),
    ],
)
def test_what_is_billed_and_not_counted_is_told(type_: str, values: dict[str, Any], attribute: str) -> None:
    report = report_of(resource(type_, **values))
    assert not report.cost.complete
    assert any(item.reason == "attribute not counted" and attribute in item.hint for item in report.cost.unpriced)


def test_workers_of_a_type_without_a_size_are_told_by_it() -> None:
    job = resource("aws_glue_job", worker_type="G.16X", number_of_workers=2)
    [item] = report_of(job).cost.unpriced
    assert item.hint == "workers of type G.16X have no size in the tables"
