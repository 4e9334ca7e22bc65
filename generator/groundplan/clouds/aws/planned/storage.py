"""Buckets, file systems and backups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.shapes import rule, unmetered
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.planned import Planned, unstated
from groundplan.quantities import Band

GIB_PER_MIBPS = Decimal(20)
"""Storage that brings a MiB/s of throughput with it: https://aws.amazon.com/efs/pricing/, provisioned throughput."""
LUSTRE_SSD = {
    ("SCRATCH_1", ""): "scratch",
    ("SCRATCH_2", ""): "scratch",
    ("PERSISTENT_1", "50"): "persistent_50",
    ("PERSISTENT_1", "100"): "persistent_100",
    ("PERSISTENT_1", "200"): "persistent_200",
    ("PERSISTENT_2", "125"): "persistent_125",
    ("PERSISTENT_2", "250"): "persistent_250",
    ("PERSISTENT_2", "500"): "persistent_500",
    ("PERSISTENT_2", "1000"): "persistent_1000",
}
"""SSD storage of FSx for Lustre by deployment and MB/s for each TiB: https://aws.amazon.com/fsx/lustre/pricing/."""


def _bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    yield BILLING.bucket(r.stated("standard.storage_gb", "what is in it"))
    yield from BILLING.bucket_requests(
        r.stated("standard.monthly_tier_2_requests", "reads of it"),
        r.stated("standard.monthly_tier_1_requests", "writes to it"),
    )
    if (cold := r.usage("standard_infrequent_access.storage_gb")) is not None:
        yield use("object_store.infrequent", "gib_month", Amount(cold, "rarely read, of the usage file"))


def _efs(r: Planned, _: Catalog) -> Iterable[Use]:
    """By classes that its lifecycle moves files to; one zone where it names one."""
    zone = "_one_zone" if r.text("availability_zone_name") else ""
    yield use(f"file_store.standard{zone}", "gib_month", r.stated("storage_gb", "what is in it"))
    rules = r.blocks("lifecycle_policy")
    if any(rule.text("transition_to_ia") for rule in rules):
        cold = r.stated("infrequent_access_storage_gb", "files that are rarely read")
        yield use(f"file_store.infrequent{zone}", "gib_month", cold)
        reads = r.stated("monthly_infrequent_access_read_gb", "reads of them")
        writes = r.stated("monthly_infrequent_access_write_gb", "moves to them")
        yield use("file_store.infrequent_read", "gib", reads)
        yield use("file_store.infrequent_write", "gib", writes)
    if any(rule.text("transition_to_archive") for rule in rules):
        yield unstated("file_store.archive", "gib_month", "files that are moved to the archive")
    yield from _throughput(r)


def _throughput(r: Planned) -> Iterator[Use]:
    mode = r.text("throughput_mode")
    if mode == "elastic":
        yield use("file_store.read", "gib", r.stated("monthly_read_gb", "reads of it"))
        yield use("file_store.write", "gib", r.stated("monthly_write_gb", "writes to it"))
    if mode == "provisioned" and (mibps := r.number("provisioned_throughput_in_mibps")):
        stored = r.usage("storage_gb") or Band.of(0)
        more = Band(*(max(mibps - gib / GIB_PER_MIBPS, Decimal(0)) for gib in reversed(stored.cases)))
        yield use("file_store.throughput", "mibps_month", Amount(more, f"{mibps:f} MiB/s less what its storage brings"))


def _lustre(r: Planned, _: Catalog) -> Iterable[Use]:
    size, kind = r.number("storage_capacity"), r.text("storage_type") or "SSD"
    deployment = r.text("deployment_type") or "SCRATCH_1"
    mbps = r.number("per_unit_storage_throughput")
    step = "" if mbps is None else f"{mbps:f}"
    name = LUSTRE_SSD.get((deployment, step)) if kind == "SSD" else f"{kind.lower()}_{step or 'unknown'}"
    yield _sized(f"file_store.lustre_{name or 'unknown'}", size)
    if kind == "HDD" and r.text("drive_cache_type") == "READ":
        yield without_price("file_store.lustre_cache", "gib_month", "a cache of SSD in front of the disks")
    if r.number("metadata_configuration", "iops"):
        yield without_price("file_store.lustre_metadata_iops", "iops_month", "operations on metadata")
    yield use("file_store.backup", "gib_month", r.stated("backup_storage_gb", "backups"))


def _sized(item: str, gib: Decimal | None) -> Use:
    if gib is None:
        return unstated(item, "gib_month", "its size is known only after apply")
    return use(item, "gib_month", Amount.of(gib, f"{gib:f} GiB"))


def _windows(r: Planned, _: Catalog) -> Iterable[Use]:
    zones = "_multi_zone" if r.text("deployment_type").startswith("MULTI_AZ") else ""
    kind = (r.text("storage_type") or "SSD").lower()
    yield _sized(f"file_store.windows_{kind}{zones}", r.number("storage_capacity"))
    yield from _capacity(r, f"file_store.windows_throughput{zones}")
    if r.text("disk_iops_configuration", "mode") == "USER_PROVISIONED":
        yield without_price("file_store.windows_iops", "iops_month", "operations beyond those of its size")
    yield use("file_store.backup", "gib_month", r.stated("backup_storage_gb", "backups"))


def _capacity(r: Planned, item: str) -> Iterator[Use]:
    of_pair = (r.number("throughput_capacity_per_ha_pair") or Decimal(0)) * (r.number("ha_pairs") or 1)
    if mbps := r.number("throughput_capacity") or of_pair:
        yield use(item, "mbps_month", Amount.of(mbps, f"{mbps:f} MB/s"))


def _openzfs(r: Planned, _: Catalog) -> Iterable[Use]:
    zones = "_multi_zone" if r.text("deployment_type").startswith("MULTI_AZ") else ""
    size = r.number("storage_capacity")
    yield _sized(f"file_store.openzfs{zones}", size)
    yield from _capacity(r, f"file_store.openzfs_throughput{zones}")
    iops = r.number("disk_iops_configuration", "iops") or Decimal(0)
    if size is not None and (more := iops - 3 * size) > 0:
        yield use(
            f"file_store.openzfs_iops{zones}", "iops_month", Amount.of(more, f"{more:f} IOPS above 3 for each GiB")
        )
    yield use("file_store.backup", "gib_month", r.stated("backup_storage_gb", "backups"))


def _ontap(r: Planned, _: Catalog) -> Iterable[Use]:
    zones = "_multi_zone" if r.text("deployment_type").startswith("MULTI_AZ") else ""
    yield _sized(f"file_store.ontap{zones}", r.number("storage_capacity"))
    yield from _capacity(r, f"file_store.ontap_throughput{zones}")
    yield use("file_store.backup", "gib_month", r.stated("backup_storage_gb", "backups"))


def _replication(r: Planned, _: Catalog) -> Iterable[Use]:
    yield unstated("object_store.standard_write", "request", "copies that it makes, and traffic to another region")


def _file_backups(r: Planned, _: Catalog) -> Iterable[Use]:
    if r.text("backup_policy", "status") == "ENABLED":
        yield unstated("backup.stored", "gib_month", "its daily backups")


USES = {
    "aws_efs_backup_policy": _file_backups,
    "aws_s3_bucket_accelerate_configuration": rule(
        unmetered("object_store.accelerated", "gib", "transfers that it makes faster")
    ),
    "aws_s3_bucket_analytics_configuration": rule(
        unmetered("object_store.analyzed", "object_month", "objects that it looks at")
    ),
    "aws_s3_bucket_intelligent_tiering_configuration": rule(
        unmetered("object_store.watched", "object_month", "objects that it moves")
    ),
    "aws_s3_bucket_inventory": rule(unmetered("object_store.listed", "object", "objects that it lists")),
    "aws_s3_bucket_metric": rule(unmetered("metrics.custom", "metric_month", "metrics of requests")),
    "aws_s3_bucket_replication_configuration": _replication,
    "aws_backup_vault": rule(unmetered("backup.stored", "gib_month", "the backups in it")),
    "aws_efs_file_system": _efs,
    "aws_fsx_lustre_file_system": _lustre,
    "aws_fsx_ontap_file_system": _ontap,
    "aws_fsx_openzfs_file_system": _openzfs,
    "aws_fsx_windows_file_system": _windows,
    "aws_s3_bucket": _bucket,
    "aws_s3_directory_bucket": rule(unmetered("object_store.express", "gib_month", "what is in it")),
    "aws_s3tables_table_bucket": rule(unmetered("object_store.tables", "gib_month", "the tables in it")),
}
