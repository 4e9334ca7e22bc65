"""What resources of the Google provider use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.planned import Planned, PlanPrices, Use, hourly, nodes, unstated
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

ZONE = re.compile(r"([a-z]+-[a-z]+\d+)-[a-z]")
DISKS = {"pd-balanced": "disk.general", "pd-ssd": "disk.ssd", "hyperdisk-balanced": "disk.hyperdisk_balanced"}
REGIONAL_ZONES = 3
"""A regional cluster without node_locations has nodes in three zones:
https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters."""
DEFAULT_SQL_GIB = Decimal(10)
"""https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance, disk_size."""


def _region_of(values: Mapping[str, Any]) -> str:
    """Its own region, or that of its zone or location."""
    for key in ("region", "zone", "location"):
        if isinstance(place := values.get(key), str) and place:
            name = place.rpartition("/")[2].lower()
            return found[1] if (found := ZONE.fullmatch(name)) else name
    return ""


def _machine_name(r: Planned, *block: str) -> str:
    """The machine type as the catalog calls it: with the GPUs attached to it, where these are no part of its name."""
    machine = r.text(*block, "machine_type").rpartition("/")[2]
    model = r.text(*block, "guest_accelerator", "type").rpartition("/")[2]
    count = r.number(*block, "guest_accelerator", "count") or 0
    if not machine.startswith("n1-") or not model or not count:
        return machine
    short = model.removeprefix("nvidia-").removeprefix("tesla-")
    return f"{machine}+{count:f}x{short}"


def _option(r: Planned, *block: str) -> PurchaseOption:
    models = (r.text(*block, "provisioning_model"), r.text(*block, "scheduling", "provisioning_model"))
    flags = [r.flag(*block, key) for key in ("spot", "preemptible")] + [r.flag(*block, "scheduling", "preemptible")]
    return "spot" if "SPOT" in models or any(flags) else "on_demand"


def _disk(kind: str, size: Decimal | None, count: Band | None = None) -> Use:
    item = DISKS.get(kind.rpartition("/")[2], f"disk.{kind or 'pd-standard'}")
    if size is None:
        return unstated(item, "gib_month", "the size of the disk is that of the image")
    count = count or Band.of(1)
    return Use(item, "gib_month", count.times(size), f"{size:f} GiB")


def _instance(r: Planned, _: Catalog) -> Iterable[Use]:
    name = _machine_name(r)
    if name:
        yield hourly(name, "around the clock", option=_option(r))
    else:
        yield unstated("instance", "hour", "the machine type is known only after apply")
    if r.items("boot_disk"):
        kind = r.text("boot_disk", "initialize_params", "type")
        yield _disk(kind, r.number("boot_disk", "initialize_params", "size"))
    if r.items("network_interface") and r.values["network_interface"][0].get("access_config"):
        yield hourly("network.public_ipv4", "around the clock")


def _attached(r: Planned, _: Catalog) -> Iterable[Use]:
    yield _disk(r.text("type"), r.number("size"))


def _cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    version = ".".join(r.text("min_master_version").split(".")[:2])
    extended = any(v.version == version and v.support(v.as_of) == "extended" for v in catalog.kubernetes_versions)
    yield hourly("cluster.control_plane_extended" if extended else "cluster.control_plane", "around the clock")
    if not r.flag("remove_default_node_pool") and not r.flag("enable_autopilot") and r.items("node_config"):
        yield from _nodes(r, r.number("initial_node_count"), None, None)
    if r.flag("enable_autopilot"):
        yield unstated("autopilot.pods", "hour", "what pods ask for")


def _node_pool(r: Planned, _: Catalog) -> Iterable[Use]:
    total = r.number("autoscaling", "total_max_node_count")
    low, high = r.number("autoscaling", "min_node_count"), r.number("autoscaling", "max_node_count")
    regional = not ZONE.fullmatch(r.text("location"))
    each = Decimal(len(r.items("node_locations")) or (REGIONAL_ZONES if regional else 1))
    if total is not None:
        low, high, each = r.number("autoscaling", "total_min_node_count"), total, Decimal(1)
    expected = next((n for n in (r.number("node_count"), r.number("initial_node_count"), low) if n is not None), None)
    yield from _nodes(r, *(None if n is None else n * each for n in (expected, low, high)))


def _nodes(r: Planned, expected: Decimal | None, low: Decimal | None, high: Decimal | None) -> Iterable[Use]:
    hours, words = nodes(low if low is not None else expected, expected, high)
    name = _machine_name(r, "node_config") or "e2-medium"
    yield Use(name, "hour", hours, words, _option(r, "node_config"))
    size = r.number("node_config", "disk_size_gb")
    count = None if hours is None else hours.times(1 / HOURS_PER_MONTH)
    if count is None or size is None:
        yield unstated("disk.general", "gib_month", "the size of the nodes' disks is the cloud's default")
    else:
        yield _disk(r.text("node_config", "disk_type") or "pd-balanced", size, count)


def _database(r: Planned, _: Catalog) -> Iterable[Use]:
    engine = r.text("database_version")
    if engine and not engine.startswith("POSTGRES"):
        yield unstated(f"database.{engine.lower()}", "hour", "the book has prices of PostgreSQL only")
        return
    ha = "_ha" if r.text("settings", "availability_type") == "REGIONAL" else ""
    if tier := r.text("settings", "tier"):
        words = "two instances in two zones, around the clock" if ha else "one instance, around the clock"
        yield hourly(f"database.{tier}{ha}", words)
    else:
        yield unstated("database", "hour", "the tier is known only after apply")
    if r.text("settings", "disk_type") in ("", "PD_SSD"):
        size = r.number("settings", "disk_size") or DEFAULT_SQL_GIB
        most = r.number("settings", "disk_autoresize_limit") or size
        yield Use(f"database.storage{ha}", "gib_month", Band(size, size, max(size, most)), f"{size:f} GiB")
    else:
        yield unstated(f"database.storage_{r.text('settings', 'disk_type').lower()}", "gib_month", "its disk")


def _address(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("address_type") != "INTERNAL":
        yield hourly("network.public_ipv4", "around the clock")


def _nat(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("network.nat_vm", "hour", "the machines that use it")
    yield unstated("network.nat_data", "gib", "traffic through it")


def _forwarding_rule(r: Planned, _: Catalog) -> Iterable[Use]:
    if "serviceAttachments" in r.text("target") or r.text("target") in ("all-apis", "vpc-sc"):
        return
    yield hourly("load_balancer.forwarding_rule", "around the clock; up to five rules are billed as one")
    yield unstated("load_balancer.data", "gib", "traffic through it")


def _bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("object_store.standard", "gib_month", "what is in it")


def _repository(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("registry.stored", "gib_month", "the images in it")


def _log_bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("logs.ingested", "gib", "what is written to it")


def _key(r: Planned, _: Catalog) -> Iterable[Use]:
    yield Use("keys.key", "key_month", Band.of(1), "one version; requests to it are not counted")


def _secret(r: Planned, _: Catalog) -> Iterable[Use]:
    yield Use("secrets.secret", "secret_month", Band.of(1), "one active version; reads are not counted")


def _alarm(r: Planned, _: Catalog) -> Iterable[Use]:
    count = max(len(r.items("conditions")), 1)
    yield Use("metrics.alarm", "alarm_month", Band.of(count), f"{count} conditions")


def _serverless(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("serverless.vcpu", "hour", "the hours that its instances are up")


PLANNED = PlanPrices(
    prefix="google_",
    region_of=_region_of,
    uses={
        "google_artifact_registry_repository": _repository,
        "google_cloud_run_v2_service": _serverless,
        "google_compute_address": _address,
        "google_compute_disk": _attached,
        "google_compute_forwarding_rule": _forwarding_rule,
        "google_compute_global_address": _address,
        "google_compute_global_forwarding_rule": _forwarding_rule,
        "google_compute_instance": _instance,
        "google_compute_router_nat": _nat,
        "google_container_cluster": _cluster,
        "google_container_node_pool": _node_pool,
        "google_kms_crypto_key": _key,
        "google_logging_project_bucket_config": _log_bucket,
        "google_monitoring_alert_policy": _alarm,
        "google_secret_manager_secret": _secret,
        "google_sql_database_instance": _database,
        "google_storage_bucket": _bucket,
    },
    free=(
        "google_artifact_registry_repository_iam_*",
        "google_binary_authorization_*",
        "google_cloud_run_v2_service_iam_*",
        "google_compute_backend_*",
        "google_compute_firewall*",
        "google_compute_health_check",
        "google_compute_instance_template",
        "google_compute_network",
        "google_compute_network_endpoint_group",
        "google_compute_network_firewall_*",
        "google_compute_region_backend_service",
        "google_compute_region_health_check",
        "google_compute_region_instance_template",
        "google_compute_region_network_endpoint_group",
        "google_compute_region_network_firewall_*",
        "google_compute_region_ssl_*",
        "google_compute_region_target_*",
        "google_compute_region_url_map",
        "google_compute_route",
        "google_compute_router",
        "google_compute_shared_vpc_*",
        "google_compute_ssl_*",
        "google_compute_subnetwork*",
        "google_compute_target_*",
        "google_compute_url_map",
        "google_kms_crypto_key_iam_*",
        "google_kms_key_ring*",
        "google_logging_project_sink",
        "google_logging_metric",
        "google_logging_log_view*",
        "google_monitoring_dashboard",
        "google_monitoring_notification_channel",
        "google_project*",
        "google_pubsub_topic_iam_*",
        "google_secret_manager_secret_*",
        "google_service_account*",
        "google_service_networking_*",
        "google_sql_database",
        "google_sql_user",
        "google_storage_bucket_iam_*",
        "google_storage_project_*",
    ),
)
