"""What resources of the AWS provider use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.billed import read_billed_attributes
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.planned import Planned, PlanPrices, node_disks, nodes, unstated, used
from groundplan.clouds.usage_keys import read_usage_keys
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

ZONE = re.compile(r"([a-z]{2}(?:-[a-z]+)+-[0-9])[a-z]")
ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]+):")
UNITS = re.compile(r"[0-9]{1,9}")
INGRESS_CLASS = "alb"
"""For an Ingress of this class the AWS Load Balancer Controller makes an Application Load Balancer:
https://docs.aws.amazon.com/eks/latest/userguide/alb-ingress.html."""
VCPU, GIB = 1024, 1024
"""Fargate counts CPU in units of which a vCPU has 1,024, and memory in MiB:
https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html."""


def _region_of(values: Mapping[str, Any]) -> str:
    """Its own region, that of its zone or that in its ARN."""
    if isinstance(region := values.get("region"), str):
        return region
    if isinstance(zone := values.get("availability_zone"), str) and (found := ZONE.fullmatch(zone)):
        return found[1]
    return found[1] if isinstance(arn := values.get("arn"), str) and (found := ARN.match(arn)) else ""


def _instance(r: Planned, _: Catalog) -> Iterable[Use]:
    market = r.text("instance_market_options", "market_type")
    option: PurchaseOption = "spot" if market == "spot" or r.type == "aws_spot_instance_request" else "on_demand"
    yield _machine(r.text("instance_type"), Amount.around_the_clock(), option)
    yield _volume(r.text("root_block_device", "volume_type") or "gp3", r.number("root_block_device", "volume_size"))
    for disk in r.blocks("ebs_block_device"):
        yield _volume(disk.text("volume_type") or "gp3", disk.number("volume_size"))
    if r.flag("monitoring"):
        yield BILLING.detailed_monitoring(Band.of(HOURS_PER_MONTH))


def _machine(name: str, hours: Amount, option: PurchaseOption) -> Use:
    if not name:
        return unstated("instance", "hour", "the instance type is known only after apply, or in a launch template")
    steady = hours.band.low if hours.band is not None and option == "on_demand" else Decimal(0)
    return BILLING.machine(name, hours, option, steady)


def _volume(kind: str, size: Decimal | None) -> Use:
    if size is None:
        return BILLING.disk(kind, used("the size of the disk is that of the image"))
    return BILLING.disk(kind, Amount.of(size, f"{size:f} GiB of {kind}"))


def _ebs_volume(r: Planned, _: Catalog) -> Iterable[Use]:
    yield _volume(r.text("type") or "gp2", r.number("size"))


def _cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    version = r.text("version")
    extended = any(v.version == version and v.support(v.as_of) == "extended" for v in catalog.kubernetes_versions)
    yield BILLING.control_plane(version or "of the default version", extended=extended)


def _node_group(r: Planned, _: Catalog) -> Iterable[Use]:
    low, expected, high = (r.number("scaling_config", key) for key in ("min_size", "desired_size", "max_size"))
    hours = nodes(low, expected, high)
    template = r.referred("launch_template", "id") or r.referred("launch_template", "name")
    name = r.text("instance_types") or (template.text("instance_type") if template else "")
    yield _machine(name, hours, "spot" if r.text("capacity_type") == "SPOT" else "on_demand")
    if template is None:
        yield BILLING.node_disk(name, node_disks(hours, r.number("disk_size")))
        return
    for disk in template.blocks("block_device_mappings"):
        kind, gib = disk.text("ebs", "volume_type") or "gp3", disk.number("ebs", "volume_size")
        yield BILLING.disk(kind, node_disks(hours, gib))
    if template.flag("monitoring", "enabled"):
        yield BILLING.detailed_monitoring(hours.band)


def _nat_gateway(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.nat_gateway(1)
    yield BILLING.nat_data(used("traffic through it"))


def _endpoint(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("vpc_endpoint_type") in ("", "Gateway"):
        return
    if subnets := len(r.items("subnet_ids")):
        yield BILLING.endpoint(1, subnets)
    else:
        yield unstated("network.endpoint", "hour", "its subnets are known only after apply")
    yield BILLING.endpoint_data(used("traffic through it"))


def _database(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("engine") not in ("postgres", ""):
        yield unstated(f"database.{r.text('engine')}", "hour", "the book has prices of PostgreSQL only")
        return
    ha = r.flag("multi_az")
    if name := r.text("instance_class"):
        yield BILLING.database(name, high_availability=ha)
    else:
        yield unstated("database", "hour", "the class is known only after apply")
    size, most = r.number("allocated_storage"), r.number("max_allocated_storage")
    if r.text("storage_type") not in ("gp3", "gp2", ""):
        yield unstated(f"database.storage_{r.text('storage_type')}", "gib_month", "the book has general storage only")
    elif size is not None:
        gib = Amount(Band(size, size, max(most or size, size)), f"{size:f} GiB")
        yield BILLING.database_storage(gib, high_availability=ha)


def _load_balancer(r: Planned, _: Catalog) -> Iterable[Use]:
    kind = r.text("load_balancer_type") or "application"
    yield from BILLING.load_balancer(kind, "around the clock", used("capacity units grow with traffic"))


def _ingress(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("spec", "ingress_class_name") == INGRESS_CLASS:
        words = "the load balancer of an Ingress, around the clock"
        yield from BILLING.load_balancer("application", words, used("capacity units grow with traffic"))


def _bucket(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.bucket(used("what is in it"))
    yield from BILLING.bucket_requests(used("reads of it"), used("writes to it"))


def _repository(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.repository(used("the images in it"))


def _log_group(r: Planned, _: Catalog) -> Iterable[Use]:
    flows = r.referring("aws_flow_log", "log_destination")
    days = int(r.number("retention_in_days") or 0)
    yield from BILLING.logs(used("what is written to it"), days, network=bool(flows))


def _workspace(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.samples_ingested(used("the series written to it"))
    yield BILLING.samples_stored(used("the series kept in it"))


def _scraper(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.collector()
    yield BILLING.samples_collected(used("the series that it collects"))


def _address(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.public_address(Amount.around_the_clock())


def _key(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.key(Amount.of(1, "one key; requests to it are not counted"))


def _secret(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.secret(Amount.of(1, "one secret; reads are not counted"))


def _alarm(r: Planned, _: Catalog) -> Iterable[Use]:
    """By the metrics that it looks at, of which an expression may have several:
    https://aws.amazon.com/cloudwatch/pricing/, alarms."""
    metrics = sum(bool(query.items("metric")) for query in r.blocks("metric_query")) or 1
    yield BILLING.alarm(Amount.of(metrics, f"{metrics} metrics under alarm"))


def _service(r: Planned, _: Catalog) -> Iterable[Use]:
    """Tasks on Fargate; those on machines are billed with the machines."""
    if r.text("launch_type") != "FARGATE":
        return
    task = r.referred("task_definition")
    cpu, memory = (_units(task.text(key)) if task else None for key in ("cpu", "memory"))
    tasks = _tasks(r)
    if cpu is None or memory is None or tasks.band is None:
        yield from BILLING.serverless(used("the size of its tasks is not in the plan"), used("their memory"))
        return
    hours = tasks.band.times(HOURS_PER_MONTH)
    vcpus = Amount(hours.times(cpu / VCPU), f"{cpu / VCPU:f} vCPU each of {tasks.words}")
    yield from BILLING.serverless(
        vcpus, Amount(hours.times(memory / GIB), f"{memory / GIB:f} GiB each of {tasks.words}")
    )


def _units(text: str) -> Decimal | None:
    return Decimal(text) if UNITS.fullmatch(text) else None


def _tasks(r: Planned) -> Amount:
    """Tasks of a service, up to what its scaling allows."""
    least = r.number("desired_count")
    if least is None:
        return used("the number of its tasks is known only after apply")
    targets = r.referring("aws_appautoscaling_target", "resource_id")
    most = max((n for t in targets if (n := t.number("max_capacity")) is not None), default=least)
    return Amount(Band(least, least, max(most, least)), f"{least:f} tasks, up to {max(most, least):f}")


def _container_cluster(r: Planned, _: Catalog) -> Iterable[Use]:
    settings = ((s.text("name"), s.text("value")) for s in r.blocks("setting"))
    if any(name == "containerInsights" and value in ("enabled", "enhanced") for name, value in settings):
        yield BILLING.container_insights()


def _notifications(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.notifications()


def _scaling_group(_: Planned, __: Catalog) -> Iterable[Use]:
    yield _machine("", used(""), "on_demand")


PLANNED = PlanPrices(
    prefix="aws_",
    region_of=_region_of,
    region_pattern=r"(?:af|ap|ca|cn|eu|il|me|mx|sa|us)(?:-gov|-iso[a-z]?)?-(?:north|south|east|west|central)+-[0-9]",
    described=("aws_launch_template", "aws_launch_configuration", "aws_ecs_task_definition"),
    billed=read_billed_attributes(files("groundplan.clouds.aws") / "billed_attributes.csv"),
    usage_keys=read_usage_keys(files("groundplan.clouds.aws") / "usage_keys.csv"),
    uses={
        "aws_autoscaling_group": _scaling_group,
        "aws_cloudwatch_log_group": _log_group,
        "aws_cloudwatch_metric_alarm": _alarm,
        "aws_db_instance": _database,
        "aws_ebs_volume": _ebs_volume,
        "aws_ecr_repository": _repository,
        "aws_ecs_cluster": _container_cluster,
        "aws_ecs_service": _service,
        "aws_eip": _address,
        "aws_eks_cluster": _cluster,
        "aws_eks_node_group": _node_group,
        "aws_instance": _instance,
        "aws_kms_key": _key,
        "aws_lb": _load_balancer,
        "aws_alb": _load_balancer,
        "aws_nat_gateway": _nat_gateway,
        "aws_prometheus_scraper": _scraper,
        "aws_prometheus_workspace": _workspace,
        "aws_s3_bucket": _bucket,
        "aws_secretsmanager_secret": _secret,
        "aws_sns_topic": _notifications,
        "aws_spot_instance_request": _instance,
        "aws_vpc_endpoint": _endpoint,
    },
    on_cluster={"kubernetes_ingress_v1": _ingress, "kubernetes_ingress": _ingress},
    free=(
        "aws_acm_certificate*",
        "aws_appautoscaling_*",
        "aws_autoscaling_group_tag",
        "aws_budgets_*",
        "aws_cloudwatch_log_resource_policy",
        "aws_db_parameter_group",
        "aws_db_subnet_group",
        "aws_default_*",
        "aws_ebs_default_kms_key",
        "aws_ebs_encryption_by_default",
        "aws_ec2_subnet_cidr_reservation",
        "aws_ecr_lifecycle_policy",
        "aws_ecr_registry_scanning_configuration",
        "aws_ecr_repository_policy",
        "aws_ecs_task_definition",
        "aws_egress_only_internet_gateway",
        "aws_eip_association",
        "aws_eks_access_*",
        "aws_eks_addon",
        "aws_eks_pod_identity_association",
        "aws_flow_log",
        "aws_iam_*",
        "aws_internet_gateway",
        "aws_key_pair",
        "aws_kms_alias",
        "aws_kms_grant",
        "aws_kms_key_policy",
        "aws_launch_template",
        "aws_lb_listener*",
        "aws_lb_target_group*",
        "aws_network_acl*",
        "aws_network_interface*",
        "aws_placement_group",
        "aws_prometheus_alert_manager_definition",
        "aws_prometheus_rule_group_namespace",
        "aws_prometheus_scraper_logging_configuration",
        "aws_prometheus_workspace_configuration",
        "aws_route",
        "aws_route53_record",
        "aws_route_table*",
        "aws_s3_bucket_*",
        "aws_secretsmanager_secret_*",
        "aws_security_group*",
        "aws_sns_topic_policy",
        "aws_sns_topic_subscription",
        "aws_subnet",
        "aws_volume_attachment",
        "aws_vpc",
        "aws_vpc_dhcp_options*",
        "aws_vpc_endpoint_*",
        "aws_vpc_security_group_*",
    ),
)
