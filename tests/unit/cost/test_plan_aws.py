"""What a plan's AWS resources cost, each computed by hand from the list prices of us-east-1."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any, ClassVar

import pytest

from groundplan.cost.plan import PlanReport, price_plan

REGION = "us-east-1"


def resource(type_: str, name: str = "a", **values: Any) -> dict[str, Any]:
    return {"address": f"{type_}.{name}", "mode": "managed", "type": type_, "name": name, "values": values}


def report_of(
    *resources: dict[str, Any], refers: dict[str, Any] | None = None, region: str = REGION, today: date | None = None
) -> PlanReport:
    """The report of these resources; `refers` has the expressions of each by its address."""
    written = [{"address": address, "expressions": expressions} for address, expressions in (refers or {}).items()]
    plan = {
        "format_version": "1.2",
        "planned_values": {"root_module": {"resources": list(resources)}},
        "configuration": {"root_module": {"resources": written}},
    }
    return price_plan(plan, "plan.json", region, today=today)


def lines(report: PlanReport) -> dict[str, str]:
    """Expected dollars by item, all resources together."""
    found: dict[str, Decimal] = {}
    for line in report.cost.lines:
        found[line.item] = found.get(line.item, Decimal(0)) + line.monthly_usd.expected
    return {item: f"{usd:f}" for item, usd in found.items()}


def band(report: PlanReport, item: str) -> tuple[str, str, str]:
    [line] = [line for line in report.cost.lines if line.item == item]
    low, expected, high = (f"{usd:f}" for usd in line.monthly_usd.cases)
    return low, expected, high


def unpriced(report: PlanReport) -> dict[str, str]:
    return {item.item: item.reason for item in report.cost.unpriced}


def to(address: str, *path: str, attribute: str = "id") -> dict[str, Any]:
    """An expression at the path that refers to the resource."""
    expression: Any = {"references": [f"{address}.{attribute}", address]}
    for key in reversed(path[1:]):
        expression = [{key: expression}]
    return {path[0]: expression}


ROOT = [{"volume_size": 100, "volume_type": "gp3"}]


class TestInstances:
    def test_everything_of_one_is_counted(self) -> None:
        """gp2 is the type of a further volume that names none; the address and seven metrics a minute are billed."""
        report = report_of(
            resource(
                "aws_instance",
                instance_type="m5.large",
                root_block_device=[{"volume_size": 100}],
                ebs_block_device=[{"device_name": "/dev/sdf", "volume_size": 500}],
                associate_public_ip_address=True,
                monitoring=True,
                tenancy="dedicated",
            )
        )
        assert lines(report) == {
            "m5.large": "70.08",
            "disk.general": "8.00",
            "disk.gp2": "50.00",
            "metrics.custom": "2.10",
            "network.public_ipv4": "3.65",
        }
        assert unpriced(report) == {"instance.dedicated": "no price in the book"}

    def test_a_plain_one_is_complete(self) -> None:
        report = report_of(resource("aws_instance", instance_type="m5.large", root_block_device=ROOT))
        assert lines(report) == {"m5.large": "70.08", "disk.general": "8.00"} and report.cost.complete

    def test_a_subnet_gives_an_address_unless_the_instance_refuses(self) -> None:
        subnet = resource("aws_subnet", map_public_ip_on_launch=True)
        refers = {"aws_instance.a": to("aws_subnet.a", "subnet_id")}
        machine = {"instance_type": "m5.large", "root_block_device": ROOT}
        with_one = report_of(subnet, resource("aws_instance", **machine), refers=refers)
        assert lines(with_one)["network.public_ipv4"] == "3.65"
        refused = resource("aws_instance", associate_public_ip_address=False, **machine)
        assert "network.public_ipv4" not in lines(report_of(subnet, refused, refers=refers))

    @pytest.mark.parametrize(("type_", "argument"), [("aws_eip", "instance"), ("aws_eip_association", "instance_id")])
    def test_an_address_that_is_attached_is_counted_once(self, type_: str, argument: str) -> None:
        machine = resource("aws_instance", instance_type="m5.large", associate_public_ip_address=True)
        others = [resource("aws_eip", "b")] if type_ == "aws_eip_association" else []
        refers = {f"{type_}.a": to("aws_instance.a", argument)}
        assert lines(report_of(machine, *others, resource(type_), refers=refers))["network.public_ipv4"] == "3.65"

    def test_an_address_out_of_a_range_of_one_s_own_is_free(self) -> None:
        assert lines(report_of(resource("aws_eip", public_ipv4_pool="ipv4pool-ec2-012"))) == {}

    def test_surplus_credits_are_in_high(self) -> None:
        report = report_of(resource("aws_instance", instance_type="t3.micro"))
        assert band(report, "instance.cpu_credits_t3") == ("0.00", "0.00", "29.20")
        old = resource("aws_instance", instance_type="t2.micro", credit_specification=[{"cpu_credits": "unlimited"}])
        assert unpriced(report_of(old))["instance.cpu_credits_t2"] == "usage not stated"
        standard = resource(
            "aws_instance", instance_type="t3.micro", credit_specification=[{"cpu_credits": "standard"}]
        )
        assert not any("credits" in item for item in {**lines(report_of(standard)), **unpriced(report_of(standard))})

    def test_on_a_host_only_the_disks_are_billed(self) -> None:
        report = report_of(resource("aws_instance", instance_type="m5.large", tenancy="host", root_block_device=ROOT))
        assert lines(report) == {"disk.general": "8.00"}

    def test_in_a_reservation_of_the_plan_the_reservation_is_billed(self) -> None:
        reserved = resource("aws_ec2_capacity_reservation", instance_type="m5.large", instance_count=2)
        block = [{"capacity_reservation_target": [{}]}]
        values = {"root_block_device": ROOT, "capacity_reservation_specification": block}
        machine = resource("aws_instance", instance_type="m5.large", **values)
        path = ("capacity_reservation_specification", "capacity_reservation_target", "capacity_reservation_id")
        refers = {"aws_instance.a": to("aws_ec2_capacity_reservation.a", *path)}
        assert lines(report_of(reserved, machine, refers=refers)) == {"m5.large": "140.16", "disk.general": "8.00"}

    def test_a_launch_template_is_followed(self) -> None:
        template = resource(
            "aws_launch_template",
            instance_type="m5.large",
            block_device_mappings=[{"device_name": "/dev/xvda", "ebs": [{"volume_size": 50, "volume_type": "gp3"}]}],
            monitoring=[{"enabled": True}],
        )
        machine = resource("aws_instance", launch_template=[{"version": "$Latest"}])
        refers = {"aws_instance.a": to("aws_launch_template.a", "launch_template", "id")}
        report = report_of(template, machine, refers=refers)
        assert lines(report) == {"m5.large": "70.08", "disk.general": "4.00", "metrics.custom": "2.10"}
        assert report.cost.complete


class TestFileSystems:
    def test_lustre_costs_by_its_throughput(self) -> None:
        values = {"storage_capacity": 1200, "deployment_type": "PERSISTENT_2", "per_unit_storage_throughput": 125}
        assert lines(report_of(resource("aws_fsx_lustre_file_system", **values))) == {
            "file_store.lustre_persistent_125": "174.00"
        }


class TestVolumes:
    @pytest.mark.parametrize(
        ("values", "usd"),
        [
            ({"type": "gp3", "size": 1000, "iops": 16000, "throughput": 1000}, ("80.00", "65.00", "35.00")),
            ({"type": "gp3", "size": 1000, "iops": 3000, "throughput": 125}, ("80.00",)),
        ],
    )
    def test_what_gp3_is_provisioned_with_beyond_its_price(self, values: dict[str, Any], usd: tuple[str, ...]) -> None:
        assert tuple(lines(report_of(resource("aws_ebs_volume", **values))).values()) == usd

    @pytest.mark.parametrize(
        ("values", "items"),
        [
            ({"size": 10}, {"disk.gp2"}),
            ({"type": "io1", "size": 30, "iops": 300}, {"disk.io1", "disk.io1_iops"}),
            ({"type": "io2", "size": 30, "iops": 300}, {"disk.io2", "disk.io2_iops"}),
            ({"type": "st1", "size": 40}, {"disk.st1"}),
            ({"type": "sc1", "size": 50}, {"disk.sc1"}),
            ({"type": "standard", "size": 20}, {"disk.standard", "disk.standard_requests"}),
        ],
    )
    def test_each_type_has_its_items(self, values: dict[str, Any], items: set[str]) -> None:
        report = report_of(resource("aws_ebs_volume", **values))
        assert {*lines(report), *unpriced(report)} == items


class TestGroups:
    def mixed(self, weight: str | None = None, **distribution: Any) -> dict[str, tuple[str, str | None]]:
        template = resource("aws_launch_template", instance_type="m5.large")
        override = {"instance_type": "m6i.large", **({"weighted_capacity": weight} if weight else {})}
        policy = {
            "instances_distribution": [distribution],
            "launch_template": [{"launch_template_specification": [{}], "override": [override]}],
        }
        group = resource("aws_autoscaling_group", min_size=2, max_size=10, mixed_instances_policy=[policy])
        path = ("mixed_instances_policy", "launch_template", "launch_template_specification", "launch_template_id")
        report = report_of(template, group, refers={"aws_autoscaling_group.a": to("aws_launch_template.a", *path)})
        return {line.option or "": (line.item, f"{line.quantity / 730:f}") for line in report.cost.lines if line.option}

    def test_spot_shares_what_is_above_the_base(self) -> None:
        shared = self.mixed(on_demand_base_capacity=1, on_demand_percentage_above_base_capacity=0)
        assert shared == {"on_demand": ("m6i.large", "1"), "spot": ("m6i.large", "1")}
        assert self.mixed() == {"on_demand": ("m6i.large", "2")}

    def test_bounds_of_a_group_with_weights_count_units(self) -> None:
        assert self.mixed(weight="2") == {"on_demand": ("m6i.large", "1")}
        assert self.mixed(weight="3") == {"on_demand": ("m6i.large", "1")}
        assert self.mixed(weight="nonsense") == {"on_demand": ("m6i.large", "2")}

    def test_a_template_is_a_band_from_least_to_most(self) -> None:
        template = resource("aws_launch_template", instance_type="m5.large")
        group = resource("aws_autoscaling_group", min_size=1, desired_capacity=2, max_size=4, launch_template=[{}])
        refers = {"aws_autoscaling_group.a": to("aws_launch_template.a", "launch_template", "id")}
        report = report_of(template, group, refers=refers)
        assert band(report, "m5.large") == ("70.08", "140.16", "280.32")

    def test_a_launch_configuration_watches_every_minute_by_itself(self) -> None:
        configuration = resource("aws_launch_configuration", instance_type="m5.large", root_block_device=ROOT)
        group = resource("aws_autoscaling_group", min_size=1, max_size=1)
        refers = {"aws_autoscaling_group.a": to("aws_launch_configuration.a", "launch_configuration", attribute="name")}
        report = report_of(configuration, group, refers=refers)
        assert lines(report) == {"m5.large": "70.08", "disk.general": "8.00", "metrics.custom": "2.10"}

    def test_without_its_template_nothing_is_guessed(self) -> None:
        group = resource("aws_autoscaling_group", min_size=1, max_size=1, launch_template=[{"id": "lt-1"}])
        assert unpriced(report_of(group)) == {"instance": "usage not stated"}

    def test_a_node_group_without_a_template_has_what_eks_gives(self) -> None:
        report = report_of(resource("aws_eks_node_group", scaling_config=[{"desired_size": 1}]))
        assert lines(report) == {"t3.medium": "30.37", "disk.general": "1.60", "instance.cpu_credits_t3": "0.00"}

    def test_disks_of_a_template_that_is_elsewhere_are_not_those_of_eks(self) -> None:
        group = resource(
            "aws_eks_node_group",
            instance_types=["m5.large"],
            launch_template=[{"id": "lt-1"}],
            scaling_config=[{"desired_size": 1}],
        )
        report = report_of(group)
        assert lines(report) == {"m5.large": "70.08"}
        [disk] = report.cost.unpriced
        assert "the plan does not have" in disk.hint


class TestClusters:
    @pytest.mark.parametrize("version", ["1.31", "1.24", "1.9"])
    def test_versions_before_the_table_are_in_extended_support(self, version: str) -> None:
        cluster = resource("aws_eks_cluster", version=version)
        assert lines(report_of(cluster)) == {"cluster.control_plane_extended": "438.00"}

    @pytest.mark.parametrize("version", ["1.99", None, "x", "1.31-eks"])
    def test_others_are_not(self, version: str | None) -> None:
        assert lines(report_of(resource("aws_eks_cluster", version=version))) == {"cluster.control_plane": "73.00"}

    def test_a_cluster_that_upgrades_by_itself_never_is(self) -> None:
        cluster = resource("aws_eks_cluster", version="1.31", upgrade_policy=[{"support_type": "STANDARD"}])
        assert lines(report_of(cluster)) == {"cluster.control_plane": "73.00"}

    @pytest.mark.parametrize(
        ("values", "item"),
        [
            ({"compute_config": [{"enabled": True}]}, "cluster.auto_mode"),
            ({"remote_network_config": [{"remote_node_networks": [{}]}]}, "cluster.hybrid_nodes"),
            ({"control_plane_scaling_config": [{"tier": "tier-xl"}]}, "cluster.control_plane_provisioned"),
        ],
    )
    def test_what_is_billed_beside_the_control_plane(self, values: dict[str, Any], item: str) -> None:
        assert item in unpriced(report_of(resource("aws_eks_cluster", version="1.35", **values)))


def database(**values: Any) -> dict[str, Any]:
    base = {"engine": "postgres", "engine_version": "16", "instance_class": "db.m6g.large", "storage_type": "gp3"}
    return resource("aws_db_instance", **{**base, "allocated_storage": 100, **values})


class TestDatabases:
    def test_gp3_beyond_what_its_price_has(self) -> None:
        report = report_of(database(allocated_storage=500, iops=20000, storage_throughput=1000))
        assert lines(report) == {
            "database.db.m6g.large": "116.07",
            "database.storage": "57.50",
            "database.iops": "160.00",
            "database.throughput": "40.00",
        }

    @pytest.mark.parametrize(
        ("values", "iops"),
        [
            ({"allocated_storage": 399, "iops": 4000}, "20.00"),
            ({"allocated_storage": 400, "iops": 12000}, None),
            ({"engine": "oracle-se2", "allocated_storage": 200, "iops": 12000}, None),
            ({"engine": "sqlserver-web", "allocated_storage": 1000, "iops": 4000}, "20.00"),
            ({"allocated_storage": 399, "iops": 4000, "multi_az": True}, "40.00"),
            ({"storage_type": "io1", "iops": 1000}, None),
        ],
    )
    def test_what_is_included_depends_on_engine_and_size(self, values: dict[str, Any], iops: str | None) -> None:
        assert lines(report_of(database(**values))).get("database.iops") == iops

    def test_provisioned_iops_have_items_of_their_own(self) -> None:
        report = report_of(database(storage_type=None, iops=1000))
        assert lines(report)["database.iops_provisioned"] == "100.00"
        assert lines(report)["database.storage_provisioned"] == "12.50"

    @pytest.mark.parametrize(
        ("values", "item", "usd"),
        [
            ({"engine_version": "13.22"}, "database.extended_support", "146.00"),
            ({"engine_version": "13.22", "multi_az": True}, "database.extended_support", "292.00"),
            ({"engine_version": "12"}, "database.extended_support", "146.00"),
            ({"engine_version": "11.22"}, "database.extended_support_third_year", "292.00"),
            ({"engine_version": "10"}, "database.extended_support_third_year", "292.00"),
            ({"engine": "mysql", "engine_version": "5.7.44"}, "database.extended_support_third_year", "292.00"),
            ({"engine": "mysql", "engine_version": "8.0.40"}, "database.extended_support", "146.00"),
        ],
    )
    def test_extended_support_by_engine_version_and_year(self, values: dict[str, Any], item: str, usd: str) -> None:
        assert lines(report_of(database(**values)))[item] == usd

    @pytest.mark.parametrize(
        "values",
        [
            {"engine_version": "16.3"},
            {"engine_version": "17"},
            {"engine": "mysql", "engine_version": "8.4.3"},
            {"engine": "mariadb", "engine_version": "10.5"},
            {"engine_version": "13", "engine_lifecycle_support": "open-source-rds-extended-support-disabled"},
            {"engine_version": "x"},
            {"engine_version": ""},
        ],
    )
    def test_others_are_in_standard_support(self, values: dict[str, Any]) -> None:
        assert not any("support" in item for item in lines(report_of(database(**values))))

    @pytest.mark.parametrize(
        ("values", "item"),
        [
            (
                {"performance_insights_enabled": True, "performance_insights_retention_period": 731},
                "database.insights_kept",
            ),
            ({"database_insights_mode": "advanced"}, "database.insights_advanced"),
            ({"monitoring_interval": 60}, "logs.ingested"),
            ({"allocated_storage": None, "snapshot_identifier": "x"}, "database.storage"),
            ({"engine": "sqlserver-ee"}, "database.sqlserver-ee.db.m6g.large"),
        ],
    )
    def test_what_has_no_figure_is_listed(self, values: dict[str, Any], item: str) -> None:
        assert item in unpriced(report_of(database(**values)))

    def test_a_replica_has_the_engine_and_size_of_its_source(self) -> None:
        replica = resource("aws_db_instance", "b", instance_class="db.m6g.large", storage_type="gp3")
        refers = {"aws_db_instance.b": to("aws_db_instance.a", "replicate_source_db", attribute="identifier")}
        report = report_of(database(), replica, refers=refers)
        assert lines(report) == {"database.db.m6g.large": "232.14", "database.storage": "23.00"}

    def test_serverless_aurora_is_a_band_between_its_bounds(self) -> None:
        bounds = [{"min_capacity": 0.5, "max_capacity": 4}]
        cluster = resource("aws_rds_cluster", engine="aurora-postgresql", serverlessv2_scaling_configuration=bounds)
        member = resource("aws_rds_cluster_instance", instance_class="db.serverless", engine="aurora-postgresql")
        refers = {"aws_rds_cluster_instance.a": to("aws_rds_cluster.a", "cluster_identifier")}
        report = report_of(cluster, member, refers=refers)
        assert band(report, "database.aurora_capacity") == ("43.80", "43.80", "350.40")
        assert unpriced(report)["database.aurora_storage"] == "usage not stated"


class TestAlarms:
    def metric(self, period: int) -> dict[str, Any]:
        return {"metric": [{"metric_name": "x", "period": period}]}

    @pytest.mark.parametrize(
        ("values", "item", "usd"),
        [
            ({"period": 60}, "metrics.alarm", "0.10"),
            ({"period": 10}, "metrics.alarm_high_resolution", "0.30"),
            (
                {"metric_query": [{"metric": [{"period": 30}]}, {"metric": [{"period": 60}]}]},
                "metrics.alarm_high_resolution",
                "0.60",
            ),
            (
                {"metric_query": [{"metric": [{"period": 60}]}, {"expression": "ANOMALY_DETECTION_BAND(m1)"}]},
                "metrics.alarm",
                "0.30",
            ),
        ],
    )
    def test_resolution_and_metrics(self, values: dict[str, Any], item: str, usd: str) -> None:
        assert lines(report_of(resource("aws_cloudwatch_metric_alarm", **values))) == {item: usd}

    def test_a_composite_alarm(self) -> None:
        assert lines(report_of(resource("aws_cloudwatch_composite_alarm"))) == {"metrics.alarm_composite": "0.50"}

    def test_a_query_over_many_metrics_has_no_number(self) -> None:
        query = [{"expression": "SELECT MAX(CPU) FROM SCHEMA(x)", "period": 60}]
        report = report_of(resource("aws_cloudwatch_metric_alarm", metric_query=query))
        assert unpriced(report) == {"metrics.alarm": "usage not stated"}


class TestTasksOfAService:
    """Without a launch type, tasks run on what their cluster has as a default."""

    SERVICE = resource("aws_ecs_service", desired_count=2)
    TASK = resource("aws_ecs_task_definition", cpu="1024", memory="2048")
    REFERS: ClassVar[dict[str, Any]] = {
        "aws_ecs_service.a": to("aws_ecs_cluster.a", "cluster")
        | to("aws_ecs_task_definition.a", "task_definition", attribute="arn"),
        "aws_ecs_cluster_capacity_providers.a": to("aws_ecs_cluster.a", "cluster_name", attribute="name"),
    }

    def report(self, *providers: str) -> PlanReport:
        strategy = [{"capacity_provider": name} for name in providers]
        default = resource("aws_ecs_cluster_capacity_providers", default_capacity_provider_strategy=strategy)
        return report_of(self.SERVICE, self.TASK, resource("aws_ecs_cluster"), default, refers=self.REFERS)

    def test_on_fargate_they_are_billed(self) -> None:
        assert set(lines(self.report("FARGATE"))) == {"serverless.vcpu", "serverless.memory"}

    def test_on_fargate_spot_they_have_no_price(self) -> None:
        assert unpriced(self.report("FARGATE_SPOT")) == {"serverless.spot": "no price in the book"}

    @pytest.mark.parametrize("providers", [(), ("own",)])
    def test_on_machines_they_are_billed_with_these(self, providers: tuple[str, ...]) -> None:
        report = self.report(*providers)
        assert (lines(report), unpriced(report)) == ({}, {})

    def test_of_a_cluster_that_is_not_in_the_plan_it_is_not_known(self) -> None:
        found = unpriced(report_of(self.SERVICE, self.TASK))
        assert found == {"serverless.vcpu": "usage not stated", "serverless.memory": "usage not stated"}


def test_extended_support_of_aurora_is_that_of_its_instances() -> None:
    engine = {"engine": "aurora-postgresql", "engine_version": "12.22"}
    cluster = resource("aws_rds_cluster", **engine)
    member = resource("aws_rds_cluster_instance", instance_class="db.r6g.large", engine="aurora-postgresql")
    refers = {"aws_rds_cluster_instance.a": to("aws_rds_cluster.a", "cluster_identifier")}
    report = report_of(cluster, member, refers=refers, today=date(2026, 11, 29))
    billed = {(line.address, line.item) for line in report.cost.lines if "extended_support" in line.item}
    assert billed == {("aws_rds_cluster_instance.a", "database.extended_support")}
    assert not [item for item in report.cost.unpriced if "extended_support" in item.item]
