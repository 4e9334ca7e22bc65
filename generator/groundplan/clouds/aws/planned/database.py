"""RDS and Aurora: instances, clusters, their storage and what is provisioned of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws import database_billing as rds
from groundplan.clouds.aws.billing import BILLING, surplus
from groundplan.clouds.aws.planned.support import engine_support
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import ALWAYS, Amount, Use, use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.quantities import HOURS_PER_MONTH, Band

AURORA = ("aurora", "aurora-mysql", "aurora-postgresql")
GENERAL = ("gp2", "gp3")
NO_CLASS = "the class is known only after apply"
EXTENDED_OFF = "open-source-rds-extended-support-disabled"
UNLIMITED = ("db.t3.", "db.t4g.")
"""Classes that pay for CPU above their credits: https://aws.amazon.com/rds/postgresql/pricing/, CPU credits."""
MOST_REPLICAS = 3
"""Instances of a Multi-AZ DB cluster: https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/multi-az-db-clusters-concepts.html."""


def _instance(r: Planned, catalog: Catalog) -> Iterable[Use]:
    source = r.referred("replicate_source_db", of="aws_db_instance")
    engine = r.text("engine") or (source.text("engine") if source else "") or "postgres"
    if r.unknown("engine"):
        yield unstated("database", "hour", "the engine is known only after apply")
        return
    copies = 2 if r.flag("multi_az") else 1
    yield from _hours(r, engine, copies, catalog)
    yield from _extended(r, engine, r.text("instance_class"), copies, catalog)
    yield from _storage(r, engine, source or r, copies)
    yield from _watched(r)
    yield from _backups(r, source or r)
    if r.flag("publicly_accessible"):
        yield BILLING.public_address(Amount.around_the_clock())


def _hours(r: Planned, engine: str, copies: int, catalog: Catalog) -> Iterator[Use]:
    name = r.text("instance_class")
    if not name:
        yield unstated("database", "hour", NO_CLASS)
        return
    own_license = r.text("license_model") == "bring-your-own-license"
    yield rds.hours(engine, name, high_availability=copies > 1, own_license=own_license)
    if name.startswith(UNLIMITED):
        yield BILLING.database_credits(_credits(r, name, catalog))


def _credits(r: Planned, name: str, catalog: Catalog) -> Amount:
    """CPU of the instance that answers above its credits, as a usage file or else the estimate of a spec says."""
    stated = r.stated("monthly_cpu_credit_hrs", "CPU above the credits that it earns")
    machine = catalog.instance(name.removeprefix("db."))
    if stated.band is not None or machine is None:
        return stated
    return surplus(machine.name, HOURS_PER_MONTH * machine.vcpus) or stated


def _extended(r: Planned, engine: str, name: str, copies: int, catalog: Catalog) -> Iterator[Use]:
    """Extended support by the vCPUs of the instance and of its standby:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/extended-support-charges.html."""
    support = engine_support(engine, r.text("engine_version"), catalog)
    if support == "standard" or r.text("engine_lifecycle_support") == EXTENDED_OFF:
        return
    size = catalog.database(name) or catalog.instance(name.removeprefix("db."))
    year = "its third year of " if support == "third_year" else ""
    words = f"{engine} {r.text('engine_version')} in {year}extended support"
    vcpu_hours = used(f"{words}, by vCPUs")
    if size is not None:
        vcpu_hours = Amount.around_the_clock(f"{words}: {size.vcpus * copies} vCPUs", size.vcpus * copies)
    yield rds.support(vcpu_hours, third_year=support == "third_year")


def _storage(r: Planned, engine: str, sized: Planned, copies: int) -> Iterator[Use]:
    """Storage with its operations; a replica has the size of what it copies, `sized`."""
    kind = r.text("storage_type") or ("io1" if r.number("iops") else "gp2")
    size = r.number("allocated_storage") or sized.number("allocated_storage")
    if size is None:
        yield rds.storage(kind, used("the size of what it is restored from"), high_availability=copies > 1)
        return
    most = max(r.number("max_allocated_storage") or size, size)
    gib = Amount(Band(size, size, most), f"{size:f} GiB of {kind}" + (f", up to {most:f}" if most > size else ""))
    yield rds.storage(kind, gib, high_availability=copies > 1)
    yield from rds.Storage(engine, kind, size, r.number("iops"), r.number("storage_throughput"), copies).performance
    if kind == "standard":
        yield rds.magnetic_requests(r.stated("monthly_standard_io_requests", "reads and writes of magnetic storage"))


def _backups(r: Planned, sized: Planned) -> Iterator[Use]:
    """Backups beyond those that are free, as a usage file says or else as the estimate of a spec assumes."""
    size, days = r.number("allocated_storage") or sized.number("allocated_storage"), r.number("backup_retention_period")
    if r.usage("additional_backup_storage_gb") is not None or (days and size is None):
        yield rds.backup(r.stated("additional_backup_storage_gb", "backups beyond the size of the storage"))
    elif days and size is not None:
        most = max(r.number("max_allocated_storage") or size, size)
        yield BILLING.database_backup(Band(size, size, most), int(days))


def _watched(r: Planned) -> Iterator[Use]:
    """Metrics of its operating system are written as logs; load by query is free for seven days:
    https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/USER_PerfInsights.Overview.cost.html."""
    if r.number("monitoring_interval"):
        yield from BILLING.logs(used("metrics of its operating system"), 30)
    kept = r.number("performance_insights_retention_period") or Decimal(0)
    if r.flag("performance_insights_enabled") and kept > rds.FREE_INSIGHTS_DAYS:
        yield without_price("database.insights_kept", "vcpu_month", f"load by query, kept {kept:f} days")
    if r.items("enabled_cloudwatch_logs_exports") and not r.alike("aws_cloudwatch_log_group"):
        yield unstated("logs.ingested", "gib", "logs of the engine, in a group that the plan does not have")
    if r.text("database_insights_mode") == "advanced":
        yield without_price("database.insights_advanced", "vcpu_hour", "Database Insights in the advanced mode")


def _cluster(r: Planned, catalog: Catalog) -> Iterable[Use]:
    if r.text("engine") not in AURORA:
        yield from _multi_az_cluster(r, catalog)
        return
    faster = r.text("storage_type") == "aurora-iopt1"
    yield rds.aurora_storage(r.stated("storage_gb", "what is in it"), io_optimized=faster)
    if not faster:
        yield use("database.aurora_requests", "request", _requests(r))
    backups = r.stated("backup_snapshot_size_gb", "backups beyond the size of the storage")
    yield use("database.aurora_backup", "gib_month", backups)
    if r.number("backtrack_window"):
        yield use("database.aurora_backtrack", "change_record", _changes(r))
    if r.text("engine_mode") == "serverless":
        words = "capacity units of Aurora Serverless v1"
        yield use("database.aurora_serverless", "acu_hour", r.stated("capacity_units_per_hr", words, HOURS_PER_MONTH))
    yield from _watched(r)


SECONDS_PER_MONTH = HOURS_PER_MONTH * 3600


def _requests(r: Planned) -> Amount:
    reads, writes = r.usage("read_requests_per_sec"), r.usage("write_requests_per_sec")
    if reads is None and writes is None:
        return r.stated("read_requests_per_sec", "reads and writes of the storage")
    both = (reads or Band.of(0)) + (writes or Band.of(0))
    return Amount(both.times(SECONDS_PER_MONTH), f"{both.expected:f} reads and writes a second of the usage file")


def _changes(r: Planned) -> Amount:
    """Change records that are kept for backtracking."""
    statements = r.usage("average_statements_per_hr")
    changes, hours = r.usage("change_records_per_statement"), r.usage("backtrack_window_hrs")
    if statements is None or changes is None or hours is None:
        return used("records of changes")
    cases = zip(statements.cases, changes.cases, hours.cases, strict=True)
    return Amount(Band(*(s * c * h * HOURS_PER_MONTH for s, c, h in cases)), "records of changes of the usage file")


def _multi_az_cluster(r: Planned, catalog: Catalog) -> Iterator[Use]:
    """A cluster of three instances with local storage for its log."""
    name = r.text("db_cluster_instance_class")
    item = f"database.cluster.{r.text('engine')}.{name or 'unknown'}"
    yield use(item, "hour", Amount.around_the_clock(f"a Multi-AZ DB cluster of {MOST_REPLICAS} instances, {ALWAYS}"))
    yield from _extended(r, r.text("engine"), name, MOST_REPLICAS, catalog)
    if size := r.number("allocated_storage"):
        words = f"{size:f} GiB on {MOST_REPLICAS} instances"
        kind = r.text("storage_type") or "io1"
        yield rds.storage(kind, Amount.of(size * MOST_REPLICAS, words), high_availability=False)
        yield from rds.Storage("postgres", kind, size, r.number("iops"), None, MOST_REPLICAS).performance
    yield from _watched(r)


def _cluster_instance(r: Planned, catalog: Catalog) -> Iterable[Use]:
    cluster = r.referred("cluster_identifier", of="aws_rds_cluster")
    name = r.text("instance_class")
    faster = cluster is not None and cluster.text("storage_type") == "aurora-iopt1"
    engine = r.text("engine") or (cluster.text("engine") if cluster else "")
    if not name:
        yield unstated("database.aurora", "hour", NO_CLASS)
    elif name == "db.serverless":
        yield rds.aurora_capacity(_capacity(r, cluster), io_optimized=faster)
    else:
        yield rds.aurora(engine or "aurora-postgresql", name, io_optimized=faster)
        yield from _extended(cluster or r, engine, name, 1, catalog)
    if name.startswith(UNLIMITED):
        credits = r.stated("monthly_cpu_credit_hrs", "CPU above the credits that it earns")
        yield use("database.aurora_cpu_credits", "vcpu_hour", credits)
    yield from _watched(r)
    if r.flag("publicly_accessible"):
        yield BILLING.public_address(Amount.around_the_clock())


def _capacity(r: Planned, cluster: Planned | None) -> Amount:
    """Capacity of Aurora Serverless v2, between the bounds of its cluster."""
    if (stated := r.usage("capacity_units_per_hr")) is not None:
        return Amount(stated.times(HOURS_PER_MONTH), f"{stated.expected:f} units of the usage file, {ALWAYS}")
    bounds = [
        cluster.number("serverlessv2_scaling_configuration", f"{end}_capacity") if cluster else None
        for end in ("min", "max")
    ]
    low, high = bounds
    if low is None or high is None:
        return used("the bounds of its capacity are known only after apply")
    hours = Band(low, low, max(low, high)).times(HOURS_PER_MONTH)
    return Amount(hours, f"{low:f} units, up to {max(low, high):f}")


def _snapshot(_: Planned, __: Catalog) -> Iterable[Use]:
    yield rds.backup(used("the size of the snapshot"))


USES = {
    "aws_db_instance": _instance,
    "aws_db_snapshot": _snapshot,
    "aws_db_snapshot_copy": _snapshot,
    "aws_rds_cluster": _cluster,
    "aws_rds_cluster_instance": _cluster_instance,
}
