"""How Google Cloud bills."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType

from groundplan.clouds.billing import ALWAYS, Amount, Billing, Use, use
from groundplan.clouds.gcp.facts import HYPERDISK_ONLY
from groundplan.quantities import HOURS_PER_MONTH, Band

TOGETHER = 5
"""Forwarding rules of a project and region that are billed as one: https://cloud.google.com/load-balancing/pricing."""
NAT_VMS = 32
"""Cloud NAT bills this many virtual machines at the most: https://cloud.google.com/nat/pricing."""


@dataclass(frozen=True, slots=True)
class Performance:
    """What a disk is provisioned with besides its size: the item, what is included, and what is set by default."""

    item: str
    unit: str
    included: int = 0
    default: int | None = None

    def use(self, disks: Band | None, stated: Decimal | None) -> Use:
        """What disks that are there for so many months use of it, each with `stated`."""
        each = self.default if stated is None else stated
        if each is None or disks is None:
            return use(self.item, self.unit, Amount(None, "what the disk is provisioned with is not stated"))
        above = max(Decimal(each) - self.included, Decimal(0))
        return use(self.item, self.unit, Amount(disks.times(above), f"{each:f} each, {self.included} of them included"))


PERFORMANCE = MappingProxyType(
    {
        ("hyperdisk-balanced", "iops"): Performance("disk.hyperdisk_balanced_iops", "iops_month", 3000),
        ("hyperdisk-balanced", "throughput"): Performance("disk.hyperdisk_balanced_throughput", "mibps_month", 140),
        ("hyperdisk-extreme", "iops"): Performance("disk.hyperdisk_extreme_iops", "iops_month"),
        ("hyperdisk-ml", "throughput"): Performance("disk.hyperdisk_ml_throughput", "mibps_month"),
        ("hyperdisk-throughput", "throughput"): Performance("disk.hyperdisk_throughput_throughput", "mibps_month"),
        ("hyperdisk-balanced-high-availability", "iops"): Performance("disk.hyperdisk_regional_iops", "iops_month"),
        ("hyperdisk-balanced-high-availability", "throughput"): Performance(
            "disk.hyperdisk_regional_throughput", "mibps_month"
        ),
        ("pd-extreme", "iops"): Performance("disk.extreme_iops", "iops_month", default=100_000),
    }
)
"""By kind of disk: https://cloud.google.com/compute/disks-image-pricing and
https://docs.cloud.google.com/compute/docs/disks/extreme-persistent-disk."""


class GcpBilling(Billing):
    """The rules that only Google Cloud has."""

    disks = MappingProxyType(
        {
            "hyperdisk-balanced": "disk.hyperdisk_balanced",
            "hyperdisk-balanced-high-availability": "disk.hyperdisk_regional",
            "hyperdisk-extreme": "disk.hyperdisk_extreme",
            "hyperdisk-ml": "disk.hyperdisk_ml",
            "hyperdisk-throughput": "disk.hyperdisk_throughput",
            "pd-balanced": "disk.general",
            "pd-extreme": "disk.extreme",
            "pd-ssd": "disk.ssd",
            "pd-standard": "disk.standard",
        }
    )
    key_rotation_days = 90
    recovery_logs = "logs for recovery are kept for 7 days at no charge"
    """https://cloud.google.com/blog/products/databases/point-in-time-recovery-without-impacting-instance-storage/."""
    soft_delete_days = 7
    """https://docs.cloud.google.com/storage/docs/soft-delete."""
    free_log_days = 30
    """A log bucket keeps entries for 30 days at no charge: https://cloud.google.com/stackdriver/pricing."""

    def node_disk(self, machine: str, gib: Amount) -> Use:
        """Machines of the newest series start from Hyperdisk alone, as the module node_pool knows."""
        return self.disk("hyperdisk-balanced" if HYPERDISK_ONLY.match(machine) else "pd-balanced", gib)

    def regional_disk(self, kind: str, gib: Amount) -> Use:
        """A disk that is kept in two zones."""
        item = self.disk(kind, gib).item
        return use(item if item == "disk.hyperdisk_regional" else f"{item}_regional", "gib_month", gib)

    def local_ssd(self, gib: Amount) -> Use:
        """Local SSDs attached to machines that have none of their own; on spot they are billed lower.

        https://cloud.google.com/compute/disks-image-pricing#localssdpricing
        """
        return use("disk.local", "gib_month", gib)

    def machine_address(self, hours: Amount, *, spot: bool) -> Use:
        """External addresses of machines: https://cloud.google.com/vpc/network-pricing#ipaddress."""
        return use("network.public_ipv4_spot", "hour", hours) if spot else self.public_address(hours)

    def key_of(self, item: str, keys: Amount, rotation_days: int | None) -> Use:
        """Keys of another protection level than software, which get versions as those do."""
        return replace(self.key(keys, rotation_days), item=item)

    def nat_machines(self, node_hours: Band | None) -> Use:
        """NAT by the machines that use it."""
        hours = None if node_hours is None else node_hours.at_most(NAT_VMS * HOURS_PER_MONTH)
        words = f"every running node, {NAT_VMS} at the most"
        return use("network.nat_vm", "hour", Amount(hours, words, NAT_VMS * HOURS_PER_MONTH))

    def forwarding_rule(self, words: str, gib: Amount) -> Iterator[Use]:
        """A load balancer's front, and what goes through it."""
        yield use("load_balancer.forwarding_rule", "hour", Amount.around_the_clock(words))
        yield use("load_balancer.data", "gib", gib)

    def forwarding_rule_at(self, place: int, together: int) -> Use:
        """A rule by how many of its project and region stand before it; the first `together` share a price."""
        if place >= TOGETHER:
            words = f"around the clock, beyond the first {TOGETHER} of its project and region"
            return use("load_balancer.forwarding_rule_further", "hour", Amount.around_the_clock(words))
        if place:
            words = f"billed with the first one of its project and region, as up to {TOGETHER} are"
            return use("load_balancer.forwarding_rule", "hour", Amount(Band.of(0), words))
        words = f"around the clock; {together} rules of its project and region are billed as one"
        return use("load_balancer.forwarding_rule", "hour", Amount.around_the_clock(words if together > 1 else ALWAYS))

    def unused_address(self, hours: Amount) -> Use:
        """An address that nothing uses costs more than one in use: https://cloud.google.com/vpc/network-pricing."""
        return use(
            "network.public_ipv4_unused", "hour", Amount(hours.band, "reserved, and nothing in the plan uses it")
        )

    def security_policy(self, words: str) -> Use:
        """A policy of Cloud Armor."""
        return use("load_balancer.policy", "policy_month", Amount.of(1, words))

    def dns_zone(self, count: int) -> Use:
        """Zones of Cloud DNS, private ones too: https://cloud.google.com/dns/pricing."""
        words = f"{count} zones; queries are not counted" if count > 1 else "one zone; queries are not counted"
        return use("dns.zone", "zone_month", Amount.of(count, words))

    def dns_queries(self) -> Use:
        """Queries to a zone."""
        return use("dns.queries", "million_queries", Amount(None, "queries to it"))

    def log_metric(self) -> Use:
        """What a metric counted in logs adds to Cloud Monitoring: https://cloud.google.com/stackdriver/pricing."""
        return use("metrics.ingested", "mib", Amount(None, "the series of a metric counted in logs"))


BILLING = GcpBilling()
