"""How RDS and Aurora bill: what the estimate of a spec does not need, and plans do."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from groundplan.clouds.billing import ALWAYS, Amount, Use, database_item, use

FREE_INSIGHTS_DAYS = 7
"""Days of load by query without a charge: https://aws.amazon.com/rds/performance-insights/pricing/."""
STORAGE = {
    "gp2": "database.storage",
    "gp3": "database.storage",
    "io1": "database.storage_provisioned",
    "io2": "database.storage_provisioned",
    "standard": "database.storage_magnetic",
}
"""Item by type of storage: gp2 and gp3 cost the same, and so do io1 and io2: https://aws.amazon.com/rds/postgresql/pricing/."""
STRIPED_FROM_GIB = {"oracle": Decimal(200), "sqlserver": None}
OTHERS_STRIPED_FROM_GIB = Decimal(400)
SINGLE, STRIPED = (Decimal(3000), Decimal(125)), (Decimal(12000), Decimal(500))
"""Operations a second and MiB/s that gp3 has in its price, on one volume and on the four of a large database:
https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/CHAP_Storage.html, gp3 storage."""


def hours(engine: str, name: str, *, high_availability: bool, own_license: bool) -> Use:
    """An instance of the engine, with its standby when that is asked for."""
    words = "two instances in two zones" if high_availability else "one instance"
    item = database_item(name, high_availability=high_availability)
    if engine != "postgres":
        licensed = ".byol" if own_license else ""
        item = item.replace("database.", f"database.{engine}{licensed}.", 1)
    return use(item, "hour", Amount.around_the_clock(f"{words} of {engine}, {ALWAYS}"))


def support(vcpu_hours: Amount, *, third_year: bool) -> Use:
    """Extended support of an engine's version, by the vCPUs of all instances."""
    return use(f"database.extended_support{'_third_year' if third_year else ''}", "vcpu_hour", vcpu_hours)


def storage(kind: str, gib: Amount, *, high_availability: bool) -> Use:
    """Storage of an instance, on both where there are two."""
    item = STORAGE.get(kind, f"database.storage_{kind}")
    return use(f"{item}{'_ha' if high_availability else ''}", "gib_month", gib)


@dataclass(frozen=True, slots=True)
class Storage:
    """Storage of a database with what it is provisioned with; `copies` where a standby has the same."""

    engine: str
    kind: str
    gib: Decimal
    iops: Decimal | None
    mibps: Decimal | None
    copies: int

    @property
    def performance(self) -> Iterator[Use]:
        """Operations and throughput beyond what the price of the storage has in it."""
        free_iops, free_mibps = included(self.engine, self.gib) if self.kind == "gp3" else (Decimal(0), Decimal(0))
        if self.kind in ("gp3", "io1", "io2") and (more := (self.iops or Decimal(0)) - free_iops) > 0:
            item = "database.iops" if self.kind == "gp3" else "database.iops_provisioned"
            yield use(item, "iops_month", self._more(more, "IOPS", free_iops))
        if self.kind == "gp3" and (more := (self.mibps or Decimal(0)) - free_mibps) > 0:
            yield use("database.throughput", "mibps_month", self._more(more, "MiB/s", free_mibps))

    def _more(self, more: Decimal, unit: str, free: Decimal) -> Amount:
        above = f" above {free:f}" if free else ""
        each = f" on each of {self.copies} instances" if self.copies > 1 else ""
        return Amount.of(more * self.copies, f"{more:f} {unit}{above}{each}")


def included(engine: str, gib: Decimal) -> tuple[Decimal, Decimal]:
    """Operations a second and MiB/s in the price of gp3 storage of that engine and size."""
    striped_from = STRIPED_FROM_GIB.get(engine.partition("-")[0], OTHERS_STRIPED_FROM_GIB)
    return STRIPED if striped_from is not None and gib >= striped_from else SINGLE


def magnetic_requests(requests: Amount) -> Use:
    """Reads and writes of magnetic storage."""
    return use("database.storage_magnetic_request", "request", requests)


def backup(gib: Amount) -> Use:
    """Backups beyond the size of the storage."""
    return use("database.backup", "gib_month", gib)


def aurora(engine: str, name: str, *, io_optimized: bool) -> Use:
    """An instance of an Aurora cluster."""
    engine = "aurora-mysql" if engine == "aurora" else engine
    item = f"database.{engine}{'_io_optimized' if io_optimized else ''}.{name}"
    return use(item, "hour", Amount.around_the_clock(f"one instance, {ALWAYS}"))


def aurora_capacity(acu_hours: Amount, *, io_optimized: bool) -> Use:
    """Capacity of Aurora Serverless v2."""
    return use(f"database.aurora_capacity{'_io_optimized' if io_optimized else ''}", "acu_hour", acu_hours)


def aurora_storage(gib: Amount, *, io_optimized: bool) -> Use:
    """What is in a cluster, once however many instances read it."""
    return use(f"database.aurora_storage{'_io_optimized' if io_optimized else ''}", "gib_month", gib)
