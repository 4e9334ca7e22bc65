"""What resources of the Google provider use."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from importlib.resources import files
from typing import Any

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billed import read_billed_attributes
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.facts import LOCAL_SSD_GIB
from groundplan.clouds.planned import Planned, PlanPrices, node_disks, nodes, unstated, used
from groundplan.clouds.usage_keys import read_usage_keys
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

ZONE = re.compile(r"([a-z]+-[a-z]+[0-9]+)-[a-z]")
REGIONAL_ZONES = 3
"""A regional cluster without node_locations has nodes in three zones:
https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters."""
DEFAULT_SQL_GIB = Decimal(10)
"""https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance, disk_size."""
DEFAULT_LOG_DAYS = 30
"""https://docs.cloud.google.com/logging/docs/buckets#custom-retention."""
NETWORK_LOGS = {f"compute.googleapis.com/{name}" for name in ("vpc_flows", "firewall", "nat_flows")}
"""What Google calls vended network logs: https://cloud.google.com/stackdriver/pricing."""
LOG_ID = re.compile(r'log_id\("([^"]+)"\)')
INGRESS_CLASSES = ("gce", "gce-internal")
"""For an Ingress of these classes GKE makes a load balancer:
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/ingress."""
CPU, MEMORY = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,9})?)(m?)"), re.compile(r"([0-9]{1,9})(Gi|Mi)")
"""Sizes of containers as Kubernetes writes them."""


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


def _disk(kind: str, size: Decimal | None) -> Use:
    kind = kind.rpartition("/")[2] or "pd-standard"
    if size is None:
        return BILLING.disk(kind, used("the size of the disk is that of the image"))
    return BILLING.disk(kind, Amount.of(size, f"{size:f} GiB"))


def _machine(name: str, hours: Amount, option: PurchaseOption) -> Use:
    steady = hours.band.low if hours.band is not None and option == "on_demand" else Decimal(0)
    return BILLING.machine(name, hours, option, steady)


def _instance(r: Planned, _: Catalog) -> Iterable[Use]:
    name = _machine_name(r)
    if name:
        yield _machine(name, Amount.around_the_clock(), _option(r))
    else:
        yield unstated("instance", "hour", "the machine type is known only after apply")
    if r.items("boot_disk"):
        kind = r.text("boot_disk", "initialize_params", "type")
        yield _disk(kind, r.number("boot_disk", "initialize_params", "size"))
    if scratch := r.blocks("scratch_disk"):
        gib = sum((disk.number("size") or Decimal(LOCAL_SSD_GIB) for disk in scratch), Decimal(0))
        yield BILLING.local_ssd(Amount.of(gib, f"{gib:f} GiB of Local SSD"))
    if any(interface.items("access_config") for interface in r.blocks("network_interface")[:1]):
        yield BILLING.public_address(Amount.around_the_clock())


def _attached(r: Planned, _: Catalog) -> Iterable[Use]:
    yield _disk(r.text("type"), r.number("size"))


def _cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    version = ".".join(r.text("min_master_version").split(".")[:2])
    extended = any(v.version == version and v.support(v.as_of) == "extended" for v in catalog.kubernetes_versions)
    yield BILLING.control_plane(version or "of the default version", extended=extended)
    if not r.flag("remove_default_node_pool") and not r.flag("enable_autopilot") and r.items("node_config"):
        count = r.number("initial_node_count")
        yield from _nodes(r, catalog, nodes(count, count, count))
    if r.flag("enable_autopilot"):
        yield unstated("autopilot.pods", "hour", "what pods ask for")
    if r.flag("monitoring_config", "managed_prometheus", "enabled"):
        yield BILLING.samples_ingested(used("the series of its pods"))


def _node_pool(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Nodes in each zone. The count that an autoscaled pool starts with is that of its first hour: afterwards it is
    as small as its least, but for what waits for a node:
    https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler."""
    zonal = ZONE.fullmatch(r.text("location").rpartition("/")[2])
    each = Decimal(len(r.items("node_locations")) or (1 if zonal else REGIONAL_ZONES))
    if (total := r.number("autoscaling", "total_max_node_count")) is not None:
        low = r.number("autoscaling", "total_min_node_count") or Decimal(0)
        yield from _nodes(r, catalog, nodes(low, low, total))
        return
    if (most := r.number("autoscaling", "max_node_count")) is not None:
        low = (r.number("autoscaling", "min_node_count") or Decimal(0)) * each
        yield from _nodes(r, catalog, nodes(low, low, most * each))
        return
    count = next((n for n in (r.number("node_count"), r.number("initial_node_count")) if n is not None), None)
    always = None if count is None else count * each
    yield from _nodes(r, catalog, nodes(always, always, always))


def _local_ssds(r: Planned, catalog: Catalog, hours: Amount) -> Iterable[Use]:
    """Those attached to nodes; what comes with a type is in its price."""
    machine = catalog.instance(_machine_name(r, "node_config"))
    if machine is not None and machine.local_storage_gib:
        return
    blocks = ("ephemeral_storage_local_ssd_config", "local_nvme_ssd_block_config", "ephemeral_storage_config")
    stated = [r.number("node_config", "local_ssd_count")]
    stated += [r.number("node_config", block, "local_ssd_count") for block in blocks]
    gib = sum((count or Decimal(0) for count in stated), Decimal(0)) * LOCAL_SSD_GIB
    if gib and hours.band is not None:
        amount = Amount(hours.band.times(gib / HOURS_PER_MONTH), f"{gib:f} GiB for each running node")
        yield BILLING.local_ssd(amount)


def _nodes(r: Planned, catalog: Catalog, hours: Amount) -> Iterable[Use]:
    yield _machine(_machine_name(r, "node_config") or "e2-medium", hours, _option(r, "node_config"))
    yield from _local_ssds(r, catalog, hours)
    disks = node_disks(hours, r.number("node_config", "disk_size_gb"))
    yield BILLING.disk(r.text("node_config", "disk_type") or "pd-balanced", disks)


def _database(r: Planned, _: Catalog) -> Iterable[Use]:
    engine = r.text("database_version")
    if engine and not engine.startswith("POSTGRES"):
        yield unstated(f"database.{engine.lower()}", "hour", "the book has prices of PostgreSQL only")
        return
    ha = r.text("settings", "availability_type") == "REGIONAL"
    if tier := r.text("settings", "tier"):
        yield BILLING.database(tier, high_availability=ha)
    else:
        yield unstated("database", "hour", "the tier is known only after apply")
    if r.text("settings", "disk_type") in ("", "PD_SSD"):
        size = r.number("settings", "disk_size") or DEFAULT_SQL_GIB
        most = r.number("settings", "disk_autoresize_limit") or size
        yield BILLING.database_storage(Amount(Band(size, size, max(size, most)), f"{size:f} GiB"), high_availability=ha)
    else:
        yield unstated(f"database.storage_{r.text('settings', 'disk_type').lower()}", "gib_month", "its disk")


def _address(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("address_type") != "INTERNAL":
        yield BILLING.public_address(Amount.around_the_clock())


def _nat(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.nat_machines(None)
    yield BILLING.nat_data(used("traffic through it"))


def _forwarding_rule(r: Planned, _: Catalog) -> Iterable[Use]:
    if "serviceAttachments" in r.text("target") or r.text("target") in ("all-apis", "vpc-sc"):
        return
    words = "around the clock; up to five rules are billed as one"
    yield from BILLING.forwarding_rule(words, used("traffic through it"))


def _ingress(r: Planned, _: Catalog) -> Iterable[Use]:
    """The front of the load balancer that GKE makes for an Ingress of its classes."""
    if r.text("metadata", "annotations", "kubernetes.io/ingress.class") in INGRESS_CLASSES:
        words = "the load balancer of an Ingress, around the clock"
        yield from BILLING.forwarding_rule(words, used("traffic through it"))


def _bucket(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.bucket(used("what is in it"))
    yield from BILLING.bucket_requests(used("reads of it"), used("writes to it"))


def _repository(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.repository(used("the images in it"))


def _log_bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    """What sinks of the same module bring to it; those of the network alone are billed lower."""
    sinks = r.referring("google_logging_project_sink", "destination")
    logs = {name for sink in sinks for name in LOG_ID.findall(sink.text("filter"))}
    days = int(r.number("retention_days") or DEFAULT_LOG_DAYS)
    yield from BILLING.logs(used("what is written to it"), days, network=bool(logs) and logs <= NETWORK_LOGS)


def _key(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.key(Amount.of(1, "one version; requests to it are not counted"))


def _secret(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.secret(Amount.of(1, "one active version; reads are not counted"))


def _alarm(r: Planned, _: Catalog) -> Iterable[Use]:
    """By conditions: https://docs.cloud.google.com/monitoring/alerts/cost-control."""
    count = max(len(r.items("conditions")), 1)
    yield BILLING.alarm(Amount.of(count, f"{count} conditions"))


def _serverless(r: Planned, _: Catalog) -> Iterable[Use]:
    """Containers that keep their CPU are billed by the hours of their instances, others by requests:
    https://cloud.google.com/run/pricing."""
    least = r.number("template", "scaling", "min_instance_count") or Decimal(0)
    most = r.number("template", "scaling", "max_instance_count")
    sizes = [_size(container) for container in _containers(r)]
    if not least or most is None or not sizes or None in sizes:
        yield from BILLING.serverless(used("the hours that its instances are up"), used("the hours of its memory"))
        return
    hours = Band(least, least, max(most, least)).times(HOURS_PER_MONTH)
    words = f"{least:f} instances, up to {max(most, least):f}"
    for cpu, gib in filter(None, sizes):
        vcpus = Amount(hours.times(cpu), f"{cpu:f} vCPU each of {words}")
        yield from BILLING.serverless(vcpus, Amount(hours.times(gib), f"{gib:f} GiB each of {words}"))


def _containers(r: Planned) -> list[Planned]:
    template = next(iter(r.blocks("template")), None)
    return template.blocks("containers") if template else []


def _size(container: Planned) -> tuple[Decimal, Decimal] | None:
    """vCPUs and GiB of a container that keeps its CPU; None for others, and for a size that is not stated."""
    cpu = CPU.fullmatch(container.text("resources", "limits", "cpu"))
    memory = MEMORY.fullmatch(container.text("resources", "limits", "memory"))
    if not cpu or not memory or not container.off("resources", "cpu_idle"):
        return None
    vcpus = Decimal(cpu[1]) / (1000 if cpu[2] else 1)
    return vcpus, Decimal(memory[1]) / (1 if memory[2] == "Gi" else 1024)


def _policy(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.security_policy("one policy; requests are not counted")


def _dns_zone(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.dns_zone(1)
    yield BILLING.dns_queries()


def _log_metric(_: Planned, __: Catalog) -> Iterable[Use]:
    yield BILLING.log_metric()


PLANNED = PlanPrices(
    prefix="google_",
    region_of=_region_of,
    region_pattern=r"(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-(?:north|south|east|west|central)+[0-9]{1,2}",
    described=("google_compute_instance_template", "google_compute_region_instance_template"),
    billed=read_billed_attributes(files("groundplan.clouds.gcp") / "billed_attributes.csv"),
    usage_keys=read_usage_keys(files("groundplan.clouds.gcp") / "usage_keys.csv"),
    uses={
        "google_artifact_registry_repository": _repository,
        "google_cloud_run_v2_service": _serverless,
        "google_compute_address": _address,
        "google_compute_disk": _attached,
        "google_compute_forwarding_rule": _forwarding_rule,
        "google_compute_global_address": _address,
        "google_compute_global_forwarding_rule": _forwarding_rule,
        "google_compute_instance": _instance,
        "google_compute_region_security_policy": _policy,
        "google_compute_router_nat": _nat,
        "google_compute_security_policy": _policy,
        "google_container_cluster": _cluster,
        "google_container_node_pool": _node_pool,
        "google_dns_managed_zone": _dns_zone,
        "google_kms_crypto_key": _key,
        "google_logging_metric": _log_metric,
        "google_logging_project_bucket_config": _log_bucket,
        "google_monitoring_alert_policy": _alarm,
        "google_secret_manager_secret": _secret,
        "google_sql_database_instance": _database,
        "google_storage_bucket": _bucket,
    },
    on_cluster={"kubernetes_ingress_v1": _ingress, "kubernetes_ingress": _ingress},
    free=(
        "google_artifact_registry_repository_iam_*",
        "google_billing_budget",
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
        "google_dns_record_set",
        "google_kms_crypto_key_iam_*",
        "google_kms_key_ring*",
        "google_logging_log_view*",
        "google_logging_project_exclusion",
        "google_project_iam_audit_config",
        "google_project_service_identity",
        "google_logging_project_sink",
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
