"""Google Kubernetes Engine: control planes, node pools, and the load balancers of an Ingress."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from groundplan.catalog.catalog import Catalog, KubernetesVersion
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.facts import HYPERDISK_ONLY, LOCAL_SSD_GIB
from groundplan.clouds.gcp.planned.disks import each_gib, per_month, performance
from groundplan.clouds.gcp.planned.machines import Machines, licensed, local_ssds, machines, option_of
from groundplan.clouds.gcp.planned.metered import Metered, by_use
from groundplan.clouds.gcp.planned.places import block_of, is_zone, last
from groundplan.clouds.planned import Planned, Uses, nodes, unstated, used
from groundplan.quantities import HOURS_PER_MONTH, Band

CLUSTER, POOL = "google_container_cluster", "google_container_node_pool"
REGIONAL_ZONES = 3
"""A regional cluster without node_locations has nodes in three zones:
https://cloud.google.com/kubernetes-engine/docs/concepts/regional-clusters."""
DEFAULT_MACHINE, DEFAULT_DISK, DEFAULT_DISK_GIB = "e2-medium", "pd-balanced", 100
"""https://docs.cloud.google.com/kubernetes-engine/docs/reference/rest/v1/NodeConfig."""
DEFAULT_POOL_NODES = 1
INLINE_NODES = "node_pool[*].nodes"
"""Key of a usage file for each inline pool."""
EXTENDED_CHANNEL = "EXTENDED"
"""Versions stay past standard support in this channel alone; in others they are upgraded:
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/release-channels#extended."""
LOCAL_SSD_BLOCKS = (
    "ephemeral_storage_config",
    "ephemeral_storage_local_ssd_config",
    "local_nvme_ssd_block_config",
)
WINDOWS_NODES = "WINDOWS"
AUTOPILOT = (
    ("autopilot.vcpu", "hour", "autopilot_vcpu_count", "vCPUs that pods ask for"),
    ("autopilot.memory", "gib_hour", "autopilot_memory_gb", "memory that pods ask for"),
    ("autopilot.storage", "gib_hour", "autopilot_ephemeral_storage_gb", "storage that pods ask for"),
)
"""https://cloud.google.com/kubernetes-engine/pricing#autopilot_mode."""


def cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """The control plane, the pools that the cluster has in itself, and what it adds by itself."""
    version = ".".join(r.text("min_master_version").split(".")[:2])
    extended = _extended(version, r.text("release_channel", "channel"), catalog.kubernetes_versions)
    yield BILLING.control_plane(version or "of the default version", extended=extended)
    if r.flag("enable_autopilot"):
        for item, unit, key, words in AUTOPILOT:
            yield use(item, unit, r.stated(key, words, HOURS_PER_MONTH))
    else:
        yield from _own_pools(r, catalog)
    if r.flag("cluster_autoscaling", "enabled"):
        yield unstated("cluster.auto_provisioned_nodes", "hour", "nodes that it adds by itself, up to its limits")
    if r.flag("monitoring_config", "managed_prometheus", "enabled"):
        yield BILLING.samples_ingested(used("the series of its pods"))


def _extended(version: str, channel: str, known: tuple[KubernetesVersion, ...]) -> bool:
    """Whether the version is billed higher; one older than all that are known is, in the channel that keeps it."""
    if channel != EXTENDED_CHANNEL or not version:
        return False
    states = {one.version: one.support(one.as_of) for one in known}
    return states[version] in ("extended", "ended") if version in states else _older(version, known)


def _older(version: str, known: tuple[KubernetesVersion, ...]) -> bool:
    return bool(known) and _numbers(version) < min(_numbers(one.version) for one in known)


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.split(".") if part.isascii() and part.isdigit() and len(part) < 5)


def _own_pools(r: Planned, catalog: Catalog) -> Iterator[Use]:
    """Pools in the cluster's own block; without any, the default pool, unless it is taken away again.

    The block of a cluster that exists lists every pool, those that are resources of their own included.
    """
    r.understood("node_pool")
    inline = r.blocks("node_pool")
    others = {pool.text("name") for pool in r.referring(POOL, "cluster")}
    for index, pool in enumerate(inline):
        if pool.text("name") not in others:
            yield from _pool(pool, catalog, _zones(pool, r), r.usage(INLINE_NODES.replace("*", str(index))))
    if not inline and not r.flag("remove_default_node_pool"):
        yield from _pool(r, catalog, _zones(r, None), r.usage("nodes"), initial=DEFAULT_POOL_NODES)


def node_pool(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Nodes in each zone of the pool, or else of its cluster, or else of the provider."""
    of = r.referred("cluster", of=CLUSTER)
    yield from _pool(r, catalog, _zones(r, of), r.usage("nodes"))


def _zones(r: Planned, of: Planned | None) -> int:
    """In how many zones the nodes are: https://docs.cloud.google.com/kubernetes-engine/docs/concepts/types-of-clusters.

    A zonal cluster's `node_locations` are zones besides its own, a pool's are all that it has.
    """
    own = len(r.items("node_locations"))
    if (own and of is not None) or (own and r.type == POOL):
        return own
    cluster_locations = own if of is None else len(of.items("node_locations"))
    location = _location(r, of)
    if not is_zone(location):
        return cluster_locations or REGIONAL_ZONES
    source = r if of is None else of
    further = {one for one in source.items("node_locations") if isinstance(one, str)} - {location}
    return 1 + len(further)


def _location(r: Planned, of: Planned | None) -> str:
    """Its own, that of its cluster, or as the provider chooses: the zone where there is one."""
    said = [one.text(key) for one in (r, of) if one is not None for key in ("location", "zone", "region")]
    return last(next(filter(None, said), "") or r.provider.zone or r.region)


def _pool(
    r: Planned, catalog: Catalog, zones: int, stated: Band | None, *, initial: int | None = None
) -> Iterator[Use]:
    """The nodes of a pool; `stated` are those in each zone as a usage file says."""
    hours = _pool_hours(r, zones, initial)
    if stated is not None:
        band = stated.times(zones)
        hours = Amount(band.times(HOURS_PER_MONTH), f"{band.expected:f} nodes, as the usage file says")
    yield from _nodes(block_of(r, "node_config"), catalog, hours)


def _pool_hours(r: Planned, zones: int, initial: int | None) -> Amount:
    """The count that an autoscaled pool starts with is that of its first hour: afterwards it is as small as its
    least, but for what waits for a node:
    https://cloud.google.com/kubernetes-engine/docs/concepts/cluster-autoscaler."""
    scaling = next(iter(r.blocks("autoscaling")), None)
    if scaling is not None:
        total = scaling.number("total_max_node_count")
        most, least = (
            ("total_max_node_count", "total_min_node_count") if total else ("max_node_count", "min_node_count")
        )
        high, low = scaling.number(most), scaling.number(least) or Decimal(0)
        if high is None or scaling.unknown(least):
            return used("the limits of the pool are known only after apply")
        each = 1 if total else zones
        return nodes(low * each, low * each, high * each)
    stated = (r.number("node_count"), r.number("initial_node_count"), initial)
    count = next((Decimal(one) for one in stated if one is not None), None)
    always = None if count is None or _unknown_count(r) else count * zones
    return nodes(always, always, always)


def _unknown_count(r: Planned) -> bool:
    return r.number("node_count") is None and (r.unknown("node_count") or r.unknown("initial_node_count"))


def _nodes(config: Planned, catalog: Catalog, hours: Amount) -> Iterator[Use]:
    name = last(config.text("machine_type"))
    of = Machines(name if name or config.unknown("machine_type") else DEFAULT_MACHINE, hours, option_of(config))
    yield from machines(config, catalog, of)
    yield from local_ssds(catalog, of, _local_gib(config))
    yield from _boot_disk(config, hours, name)
    if config.text("image_type").upper().startswith(WINDOWS_NODES):
        yield licensed(catalog, of, "license.windows", "the operating system of its nodes")


def _boot_disk(config: Planned, hours: Amount, name: str) -> Iterator[Use]:
    boot = next(iter(config.blocks("boot_disk")), config)
    size = boot.number("size_gb") or config.number("disk_size_gb")
    if size is None and not config.unknown("disk_size_gb"):
        size = Decimal(DEFAULT_DISK_GIB)
    default = "hyperdisk-balanced" if HYPERDISK_ONLY.match(name) else DEFAULT_DISK
    kind = last(boot.text("disk_type") or config.text("disk_type")) or default
    yield BILLING.disk(kind, each_gib(hours, size))
    yield from performance(boot, kind, per_month(hours.band), stated=True)


def _local_gib(config: Planned) -> Decimal:
    """GiB of the local SSDs of a node, under whichever of the names for them."""
    counts = [config.number("local_ssd_count")]
    counts += [config.number(block, "local_ssd_count") for block in LOCAL_SSD_BLOCKS]
    return sum((count for count in counts if count), Decimal(0)) * LOCAL_SSD_GIB


backup_plan = by_use(
    Metered("cluster.backup_pods", "pod_month", "pods that it backs up"),
    Metered("cluster.backup_stored", "gib_month", "what it keeps"),
)


USES: Mapping[str, Uses] = {
    "google_container_cluster": cluster,
    "google_container_node_pool": node_pool,
    "google_gke_backup_backup_plan": backup_plan,
}
