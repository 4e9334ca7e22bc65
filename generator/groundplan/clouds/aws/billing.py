"""How AWS bills."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType

from groundplan.clouds.billing import ALWAYS, Amount, Billing, Use, use
from groundplan.quantities import HOURS_PER_MONTH, Band

DETAILED_METRICS = 7
"""What EC2's detailed monitoring is billed as: https://aws.amazon.com/cloudwatch/pricing/, EC2 detailed monitoring."""


class AwsBilling(Billing):
    """The rules that only AWS has."""

    disks = MappingProxyType({"gp3": "disk.general"})
    logs_kept_as = Decimal("0.2")
    """Of 30 GB that are ingested, 6 are kept: https://aws.amazon.com/cloudwatch/pricing/, pricing examples."""
    most_key_versions = 3
    """The first two rotations add a price each, no further one does: https://aws.amazon.com/kms/pricing/."""
    free_backups = Decimal(1)
    """https://aws.amazon.com/rds/postgresql/pricing/, Backup Storage."""
    recovery_logs = "logs for recovery among them"

    def zone_traffic(self, gib: Amount) -> Use:
        """Traffic between zones is billed where it leaves and where it arrives:
        https://aws.amazon.com/ec2/pricing/on-demand/, Data Transfer within the same AWS Region."""
        both = None if gib.band is None else gib.band.times(2)
        return super().zone_traffic(Amount(both, f"{gib.words}; billed on both sides"))

    def detailed_monitoring(self, node_hours: Band | None) -> Use:
        """Metrics of machines that are watched every minute."""
        metrics = None if node_hours is None else node_hours.times(DETAILED_METRICS / HOURS_PER_MONTH)
        words = f"{DETAILED_METRICS} metrics a minute of each running node"
        return use("metrics.custom", "metric_month", Amount(metrics, words))

    def nat_gateway(self, count: int) -> Use:
        """NAT gateways; their addresses and their traffic are billed besides."""
        return use("network.nat_gateway", "hour", Amount.around_the_clock(f"{count} NAT, {ALWAYS}", count))

    def endpoint(self, endpoints: int, zones: int) -> Use:
        """Interface endpoints, in each zone that they are in; gateway endpoints are free."""
        words = f"{endpoints} endpoints in {zones} zones, {ALWAYS}"
        return use("network.endpoint", "hour", Amount.around_the_clock(words, endpoints * zones))

    def endpoint_data(self, gib: Amount) -> Use:
        """What goes through interface endpoints."""
        return use("network.endpoint_data", "gib", gib)

    def load_balancer(self, kind: str, words: str, capacity: Amount) -> Iterator[Use]:
        """A load balancer (`application`, `network`, …) and the capacity units that its traffic takes."""
        yield use(f"load_balancer.{kind}", "hour", Amount.around_the_clock(words))
        yield use(f"load_balancer.{kind}_capacity", "lcu_hour", capacity)

    def collector(self) -> Use:
        """A managed collector of metrics."""
        return use("metrics.collector", "hour", Amount.around_the_clock(f"one collector, {ALWAYS}"))

    def samples_collected(self, millions: Amount) -> Use:
        """Samples that managed collectors bring."""
        return use("metrics.samples_collected", "million_samples", millions)

    def samples_stored(self, gib: Amount) -> Use:
        """Samples that the workspace keeps."""
        return use("metrics.samples_stored", "gib_month", gib)

    def container_insights(self) -> Use:
        """Metrics of services and tasks: https://aws.amazon.com/cloudwatch/pricing/, Container Insights."""
        words = "Container Insights, by tasks and services"
        return use("metrics.container_insights", "metric_month", Amount(None, words))

    def notifications(self) -> Use:
        """Messages to a topic and from it to its subscribers: https://aws.amazon.com/sns/pricing/."""
        return use("notifications.delivered", "request", Amount(None, "what is published and delivered"))


BILLING = AwsBilling()
