"""What is billed, by kinds of things: the rules that the estimate of a spec and that of a plan both go through."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType
from typing import Literal, TypeAlias

from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band, months

MachineOption: TypeAlias = PurchaseOption | Literal["spot_with_fallback"]
"""The purchase option of a machine, or the mix of spot with an on-demand fallback."""
ALWAYS = "around the clock"
DAYS_PER_YEAR = 365
BACKED_UP = (Decimal("0.3"), Decimal("0.5"), Decimal(1))
"""The part of a database's disk that holds data, which the oldest backup has in full. An assumption."""
CHANGED_DAILY = (Decimal("0.005"), Decimal("0.02"), Decimal("0.1"))
"""The part of that data which a day changes, and which each further backup adds. An assumption."""


@dataclass(frozen=True, slots=True)
class Amount:
    """How much a month takes of something, and the assumption behind it; `band` None where nobody states it."""

    band: Band | None
    words: str
    most: Decimal | None = None
    """What the environment itself keeps a month from taking more of; None where nothing does."""

    @classmethod
    def limited(cls, band: Band, words: str) -> Amount:
        """An amount that cannot be more than its high."""
        return cls(band, words, band.high)

    @classmethod
    def of(cls, count: Decimal | int, words: str) -> Amount:
        """The same in every case."""
        return cls(Band.of(count), words)

    @classmethod
    def around_the_clock(cls, words: str = ALWAYS, count: Decimal | int = 1) -> Amount:
        """The hours of something that is always there."""
        return cls(Band.of(HOURS_PER_MONTH * count), words)


@dataclass(frozen=True, slots=True)
class Use:
    """How much of one priced item something consumes in a month, and the assumption behind the amount.

    `option` is the purchase option of a machine, None for every other item. `amount` None says that nobody states the
    use, so it is listed as unpriced. `steady` are the hours on machines that are always on.
    """

    item: str
    unit: str
    amount: Band | None
    assumption: str
    option: MachineOption | None = None
    steady: Decimal = Decimal(0)
    useful: Band | None = None
    """Hours on machines that do work which nobody repeats, where interruptions make `amount` more than that."""
    most: Decimal | None = None
    """What the environment itself keeps a month from taking more of; None where nothing does."""


def use(item: str, unit: str, amount: Amount) -> Use:
    """The use of an item that is not a machine."""
    return Use(item, unit, amount.band, amount.words, most=amount.most)


def kept(ingested: Band | None, days: int) -> Amount:
    """What is there once the retention of so many days is full."""
    return Amount(ingested and ingested.times(months(days)), f"{days} days of them, once retention is full")


def key_versions(rotation_days: int, most: int | None = None) -> Band:
    """Versions of a key that rotates: before the first rotation, on average over the first year, and after it.

    With a `most`, high is that: what a key comes to that is old enough.
    """
    starts = range(0, DAYS_PER_YEAR, max(rotation_days, 1))[:most]
    mean = Decimal(sum(DAYS_PER_YEAR - start for start in starts)) / DAYS_PER_YEAR
    return Band(Decimal(1), mean, Decimal(most or 1 + DAYS_PER_YEAR // max(rotation_days, 1)))


def database_item(database_class: str, *, high_availability: bool) -> str:
    """Name of an hour of the class in the price book, with its standby when that is asked for."""
    return f"database.{database_class}{'_ha' if high_availability else ''}"


class Billing:
    """How a cloud bills, a method for each kind of thing. A cloud's own class changes what it bills otherwise."""

    disks: Mapping[str, str] = MappingProxyType({})
    """Item of the price book by the cloud's name of a kind of disk."""
    free_log_days = 0
    """Days that log entries are kept without a charge for keeping them."""
    logs_kept_as = Decimal(1)
    """What a GiB of log entries is billed as while it is kept: less where the cloud compresses it."""
    key_rotation_days: int = DAYS_PER_YEAR
    """Days after which the keys of our modules get another version."""
    most_key_versions: int | None = None
    """Versions of a key that are billed at the most; None for all of them."""
    free_backups = Decimal(0)
    """Backups that come with a database, as a part of the size of its storage."""
    recovery_logs = ""
    """What the logs by which a database is recovered to a second cost, in words."""
    soft_delete_days = 0
    """Days for which the cloud keeps, and bills, what was deleted from a bucket for good."""

    def control_plane(self, version: str, *, extended: bool) -> Use:
        """A cluster's control plane; the whole hour costs more in extended support."""
        item = "cluster.control_plane_extended" if extended else "cluster.control_plane"
        words = f"Kubernetes {version} in {'extended' if extended else 'standard'} support"
        return use(item, "hour", Amount.around_the_clock(words))

    def machine(self, name: str, hours: Amount, option: MachineOption, steady: Decimal = Decimal(0)) -> Use:
        """Hours of machines of one type, `steady` of them on machines that are always on."""
        return Use(name, "hour", hours.band, hours.words, option, steady)

    def disk(self, kind: str, gib: Amount) -> Use:
        """A disk of the kind, in the cloud's word for it."""
        return use(self.disks.get(kind, f"disk.{kind}"), "gib_month", gib)

    def node_disk(self, machine: str, gib: Amount) -> Use:
        """What a node of the machine type starts from."""
        return use("disk.general", "gib_month", gib)

    def volume(self, gib: Amount) -> Use:
        """Volumes of the storage class that the cluster has by default."""
        return use("disk.general", "gib_month", gib)

    def database(self, database_class: str, *, high_availability: bool) -> Use:
        """An instance of PostgreSQL, with its standby when that is asked for."""
        words = "two instances in two zones" if high_availability else "one instance"
        item = database_item(database_class, high_availability=high_availability)
        return use(item, "hour", Amount.around_the_clock(f"{words}, {ALWAYS}"))

    def database_storage(self, gib: Amount, *, high_availability: bool) -> Use:
        """Its storage, on both instances where there are two."""
        return use(f"database.storage{'_ha' if high_availability else ''}", "gib_month", gib)

    def database_backup(self, size: Band, days: int) -> Use:
        """Daily backups of a database whose disk has so many GiB, kept for so many days, beyond those that are free.

        Each has what changed since the one before, and the oldest everything.
        """
        cases = zip(size.cases, BACKED_UP, CHANGED_DAILY, strict=True)
        gib = Band(
            *(gib * max(full * (1 + days * change) - self.free_backups, Decimal(0)) for gib, full, change in cases)
        )
        words = f"{days} days of backups: 30 to 100 % of the disk, and 0.5 to 10 % of that for each day"
        free = "as much as the storage has is free" if self.free_backups else ""
        return use(
            "database.backup", "gib_month", Amount(gib, "; ".join(filter(None, (words, free, self.recovery_logs))))
        )

    def database_extended_support(self, vcpu_hours: Amount) -> Use:
        """Support of a database's version past its standard support, by the vCPUs of all instances."""
        return use("database.extended_support", "vcpu_hour", vcpu_hours)

    def key(self, keys: Amount, rotation_days: int | None = None) -> Use:
        """Encryption keys by their number, of which a rotation bills another version.

        Low is a month before the first rotation, expected the mean of the first year; requests are billed by use.
        """
        if rotation_days is None or keys.band is None:
            return use("keys.key", "key_month", keys)
        versions = key_versions(rotation_days, self.most_key_versions)
        words = f"{keys.words}; {self._versions_in_words(versions, rotation_days)}"
        cases = zip(keys.band.cases, versions.cases, strict=True)
        return use("keys.key", "key_month", Amount.limited(Band(*(count * each for count, each in cases)), words))

    def _versions_in_words(self, versions: Band, rotation_days: int) -> str:
        after = "from the second rotation on" if self.most_key_versions else "after a year"
        return f"a new version every {rotation_days} days, each billed: {versions.high:f} {after}"

    def secret(self, secrets: Amount) -> Use:
        """Secrets by their number."""
        return use("secrets.secret", "secret_month", secrets)

    def alarm(self, alarms: Amount) -> Use:
        """What alarms look at, by its number."""
        return use("metrics.alarm", "alarm_month", alarms)

    def bucket(self, gib: Amount) -> Use:
        """Objects in the class that they are written to."""
        return use("object_store.standard", "gib_month", gib)

    def bucket_requests(self, reads: Amount, writes: Amount) -> Iterator[Use]:
        """Requests to objects of that class."""
        yield use("object_store.standard_read", "request", reads)
        yield use("object_store.standard_write", "request", writes)

    def repository(self, gib: Amount) -> Use:
        """Container images that a registry keeps."""
        return use("registry.stored", "gib_month", gib)

    def logs(self, ingested: Amount, days: int, *, name: str = "", network: bool = False) -> Iterator[Use]:
        """Log entries as they come in and, once their retention is full, what is kept of them.

        `days` is how long they are kept, 0 for ever; `network` says that the cloud's network writes them.
        """
        yield use("logs.flow_ingested" if network else "logs.ingested", "gib", ingested)
        if not days:
            yield use("logs.stored", "gib_month", Amount(None, "all of them, for ever"))
            return
        billed = Decimal(max(days - self.free_log_days, 0)) / days
        known = Band.of(0) if ingested.band is None and not billed else ingested.band
        full = kept(known and known.times(self.logs_kept_as), days)
        words = f"{name}, {full.words}" if name else full.words
        if self.logs_kept_as != 1:
            words = f"{words}; compressed to {self.logs_kept_as:.0%}"
        if self.free_log_days:
            words = f"{words}; the first {self.free_log_days} days are not billed"
        yield use("logs.stored", "gib_month", Amount(full.band and full.band.times(billed), words))

    def samples_ingested(self, millions: Amount) -> Use:
        """Samples that the cloud's own Prometheus takes in."""
        return use("metrics.samples_ingested", "million_samples", millions)

    def internet_traffic(self, gib: Amount) -> Use:
        """What leaves for the internet."""
        return use("egress.internet", "gib", gib)

    def zone_traffic(self, gib: Amount) -> Use:
        """What goes from one zone to another."""
        return use("egress.zone", "gib", gib)

    def region_traffic(self, gib: Amount) -> Use:
        """What comes from another region."""
        return use("egress.region", "gib", gib)

    def nat_data(self, gib: Amount) -> Use:
        """What goes through NAT."""
        return use("network.nat_data", "gib", gib)

    def public_address(self, hours: Amount) -> Use:
        """Addresses that the internet sees."""
        return use("network.public_ipv4", "hour", hours)

    def serverless(self, vcpu_hours: Amount, gib_hours: Amount) -> Iterator[Use]:
        """Containers without machines of ours, by the hours that they are up."""
        yield use("serverless.vcpu", "hour", vcpu_hours)
        yield use("serverless.memory", "gib_hour", gib_hours)
