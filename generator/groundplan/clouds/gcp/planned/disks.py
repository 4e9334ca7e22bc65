"""Disks, and what is copied from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING, PERFORMANCE
from groundplan.clouds.gcp.facts import HYPERDISK_ONLY
from groundplan.clouds.gcp.planned.places import last
from groundplan.clouds.planned import Planned, Uses, used
from groundplan.quantities import HOURS_PER_MONTH, Band

DEFAULT_KIND = "pd-standard"
"""https://docs.cloud.google.com/compute/docs/reference/rest/v1/disks: `type`."""
ONE = Band.of(1)
LEAST_GIB = Decimal(10)
"""A boot disk has at least so much:
https://docs.cloud.google.com/python/docs/reference/google-cloud-hypercomputecluster/latest/google.cloud.hypercomputecluster_v1beta.types.BootDisk."""


def default_kind(machine: str) -> str:
    """The kind of a disk that states none, beside a machine of the type."""
    return "hyperdisk-balanced" if HYPERDISK_ONLY.match(machine) else DEFAULT_KIND


def performance(r: Planned, kind: str, disks: Band | None, prefix: str = "", *, stated: bool = False) -> Iterator[Use]:
    """What disks of the kind are provisioned with; with `stated` only what the resource says.

    `disks` is how many months of them a month has; `prefix` is what the names of its arguments begin with.
    """
    for what in ("iops", "throughput"):
        provisioned = r.number(f"{prefix}provisioned_{what}")
        if (rule := PERFORMANCE.get((kind, what))) and (provisioned is not None or not stated):
            yield rule.use(disks, provisioned)


def per_month(hours: Band | None, each: Decimal = Decimal(1)) -> Band | None:
    """What is counted by the month of things that are there for so many hours, `each` of it in every one."""
    return hours and hours.each(lambda case: case * each / HOURS_PER_MONTH)


def each_gib(hours: Amount, gib: Decimal | None) -> Amount:
    """GiB of a disk that comes and goes with its machine."""
    if gib is None:
        return used("the size of the disk is that of the image")
    if hours.band is None:
        return hours
    always = hours.band == Band.of(HOURS_PER_MONTH)
    words = f"{gib:f} GiB" if always else f"{gib:f} GiB for each running machine"
    return Amount(per_month(hours.band, gib), words)


def machine_disk(r: Planned, kind: str, gib: Decimal | None, hours: Amount) -> Iterator[Use]:
    """A disk that is there as long as its machine, with the performance that the block says."""
    yield BILLING.disk(kind, each_gib(hours, gib))
    yield from performance(r, kind, per_month(hours.band))


def boot_disk(r: Planned, kind: str, gib: Decimal | None, hours: Amount) -> Iterator[Use]:
    """A disk that is made of an image, and is as large as that where nothing else is said: no smaller than any."""
    if gib is None and hours.band is not None:
        yield BILLING.disk(kind, Amount(per_month(hours.band, LEAST_GIB), f"{LEAST_GIB:f} GiB, the least of any image"))
        yield use(f"{BILLING.disk(kind, hours).item}_of_image", "gib_month", each_gib(hours, None))
        return
    yield from machine_disk(r, kind, gib, hours)


def attached(r: Planned, _: Catalog) -> Iterable[Use]:
    """A disk of its own; what it is attached to does not bill it."""
    kind, size = last(r.text("type")) or DEFAULT_KIND, r.number("size")
    yield BILLING.disk(kind, each_gib(Amount.around_the_clock(), size))
    yield from performance(r, kind, ONE)


def regional(r: Planned, _: Catalog) -> Iterable[Use]:
    """A disk in two zones."""
    kind, size = last(r.text("type")) or DEFAULT_KIND, r.number("size")
    yield BILLING.regional_disk(kind, each_gib(Amount.around_the_clock(), size))
    yield from performance(r, kind, ONE)


USES: Mapping[str, Uses] = {
    "google_compute_disk": attached,
    "google_compute_region_disk": regional,
}
