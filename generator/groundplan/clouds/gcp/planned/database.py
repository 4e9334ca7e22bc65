"""Databases and caches."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.engines import major
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.planned.metered import Metered, by_use
from groundplan.clouds.planned import Planned, Uses, unstated
from groundplan.quantities import HOURS_PER_MONTH, Band

DEFAULT_SQL_GIB = Decimal(10)
"""https://registry.terraform.io/providers/hashicorp/google/latest/docs/resources/sql_database_instance, disk_size."""
RETAINED = ("settings", "backup_configuration", "backup_retention_settings", "retained_backups")
DEFAULT_BACKUPS, MOST_BACKUPS = Decimal(7), 365
"""Daily backups that are kept: https://docs.cloud.google.com/sql/docs/postgres/backup-recovery/backups."""
SAME_RATES = ("POSTGRES", "MYSQL")
"""Engines whose machines made to measure cost the same: https://cloud.google.com/sql/pricing."""
ENGINES = {"POSTGRES": "postgres", "MYSQL": "mysql"}
"""As the table of versions calls them."""
SQL_DISKS = {"": "", "PD_SSD": "", "PD_HDD": "_hdd", "HYPERDISK_BALANCED": "_hyperdisk"}
CUSTOM = re.compile(r"db-custom-([0-9]{1,4})-[0-9]{1,9}")
BACKUP = Metered("database.backup", "gib_month", "its backups", "backup_storage_gb")

REDIS_TIERS = ((100, "m5"), (35, "m4"), (10, "m3"), (4, "m2"), (0, "m1"))
"""Capacity tiers by what the GiB are more than: https://cloud.google.com/memorystore/docs/redis/pricing."""


def cloud_sql(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """An instance of Cloud SQL with its storage and its backups, whichever engine it runs."""
    engine, tier = r.text("database_version"), r.text("settings", "tier")
    ha = r.text("settings", "availability_type") == "REGIONAL"
    if r.text("settings", "activation_policy") != "NEVER":
        copies = int(r.number("node_count") or 1)
        yield from _sql_machine(engine, tier, copies, ha=ha)
        if tier and _is_extended(engine, catalog):
            yield _extended_support(engine, tier, copies * (2 if ha else 1))
    yield from _sql_storage(r, ha=ha)
    yield from _sql_backups(r)


def _sql_machine(engine: str, tier: str, count: int, *, ha: bool) -> Iterator[Use]:
    """Its hours, and what the engine adds by the vCPU."""
    if not tier:
        yield unstated("database", "hour", "the tier is known only after apply")
        return
    if engine and not engine.startswith(SAME_RATES):
        hours = Amount.around_the_clock(count=count * (2 if ha else 1))
        yield use(f"database.{engine.lower()}.{tier}", "hour", hours)
        return
    one = BILLING.database(tier, high_availability=ha)
    yield replace(one, amount=one.amount and one.amount.times(count))


def _is_extended(engine: str, catalog: Catalog) -> bool:
    """Whether the version is past standard support on the day of the tables:
    https://docs.cloud.google.com/sql/docs/postgres/extended-support."""
    name, _, version = engine.partition("_")
    row = major(catalog.engine_versions, ENGINES.get(name, ""), version.replace("_", "."))
    days = [one.as_of for one in catalog.kubernetes_versions]
    return row is not None and bool(days) and row.support(max(days)) != "standard"


def _extended_support(engine: str, tier: str, copies: int) -> Use:
    """What a version past standard support adds by the vCPU."""
    vcpus = Decimal(found[1]) if (found := CUSTOM.fullmatch(tier)) else None
    hours = None if vcpus is None else Band.of(HOURS_PER_MONTH * vcpus * copies)
    return use("database.extended_support", "vcpu_hour", Amount(hours, f"{engine} is past its standard support"))


def _sql_gib(r: Planned) -> Band:
    """GiB of its disk, up to the limit that it may grow to by itself."""
    size = r.number("settings", "disk_size") or DEFAULT_SQL_GIB
    most = r.number("settings", "disk_autoresize_limit") or size
    return Band(size, size, max(size, most))


def _sql_storage(r: Planned, *, ha: bool) -> Iterator[Use]:
    """Its disk, by its kind."""
    kind = r.text("settings", "disk_type")
    size = _sql_gib(r)
    amount = Amount(size, f"{size.expected:f} GiB")
    if kind in ("", "PD_SSD"):
        yield BILLING.database_storage(amount, high_availability=ha)
    else:
        ending = SQL_DISKS.get(kind, f"_{kind.lower()}")
        yield use(f"database.storage{ending}{'_ha' if ha else ''}", "gib_month", amount)


def _sql_backups(r: Planned) -> Iterator[Use]:
    """As many as are kept, or what a usage file says."""
    if r.usage("backup_storage_gb") is not None:
        yield BACKUP.use(r)
    elif r.flag("settings", "backup_configuration", "enabled"):
        size, days = _sql_gib(r), r.number(*RETAINED) or DEFAULT_BACKUPS
        yield BILLING.database_backup(size, min(int(days), MOST_BACKUPS))


def redis(r: Planned, _: Catalog) -> Iterable[Use]:
    """A Redis instance by its GiB, in the tier of its capacity."""
    gib = r.number("memory_size_gb")
    kind = "redis_standard" if r.text("tier") == "STANDARD_HA" else "redis_basic"
    if gib is None:
        yield unstated(f"cache.{kind}", "gib_hour", "its size is known only after apply")
        return
    tier = next(name for above, name in REDIS_TIERS if gib > above or not above)
    yield use(f"cache.{kind}_{tier}", "gib_hour", Amount(Band.of(HOURS_PER_MONTH * gib), f"{gib:f} GiB"))


def cache_cluster(service: str) -> Uses:
    """The rule for clusters of a service: shards with their replicas, by the type of their nodes."""

    def rule(r: Planned, _: Catalog) -> Iterable[Use]:
        shards, replicas = r.number("shard_count"), r.number("replica_count") or Decimal(0)
        kind = r.text("node_type").lower().replace("_", "-").removeprefix("redis-") or "default"
        hours = None if shards is None else Band.of(HOURS_PER_MONTH * shards * (1 + replicas))
        yield use(f"cache.{service}_node.{kind}", "hour", Amount(hours, "shards with their replicas"))
        if r.text("persistence_config", "mode") == "AOF":
            yield unstated(f"cache.{service}_node_aof", "gib_hour", "what it writes to disk")
        if r.items("automated_backup_config"):
            yield use(f"cache.{service}_node_backup", "gib_month", r.stated("backup_storage_gb", "its backups"))

    return rule


def memcache(r: Planned, _: Catalog) -> Iterable[Use]:
    """Nodes of Memcached by their vCPUs and their memory."""
    count = r.number("node_count")
    for item, unit, key in (("vcpu", "hour", "cpu_count"), ("memory", "gib_hour", "memory_size_mb")):
        size = r.number("node_config", key)
        each = None if size is None else size / (1024 if key.endswith("_mb") else 1)
        hours = None if count is None or each is None else Band.of(HOURS_PER_MONTH * count * each)
        yield use(f"cache.memcached.{item}", unit, Amount(hours, "its nodes"))


def alloydb_instance(r: Planned, _: Catalog) -> Iterable[Use]:
    """vCPUs of an instance; a primary that is not zonal has a standby of the same size."""
    cpus = r.number("machine_config", "cpu_count")
    pool = r.number("read_pool_config", "node_count")
    zonal = r.text("availability_type") == "ZONAL"
    copies = pool if pool is not None else Decimal(1 if zonal else 2)
    hours = None if cpus is None else Band.of(HOURS_PER_MONTH * cpus * copies)
    yield use("alloydb.vcpu", "hour", Amount(hours, f"{copies:f} machines; each vCPU has 8 GiB"))
    memory = None if hours is None else hours.times(8)
    yield use("alloydb.memory", "gib_hour", Amount(memory, f"{copies:f} machines"))


def spanner(r: Planned, _: Catalog) -> Iterable[Use]:
    """Compute capacity: a node is a thousand processing units."""
    edition = (r.text("edition") or "edition_unspecified").lower()
    units = r.number("processing_units")
    count = r.number("num_nodes") if units is None else units / 1000
    low, high = count, count
    limits = next(iter(r.blocks("autoscaling_config", "autoscaling_limits")), None)
    if limits is not None:
        low, high = (_spanner_limit(limits, name) for name in ("min", "max"))
    hours = None if low is None or high is None else Band(low, low, max(low, high)).times(HOURS_PER_MONTH)
    yield use(f"spanner.node.{edition}", "hour", Amount(hours, "nodes, of a thousand processing units each"))
    yield unstated("spanner.stored", "gib_month", "what is in it")


def _spanner_limit(limits: Planned, name: str) -> Decimal | None:
    units = limits.number(f"{name}_processing_units")
    return limits.number(f"{name}_nodes") if units is None else units / 1000


def bigtable(r: Planned, _: Catalog) -> Iterable[Use]:
    """Nodes of each cluster, and what is in it by the kind of its storage."""
    for cluster in r.blocks("cluster"):
        count = cluster.number("num_nodes")
        low, high = (cluster.number("autoscaling_config", f"{name}_nodes") for name in ("min", "max"))
        least = low if count is None else count
        most = high if high is not None else least
        hours = None if least is None or most is None else Band(least, least, max(least, most)).times(HOURS_PER_MONTH)
        yield use("bigtable.node", "hour", Amount(hours, "nodes of a cluster"))
        yield unstated(
            f"bigtable.stored_{(cluster.text('storage_type') or 'SSD').lower()}", "gib_month", "what is in it"
        )


def firestore(_: Planned, __: Catalog) -> Iterable[Use]:
    """Documents by what is stored, read and written."""
    yield unstated("firestore.stored", "gib_month", "what is in it")
    yield unstated("firestore.operations", "request", "reads, writes and deletes")


alloydb_cluster = by_use(Metered("alloydb.stored", "gib_month", "what is in it, and its backups"))
alloydb_backup = by_use(Metered("alloydb.backup", "gib_month", "what it keeps"))


USES: Mapping[str, Uses] = {
    "google_alloydb_backup": alloydb_backup,
    "google_alloydb_cluster": alloydb_cluster,
    "google_alloydb_instance": alloydb_instance,
    "google_bigtable_instance": bigtable,
    "google_firestore_database": firestore,
    "google_memcache_instance": memcache,
    "google_memorystore_instance": cache_cluster("valkey"),
    "google_redis_cluster": cache_cluster("redis"),
    "google_redis_instance": redis,
    "google_spanner_instance": spanner,
    "google_sql_database_instance": cloud_sql,
}
