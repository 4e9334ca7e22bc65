"""How AWS bills."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from types import MappingProxyType

from groundplan.clouds.billing import ALWAYS, Amount, Billing, Use, use
from groundplan.quantities import HOURS_PER_MONTH, Band

DETAILED_METRICS = 7
"""What EC2's detailed monitoring is billed as: https://aws.amazon.com/cloudwatch/pricing/, EC2 detailed monitoring."""

UNLIMITED = ("t3", "t3a", "t4g")
"""Families of machines that pay for CPU above their credits unless told otherwise, on EC2 and as classes of RDS:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-performance-instances-unlimited-mode.html."""
BASELINES = MappingProxyType(
    {
        "nano": Decimal("0.05"),
        "micro": Decimal("0.1"),
        "small": Decimal("0.2"),
        "medium": Decimal("0.2"),
        "large": Decimal("0.3"),
        "xlarge": Decimal("0.4"),
        "2xlarge": Decimal("0.4"),
    }
)
"""The part of each vCPU that is in the price of those machines, by size:
https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/burstable-credits-baseline-concepts.html."""
BUSY = Decimal("0.5")
"""The part of each vCPU that a month takes at the most. An assumption; as expected it is within the baseline."""

FREE_SCRATCH_GIB = Decimal(20)
"""Storage that each task on Fargate has in its price."""
FREE_IOPS, FREE_MIBPS = Decimal(3000), Decimal(125)
"""What the price of a gp3 volume has in it, whatever its size: https://aws.amazon.com/ebs/pricing/."""
DISK_IOPS = MappingProxyType({"gp3": "disk.general_iops", "io1": "disk.io1_iops", "io2": "disk.io2_iops"})
"""Item of provisioned operations a second, by the kinds of volumes that are billed for them."""


def surplus(machine: str, vcpu_hours: Decimal) -> Amount | None:
    """vCPU-hours above the credits of a machine such as `t3a.large`; None where none are billed."""
    family, _, size = machine.partition(".")
    if family not in UNLIMITED:
        return None
    baseline = BASELINES[size]
    words = f"none up to {baseline:.0%} of each vCPU; {BUSY:.0%} busy all month at the most"
    band = Band(Decimal(0), Decimal(0), vcpu_hours * max(BUSY - baseline, Decimal(0)))
    return Amount(band, words, most=vcpu_hours * (1 - baseline))


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

    def billed_iops(self, kind: str, iops: Decimal | None) -> Decimal:
        """Of the operations a second that a volume is provisioned with, those that are billed."""
        if iops is None or kind not in DISK_IOPS:
            return Decimal(0)
        return max(iops - (FREE_IOPS if kind == "gp3" else 0), Decimal(0))

    def billed_throughput(self, kind: str, mibps: Decimal | None) -> Decimal:
        """Of the throughput that a volume is provisioned with, what is billed."""
        return max(mibps - FREE_MIBPS, Decimal(0)) if kind == "gp3" and mibps is not None else Decimal(0)

    def disk_iops(self, kind: str, iops: Amount) -> Use:
        """Operations a second that a volume of the kind is provisioned with, beyond those that are free."""
        return use(DISK_IOPS[kind], "iops_month", iops)

    def disk_throughput(self, mibps: Amount) -> Use:
        """Throughput that a gp3 volume is provisioned with, beyond what is free."""
        return use("disk.general_throughput", "mibps_month", mibps)

    def disk_requests(self, requests: Amount) -> Use:
        """Reads and writes of a magnetic volume."""
        return use("disk.standard_requests", "request", requests)

    def snapshot(self, gib: Amount) -> Use:
        """Copies of volumes, by what has changed in them."""
        return use("disk.snapshot", "gib_month", gib)

    def cpu_credits(self, family: str, vcpu_hours: Amount) -> Use:
        """CPU that burstable machines take above their credits."""
        return use(f"instance.cpu_credits_{family}", "vcpu_hour", vcpu_hours)

    def database_credits(self, vcpu_hours: Amount) -> Use:
        """CPU that a burstable class of RDS takes above its credits."""
        return use("database.cpu_credits", "vcpu_hour", vcpu_hours)

    def scratch(self, task_hours: Band, gib: Decimal, words: str) -> Iterator[Use]:
        """Storage of tasks on Fargate above what each has: https://aws.amazon.com/fargate/pricing/."""
        more = gib - FREE_SCRATCH_GIB
        if more > 0:
            each = f"{more:f} GiB above {FREE_SCRATCH_GIB:f} each of {words}"
            yield use("serverless.scratch", "gib_hour", Amount.limited(task_hours.times(more), each))

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


BILLING = AwsBilling()
