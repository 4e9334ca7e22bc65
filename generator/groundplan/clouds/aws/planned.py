"""What resources of the AWS provider use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.planned import Planned, PlanPrices, Use, hourly, nodes, unstated
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

ZONE = re.compile(r"([a-z]{2}(?:-[a-z]+)+-\d)[a-z]")
ARN = re.compile(r"arn:[a-z-]+:[a-z0-9-]+:([a-z0-9-]+):")


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
    yield _machine(r.text("instance_type"), Band.of(HOURS_PER_MONTH), "around the clock", option)
    yield _volume(r.text("root_block_device", "volume_type") or "gp3", r.number("root_block_device", "volume_size"))
    for block in r.items("ebs_block_device"):
        if isinstance(block, Mapping):
            disk = Planned(r.address, r.type, r.region, block)
            yield _volume(disk.text("volume_type") or "gp3", disk.number("volume_size"))


def _machine(name: str, hours: Band | None, words: str, option: PurchaseOption) -> Use:
    if not name:
        return Use("instance", "hour", None, "the instance type is known only after apply, or in a launch template")
    return Use(name, "hour", hours, words, option)


def _volume(kind: str, size: Any) -> Use:
    item = "disk.general" if kind == "gp3" else f"disk.{kind}"
    if size is None:
        return unstated(item, "gib_month", "the size of the disk is that of the image")
    return Use(item, "gib_month", Band.of(size), f"{size:f} GiB of {kind}")


def _ebs_volume(r: Planned, _: Catalog) -> Iterable[Use]:
    yield _volume(r.text("type") or "gp2", r.number("size"))


def _cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    version = r.text("version")
    extended = any(v.version == version and v.support(v.as_of) == "extended" for v in catalog.kubernetes_versions)
    item = "cluster.control_plane_extended" if extended else "cluster.control_plane"
    yield hourly(item, f"Kubernetes {version or 'of the default version'}, around the clock")


def _node_group(r: Planned, _: Catalog) -> Iterable[Use]:
    low, expected, high = (r.number("scaling_config", key) for key in ("min_size", "desired_size", "max_size"))
    hours, words = nodes(low, expected, high)
    option: PurchaseOption = "spot" if r.text("capacity_type") == "SPOT" else "on_demand"
    yield _machine(r.text("instance_types"), hours, words, option)
    size = r.number("disk_size")
    if size is None or hours is None:
        yield unstated("disk.general", "gib_month", "the disks of the nodes are described in a launch template")
    else:
        disks = hours.times(size / HOURS_PER_MONTH)
        yield Use("disk.general", "gib_month", disks, f"{size:f} GiB for each node")


def _nat_gateway(r: Planned, _: Catalog) -> Iterable[Use]:
    yield hourly("network.nat_gateway", "around the clock")
    yield unstated("network.nat_data", "gib", "traffic through it")


def _endpoint(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("vpc_endpoint_type") in ("", "Gateway"):
        return
    subnets = len(r.items("subnet_ids"))
    if subnets:
        yield hourly("network.endpoint", f"in {subnets} zones, around the clock", subnets)
    else:
        yield unstated("network.endpoint", "hour", "its subnets are known only after apply")
    yield unstated("network.endpoint_data", "gib", "traffic through it")


def _database(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("engine") not in ("postgres", ""):
        yield unstated(f"database.{r.text('engine')}", "hour", "the book has prices of PostgreSQL only")
        return
    ha = "_ha" if r.flag("multi_az") else ""
    words = "two instances in two zones, around the clock" if ha else "one instance, around the clock"
    if name := r.text("instance_class"):
        yield hourly(f"database.{name}{ha}", words)
    else:
        yield unstated("database", "hour", "the class is known only after apply")
    size, most = r.number("allocated_storage"), r.number("max_allocated_storage")
    if r.text("storage_type") not in ("gp3", "gp2", ""):
        yield unstated(f"database.storage_{r.text('storage_type')}", "gib_month", "the book has general storage only")
    elif size is not None:
        yield Use(f"database.storage{ha}", "gib_month", Band(size, size, max(most or size, size)), f"{size:f} GiB")


def _load_balancer(r: Planned, _: Catalog) -> Iterable[Use]:
    kind = r.text("load_balancer_type") or "application"
    yield hourly(f"load_balancer.{kind}", "around the clock")
    yield unstated(f"load_balancer.{kind}_capacity", "lcu_hour", "capacity units grow with traffic")


def _bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("object_store.standard", "gib_month", "what is in it")


def _repository(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("registry.stored", "gib_month", "the images in it")


def _log_group(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("logs.ingested", "gib", "what is written to it")


def _metrics(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("metrics.samples_ingested", "million_samples", "the series written to it")


def _address(r: Planned, _: Catalog) -> Iterable[Use]:
    yield hourly("network.public_ipv4", "around the clock")


def _key(r: Planned, _: Catalog) -> Iterable[Use]:
    yield Use("keys.key", "key_month", Band.of(1), "one key; requests to it are not counted")


def _secret(r: Planned, _: Catalog) -> Iterable[Use]:
    yield Use("secrets.secret", "secret_month", Band.of(1), "one secret; reads are not counted")


def _alarm(r: Planned, _: Catalog) -> Iterable[Use]:
    yield Use("metrics.alarm", "alarm_month", Band.of(1), "one metric under alarm")


def _scaling_group(r: Planned, _: Catalog) -> Iterable[Use]:
    yield _machine("", None, "", "on_demand")


PLANNED = PlanPrices(
    prefix="aws_",
    region_of=_region_of,
    uses={
        "aws_autoscaling_group": _scaling_group,
        "aws_cloudwatch_log_group": _log_group,
        "aws_cloudwatch_metric_alarm": _alarm,
        "aws_db_instance": _database,
        "aws_ebs_volume": _ebs_volume,
        "aws_ecr_repository": _repository,
        "aws_eip": _address,
        "aws_eks_cluster": _cluster,
        "aws_eks_node_group": _node_group,
        "aws_instance": _instance,
        "aws_kms_key": _key,
        "aws_lb": _load_balancer,
        "aws_alb": _load_balancer,
        "aws_nat_gateway": _nat_gateway,
        "aws_prometheus_workspace": _metrics,
        "aws_s3_bucket": _bucket,
        "aws_secretsmanager_secret": _secret,
        "aws_spot_instance_request": _instance,
        "aws_vpc_endpoint": _endpoint,
    },
    free=(
        "aws_acm_certificate*",
        "aws_cloudwatch_log_resource_policy",
        "aws_db_parameter_group",
        "aws_db_subnet_group",
        "aws_default_*",
        "aws_ebs_default_kms_key",
        "aws_ebs_encryption_by_default",
        "aws_ecr_lifecycle_policy",
        "aws_ecr_registry_scanning_configuration",
        "aws_ecr_repository_policy",
        "aws_ecs_cluster",
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
        "aws_route",
        "aws_route_table*",
        "aws_s3_bucket_*",
        "aws_secretsmanager_secret_*",
        "aws_security_group*",
        "aws_sns_topic_policy",
        "aws_subnet",
        "aws_volume_attachment",
        "aws_vpc",
        "aws_vpc_dhcp_options*",
        "aws_vpc_endpoint_*",
        "aws_vpc_security_group_*",
    ),
)
