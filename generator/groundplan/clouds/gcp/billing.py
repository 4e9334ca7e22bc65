"""How Google Cloud bills."""

from __future__ import annotations

from collections.abc import Iterator
from types import MappingProxyType

from groundplan.clouds.billing import Amount, Billing, Use, use
from groundplan.clouds.gcp.facts import HYPERDISK_ONLY
from groundplan.quantities import HOURS_PER_MONTH, Band

NAT_VMS = 32
"""Cloud NAT bills this many virtual machines at the most: https://cloud.google.com/nat/pricing."""


class GcpBilling(Billing):
    """The rules that only Google Cloud has."""

    disks = MappingProxyType(
        {"pd-balanced": "disk.general", "pd-ssd": "disk.ssd", "hyperdisk-balanced": "disk.hyperdisk_balanced"}
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

    def local_ssd(self, gib: Amount) -> Use:
        """Local SSDs attached to machines that have none of their own; on spot they are billed lower.

        https://cloud.google.com/compute/disks-image-pricing#localssdpricing
        """
        return use("disk.local", "gib_month", gib)

    def nat_machines(self, node_hours: Band | None) -> Use:
        """NAT by the machines that use it."""
        hours = None if node_hours is None else node_hours.at_most(NAT_VMS * HOURS_PER_MONTH)
        words = f"every running node, {NAT_VMS} at the most"
        return use("network.nat_vm", "hour", Amount(hours, words))

    def forwarding_rule(self, words: str, gib: Amount) -> Iterator[Use]:
        """A load balancer's front, and what goes through it."""
        yield use("load_balancer.forwarding_rule", "hour", Amount.around_the_clock(words))
        yield use("load_balancer.data", "gib", gib)

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
