"""What is kept: buckets, registries, file systems, warehouses, copies of disks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.planned.metered import Metered, by_use
from groundplan.clouds.gcp.planned.places import whole
from groundplan.clouds.planned import Planned, Uses, unstated
from groundplan.quantities import HOURS_PER_MONTH, Band

CLASSES = {
    "NEARLINE": "infrequent",
    "COLDLINE": "coldline",
    "ARCHIVE": "archive",
    "DURABLE_REDUCED_AVAILABILITY": "dra",
}
"""Ours for Google's words; every other is standard: https://docs.cloud.google.com/storage/docs/storage-classes."""
RETRIEVED = ("infrequent", "coldline", "archive")

STORED = Metered("", "gib_month", "what is in it", "storage_gb")
READS = Metered("", "request", "reads of it", "monthly_class_b_operations")
WRITES = Metered("", "request", "writes to it", "monthly_class_a_operations")
RETRIEVALS = Metered("", "gib", "what is read from it", "monthly_data_retrieval_gb")


def bucket(r: Planned, _: Catalog) -> Iterable[Use]:
    """Objects in the class that they are written to, and requests to them."""
    name = CLASSES.get(r.text("storage_class"), "standard")
    kept = f"object_store.{name}"
    yield use(kept, "gib_month", STORED.amount(r))
    yield use(f"{kept}_read", "request", READS.amount(r))
    yield use(f"{kept}_write", "request", WRITES.amount(r))
    if name in RETRIEVED:
        yield use(f"{kept}_retrieval", "gib", RETRIEVALS.amount(r))


def repository(r: Planned, _: Catalog) -> Iterable[Use]:
    """What a registry keeps."""
    yield BILLING.repository(r.stated("storage_gb", "the images in it"))


def _copy(item: str) -> Metered:
    return Metered(item, "gib_month", "what is in it: blocks in use, compressed", "storage_gb")


snapshot = by_use(_copy("disk.snapshot"))
image = by_use(_copy("disk.image"))
machine_image = by_use(_copy("disk.machine_image"))
snapshot_schedule = by_use(Metered("disk.snapshot", "gib_month", "snapshots that the schedule makes"))


def resource_policy(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Snapshots that a schedule makes; other policies are only rules."""
    return snapshot_schedule(r, catalog) if r.items("snapshot_schedule_policy") else ()


def filestore(r: Planned, _: Catalog) -> Iterable[Use]:
    """An instance by what it is provisioned with, used or not: https://cloud.google.com/filestore/pricing."""
    sizes = [share.number("capacity_gb") for share in r.blocks("file_shares")]
    known = [size for size in sizes if size is not None]
    tier = (r.text("tier") or "unknown").lower()
    amount = Amount.of(sum(known, Decimal(0)), "provisioned") if known and len(known) == len(sizes) else None
    item = f"filestore.{tier}{'_custom_performance' if r.items('performance_config') else ''}"
    if amount is None:
        yield unstated(item, "gib_month", "its size is known only after apply")
    else:
        yield use(item, "gib_month", amount)


def lustre(r: Planned, _: Catalog) -> Iterable[Use]:
    """A file system by its size and the throughput of a TiB."""
    tier = r.number("per_unit_storage_throughput")
    yield from _by_size(r, f"lustre.{tier:f}_mbps" if tier else "lustre", "capacity_gib")


def parallelstore(r: Planned, _: Catalog) -> Iterable[Use]:
    """A file system by its size."""
    yield from _by_size(r, "parallelstore", "capacity_gib")


def _by_size(r: Planned, item: str, key: str) -> Iterator[Use]:
    size = whole(r, key)
    if size is None:
        yield unstated(item, "gib_month", "its size is known only after apply")
    else:
        yield use(item, "gib_month", Amount.of(size, f"{size:f} GiB"))


def bigquery_slots(r: Planned, _: Catalog) -> Iterable[Use]:
    """Slots of a reservation, up to what it may grow to; those of a commitment are bought with it."""
    least = r.number("slot_capacity")
    most = r.number("autoscale", "max_slots") or Decimal(0)
    edition = (r.text("edition") or "standard").lower()
    hours = None if least is None else Band(least, least, least + most).times(HOURS_PER_MONTH)
    yield use(f"bigquery.slot.{edition}", "hour", Amount(hours, "slots"))


bigquery_dataset = by_use(Metered("bigquery.queries", "tib", "what queries read", "monthly_queries_tb"))
bigquery_table = by_use(
    Metered("bigquery.active", "gib_month", "data changed in 90 days", "monthly_active_storage_gb"),
    Metered("bigquery.long_term", "gib_month", "data unchanged for 90 days", "monthly_long_term_storage_gb"),
    Metered("bigquery.streamed", "mib", "streaming inserts", "monthly_streaming_inserts_mb"),
    Metered("bigquery.written", "gib", "the write API", "monthly_storage_write_api_gb"),
    Metered("bigquery.read", "tib", "the read API", "monthly_storage_read_api_tb"),
)
transfer = by_use(Metered("storage.transfer", "gib", "what it moves"))

bigquery_commitment = by_use(Metered("bigquery.committed_slots", "hour", "slots that are committed to"))
filestore_backup = by_use(Metered("filestore.backup", "gib_month", "what it keeps"))
filestore_snapshot = by_use(Metered("filestore.snapshot", "gib_month", "what has changed since"))
registry = bucket


USES: Mapping[str, Uses] = {
    "google_artifact_registry_repository": repository,
    "google_bigquery_capacity_commitment": bigquery_commitment,
    "google_bigquery_dataset": bigquery_dataset,
    "google_bigquery_reservation": bigquery_slots,
    "google_bigquery_table": bigquery_table,
    "google_compute_image": image,
    "google_compute_machine_image": machine_image,
    "google_compute_resource_policy": resource_policy,
    "google_compute_snapshot": snapshot,
    "google_container_registry": registry,
    "google_filestore_backup": filestore_backup,
    "google_filestore_instance": filestore,
    "google_filestore_snapshot": filestore_snapshot,
    "google_lustre_instance": lustre,
    "google_parallelstore_instance": parallelstore,
    "google_storage_bucket": bucket,
    "google_storage_transfer_job": transfer,
}
