"""What machines start with, in whichever resource that is written, and what a number of them uses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING, UNLIMITED, surplus
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import ALWAYS, Amount, Use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import HOURS_PER_MONTH, Band

ROOT_DEVICES = ("/dev/xvda", "/dev/sda1")
"""What images call the disk they start from: https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html."""
NO_TYPE = "the instance type is known only after apply, or in a launch template"
UNSTATED_DISK = "gp2"
"""The type of a volume that is not the image's own, where nothing names one:
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_EbsBlockDevice.html."""
IMAGE_DISK = "gp3"
"""The type of an image's own disk where nothing names one: that of the image, on Amazon Linux 2023 gp3:
https://docs.aws.amazon.com/linux/al2023/ug/compare-with-al2.html."""


@dataclass(frozen=True, slots=True)
class Disk:
    """A volume as a resource writes it."""

    kind: str
    gib: Decimal | None
    iops: Decimal | None = None
    mibps: Decimal | None = None
    device: str = ""

    @classmethod
    def of(cls, block: Planned, unnamed: str = UNSTATED_DISK, device: str = "", *, size: str = "volume_size") -> Disk:
        """The volume of a block or resource that writes its arguments so."""
        kind = block.text("volume_type") or block.text("type") or unnamed
        return cls(kind, block.number(size), block.number("iops"), block.number("throughput"), device)


@dataclass(frozen=True, slots=True)
class Launch:
    """What a machine starts with."""

    instance_type: str
    option: PurchaseOption = "on_demand"
    monitored: bool = False
    public: bool | None = None
    """Whether it gets a public address; None where nothing says."""
    tenancy: str = ""
    credits: str = ""
    """How CPU above its credits is treated: `standard`, `unlimited`, or as the family has it."""
    disks: tuple[Disk, ...] = ()

    @property
    def root_is_known(self) -> bool:
        """Whether the disk that the machine starts from is among the disks."""
        return any(disk.device in ("", *ROOT_DEVICES) for disk in self.disks)


@dataclass(frozen=True, slots=True)
class Machines:
    """So many machines at once; `count` None where a plan does not say."""

    count: Band | None
    words: str

    @property
    def hours(self) -> Amount:
        """The hours that they run."""
        return Amount(self.count and self.count.times(HOURS_PER_MONTH), self.words)

    def each(self, amount: Decimal | int, words: str) -> Amount:
        """The amount for each of them."""
        whole = words if self == ONE else f"{words} for each of {self.words}"
        return Amount(self.count and self.count.times(amount), whole)


ONE = Machines(Band.of(1), ALWAYS)


def template_of(template: Planned) -> Launch:
    """What an `aws_launch_template` says."""
    market = template.text("instance_market_options", "market_type")
    interfaces = template.items("network_interfaces")
    return Launch(
        template.text("instance_type"),
        "spot" if market == "spot" else "on_demand",
        template.flag("monitoring", "enabled"),
        template.flag("network_interfaces", "associate_public_ip_address") if interfaces else None,
        template.text("placement", "tenancy"),
        template.text("credit_specification", "cpu_credits"),
        tuple(_mapped(template)),
    )


def _mapped(template: Planned) -> Iterator[Disk]:
    for mapping in template.blocks("block_device_mappings"):
        device = mapping.text("device_name")
        for ebs in mapping.blocks("ebs"):
            yield Disk.of(ebs, IMAGE_DISK if device in ROOT_DEVICES else UNSTATED_DISK, device)


def configuration_of(configuration: Planned) -> Launch:
    """What an `aws_launch_configuration` says; machines of one are watched every minute unless it says no."""
    return Launch(
        configuration.text("instance_type"),
        "spot" if configuration.text("spot_price") else "on_demand",
        not configuration.off("enable_monitoring"),
        configuration.flag("associate_public_ip_address") or None,
        configuration.text("placement_tenancy"),
        disks=tuple(own_disks(configuration)),
    )


def own_disks(r: Planned) -> Iterator[Disk]:
    """The disks of a resource that writes `root_block_device` and `ebs_block_device`."""
    for root in r.blocks("root_block_device"):
        yield Disk.of(root, IMAGE_DISK, ROOT_DEVICES[0])
    for disk in r.blocks("ebs_block_device"):
        yield Disk.of(disk, device=disk.text("device_name"))


def machine_uses(
    launch: Launch, machines: Machines, r: Planned, catalog: Catalog, hours: Band | None = None
) -> Iterator[Use]:
    """Everything that machines which start so use; `hours` of them where that is not all of the month, while disks
    and addresses stay. `r` is what a usage file speaks of."""
    running = machines if hours is None else Machines(hours.times(1 / HOURS_PER_MONTH), "hours of the usage file")
    yield machine(launch.instance_type, running, launch.option)
    yield from credit_uses(launch, running, r, catalog)
    if launch.tenancy == "dedicated":
        yield without_price("instance.dedicated", "hour", "hardware of one's own costs more, and a fee for the region")
    yield from disk_uses(launch.disks, machines)
    if not launch.root_is_known:
        yield BILLING.disk(IMAGE_DISK, used("the size of the disk is that of the image"))
    if launch.monitored:
        yield BILLING.detailed_monitoring(machines.hours.band)
    if launch.public:
        yield BILLING.public_address(machines.hours)


def machine(name: str, machines: Machines, option: PurchaseOption) -> Use:
    """The machines themselves."""
    if not name:
        return unstated("instance", "hour", NO_TYPE)
    hours = machines.hours
    steady = hours.band.low if hours.band is not None and option == "on_demand" else Decimal(0)
    return BILLING.machine(name, hours, option, steady)


def credit_uses(launch: Launch, machines: Machines, r: Planned, catalog: Catalog) -> Iterator[Use]:
    """CPU above the credits of a burstable machine, where it is billed: as a usage file or else the estimate says."""
    name = launch.instance_type
    family, size = name.partition(".")[0], catalog.instance(name)
    if launch.credits == "standard" or (family == "t2" and launch.credits != "unlimited"):
        return
    hours = machines.hours.band
    above = surplus(name, hours.high * size.vcpus) if size is not None and hours is not None else None
    if above is not None or family in ("t2", *UNLIMITED):
        stated = r.stated("monthly_cpu_credit_hrs", "CPU above the credits that a machine earns")
        yield BILLING.cpu_credits(family, above if above is not None and stated.band is None else stated)


def disk_uses(disks: Iterable[Disk], machines: Machines = ONE) -> Iterator[Use]:
    """The disks of each machine, with what is provisioned beyond their size."""
    for disk in disks:
        yield _size(disk, machines)
        yield from _performance(disk, machines)


def _size(disk: Disk, machines: Machines) -> Use:
    if disk.gib is None:
        return BILLING.disk(disk.kind, used("the size of the disk is that of the image"))
    return BILLING.disk(disk.kind, machines.each(disk.gib, f"{disk.gib:f} GiB of {disk.kind}"))


def _performance(disk: Disk, machines: Machines) -> Iterator[Use]:
    if iops := BILLING.billed_iops(disk.kind, disk.iops):
        yield BILLING.disk_iops(disk.kind, machines.each(iops, f"{iops:f} IOPS of {disk.kind} that are billed"))
    if mibps := BILLING.billed_throughput(disk.kind, disk.mibps):
        yield BILLING.disk_throughput(machines.each(mibps, f"{mibps:f} MiB/s above those included"))
    if disk.kind == "standard":
        yield BILLING.disk_requests(used("reads and writes of a magnetic volume"))
