"""EC2: instances, groups that scale, volumes."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.aws.billing import BILLING
from groundplan.clouds.aws.planned.machines import (
    ONE,
    Disk,
    Launch,
    Machines,
    configuration_of,
    disk_uses,
    machine,
    machine_uses,
    own_disks,
    template_of,
)
from groundplan.clouds.aws.planned.words import without_price
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.planned import Planned, unstated, used
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import Band

TEMPLATE, CONFIGURATION = "aws_launch_template", "aws_launch_configuration"

WEIGHT = re.compile(r"[1-9][0-9]{0,2}")
"""https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_LaunchTemplateOverrides.html, 1 to 999."""


def _instance(r: Planned, catalog: Catalog) -> Iterable[Use]:
    launch = _own(r)
    if launch.tenancy == "host" or r.text("host_id"):
        yield from disk_uses(launch.disks)
        return
    if r.flag("get_password_data"):
        yield without_price("instance.windows", "hour", "a license of Windows")
    uses = machine_uses(launch, ONE, r, catalog, r.usage("monthly_hrs"))
    yield from (one for one in uses if one.option is None) if _reserved(r) else uses


def _own(r: Planned) -> Launch:
    """What the instance starts with: its own arguments before those of its template."""
    template = template_named(r, "launch_template")
    base = template_of(template) if template else Launch("")
    return Launch(
        r.text("instance_type") or base.instance_type,
        _option(r, base),
        r.flag("monitoring") or (base.monitored and not r.off("monitoring")),
        _public(r, base),
        r.text("tenancy") if r.text("tenancy") not in ("", "default") else base.tenancy,
        r.text("credit_specification", "cpu_credits") or base.credits,
        _merged(base.disks, tuple(own_disks(r))),
    )


def _option(r: Planned, base: Launch) -> PurchaseOption:
    if r.type == "aws_spot_instance_request" or r.text("instance_market_options", "market_type") == "spot":
        return "spot"
    return base.option


def _merged(template: tuple[Disk, ...], own: tuple[Disk, ...]) -> tuple[Disk, ...]:
    """Disks of a template, and those of the instance in the place of what it has under the same name."""
    devices = {disk.device for disk in own}
    return (*(disk for disk in template if disk.device not in devices), *own)


def _public(r: Planned, base: Launch) -> bool:
    """Whether the instance gets an address of its own: one that is attached to it takes its place."""
    if r.referring("aws_eip", "instance") or r.referring("aws_eip_association", "instance_id"):
        return False
    if r.off("associate_public_ip_address"):
        return False
    return r.flag("associate_public_ip_address") or bool(base.public) or subnet_is_public(r, "subnet_id")


def subnet_is_public(r: Planned, *path: str) -> bool:
    """Whether the subnet that the argument names gives what starts in it a public address."""
    subnet = r.referred(*path, of="aws_subnet")
    return subnet is not None and subnet.flag("map_public_ip_on_launch")


def _reserved(r: Planned) -> bool:
    """Whether it runs in a reservation of the same plan, which is billed whether it is used or not."""
    path = ("capacity_reservation_specification", "capacity_reservation_target", "capacity_reservation_id")
    return bool(r.items(path[0])) and r.referred(*path, of="aws_ec2_capacity_reservation") is not None


def template_named(r: Planned, *path: str) -> Planned | None:
    """The launch template of the same plan that the block names."""
    if not r.items(path[0]):
        return None
    r.understood(*path)
    names = ("id", "name", "launch_template_id", "launch_template_name")
    return next((found for name in names if (found := r.referred(*path, name, of=TEMPLATE)) is not None), None)


def _capacity_reservation(r: Planned, _: Catalog) -> Iterable[Use]:
    count = r.number("instance_count")
    machines = Machines(None if count is None else Band.of(count), f"{count} reserved, used or not")
    yield machine(r.text("instance_type"), machines, "on_demand")


def _host(r: Planned, _: Catalog) -> Iterable[Use]:
    name = r.text("instance_family") or r.text("instance_type").partition(".")[0]
    yield without_price(f"instance.host_{name or 'unknown'}", "hour", "a dedicated host")


def _scaling_group(r: Planned, catalog: Catalog) -> Iterable[Use]:
    machines = stated_group(r, r.number("min_size"), r.number("desired_capacity"), r.number("max_size"))
    r.understood("mixed_instances_policy")
    if mixed := r.blocks("mixed_instances_policy"):
        yield from _mixed(mixed[0], machines, r, catalog)
        return
    template, configuration = template_named(r, "launch_template"), r.referred("launch_configuration", of=CONFIGURATION)
    if template is not None:
        yield from machine_uses(_in_subnet(template_of(template), r), machines, r, catalog)
    elif configuration is not None:
        yield from machine_uses(_in_subnet(configuration_of(configuration), r), machines, r, catalog)
    else:
        yield unstated("instance", "hour", "its launch template is not in the plan")


def group(low: Decimal | None, expected: Decimal | None, high: Decimal | None) -> Machines:
    """The machines of a group that scales: from its minimum to its maximum, as it starts expected."""
    expected = low if expected is None else expected
    if expected is None:
        return Machines(None, "the number of machines is known only after apply")
    low, high = min(expected if low is None else low, expected), max(expected if high is None else high, expected)
    return Machines(Band(low, expected, high), f"{expected:f} nodes, {low:f} to {high:f}")


def stated_group(r: Planned, low: Decimal | None, expected: Decimal | None, high: Decimal | None) -> Machines:
    """The machines of a group: as a usage file says, else as the group's bounds do."""
    if (stated := r.usage("instances")) is not None:
        return Machines(stated, f"{stated.expected:f} nodes of the usage file")
    return group(low, expected, high)


def _in_subnet(launch: Launch, r: Planned) -> Launch:
    """The launch with the address that the group's subnet gives where it says nothing itself."""
    return replace(launch, public=subnet_is_public(r, "vpc_zone_identifier")) if launch.public is None else launch


def _mixed(policy: Planned, machines: Machines, r: Planned, catalog: Catalog) -> Iterator[Use]:
    """On demand and spot as the policy shares them, all of the first type that it names."""
    template = template_named(r, "mixed_instances_policy", "launch_template", "launch_template_specification")
    launch = _in_subnet(template_of(template), r) if template else Launch("")
    overrides = [o for part in policy.blocks("launch_template") for o in part.blocks("override")]
    first = next((name for o in overrides if (name := o.text("instance_type"))), launch.instance_type)
    if any(o.items("instance_requirements") for o in overrides):
        first = ""
    weight = next((_weight(o) for o in overrides if o.text("instance_type")), Decimal(1))
    yield from _shared(policy, machines, first, weight)
    if template is None:
        yield unstated("disk", "gib_month", "its launch template is not in the plan")
        return
    rest = machine_uses(replace(launch, instance_type=first), _of_weight(machines, weight), r, catalog)
    yield from (one for one in rest if one.option is None and one.item != "instance")


def _weight(override: Planned) -> Decimal:
    """How many units of the group's capacity a machine is: the bounds of such a group count units."""
    text = override.text("weighted_capacity")
    return Decimal(text) if WEIGHT.fullmatch(text) else Decimal(1)


def _of_weight(units: Machines, weight: Decimal) -> Machines:
    """The machines that so many units of capacity take."""
    if weight == 1 or units.count is None:
        return units
    words = f"{units.words}, in units of which a machine is {weight:f}"
    return Machines(units.count.each(lambda n: Decimal(math.ceil(n / weight))), words)


def _shared(policy: Planned, machines: Machines, name: str, weight: Decimal) -> Iterator[Use]:
    """The machines by how they are bought, without a line for what there is none of."""
    on_demand, spot = (_of_weight(share, weight) for share in _shares(policy, machines))
    if on_demand.count is None or on_demand.count.high:
        yield machine(name, on_demand, "on_demand")
    if spot.count is not None and spot.count.high:
        yield machine(name, spot, "spot")


def _shares(policy: Planned, machines: Machines) -> tuple[Machines, Machines]:
    """Of the machines those on demand, and those on spot: https://docs.aws.amazon.com/autoscaling/ec2/APIReference/API_InstancesDistribution.html."""
    base = policy.number("instances_distribution", "on_demand_base_capacity") or Decimal(0)
    above = policy.number("instances_distribution", "on_demand_percentage_above_base_capacity")
    part = (Decimal(100) if above is None else min(above, Decimal(100))) / 100
    if machines.count is None:
        return machines, machines
    kept = machines.count.each(lambda n: min(n, base) + max(n - base, Decimal(0)) * part)
    rest = machines.count.each(lambda n: max(n - base, Decimal(0)) * (1 - part))
    return Machines(kept, f"{machines.words}, on demand"), Machines(rest, f"{machines.words}, on spot")


def _volume(r: Planned, _: Catalog) -> Iterable[Use]:
    yield from disk_uses([Disk.of(r, size="size")])


def _image(r: Planned, _: Catalog) -> Iterable[Use]:
    """An image of its own is snapshots; of a snapshot that is there already it is none."""
    if r.type != "aws_ami" or not any(disk.text("snapshot_id") for disk in r.blocks("ebs_block_device")):
        yield BILLING.snapshot(used("the snapshots of its disks"))


def _snapshot(r: Planned, _: Catalog) -> Iterable[Use]:
    size = r.number("volume_size")
    volume = r.referred("volume_id", of="aws_ebs_volume")
    gib = size if size is not None or volume is None else volume.number("size")
    if gib is None:
        yield BILLING.snapshot(used("the size of the volume is known only after apply"))
    else:
        yield BILLING.snapshot(Amount(Band(Decimal(0), gib, gib), f"at most the {gib:f} GiB of the volume"))


USES = {
    "aws_ami": _image,
    "aws_ami_copy": _image,
    "aws_ami_from_instance": _image,
    "aws_autoscaling_group": _scaling_group,
    "aws_ebs_snapshot": _snapshot,
    "aws_ebs_snapshot_copy": _snapshot,
    "aws_ebs_volume": _volume,
    "aws_ec2_capacity_reservation": _capacity_reservation,
    "aws_ec2_host": _host,
    "aws_instance": _instance,
    "aws_spot_instance_request": _instance,
}
