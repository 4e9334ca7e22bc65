"""Compute Engine: machines, groups of them, and what is reserved for them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.planned.disks import boot_disk, default_kind
from groundplan.clouds.gcp.planned.machines import (
    Machines,
    addresses,
    interfaces,
    license_of,
    local_ssds,
    machines,
    option_of,
    scratch_gib,
)
from groundplan.clouds.gcp.planned.places import last
from groundplan.clouds.planned import Planned, Uses, nodes, unstated, used
from groundplan.quantities import Band

ALWAYS = Amount.around_the_clock()
NEVER = Amount(Band.of(0), "stopped")
STOPPED = ("TERMINATED", "STOPPED", "SUSPENDED")
TEMPLATES = ("google_compute_instance_template", "google_compute_region_instance_template")
AUTOSCALERS = ("google_compute_autoscaler", "google_compute_region_autoscaler")


def instance(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """One machine, its boot disk, local SSDs and external addresses; attached disks are resources of their own."""
    of = Machines(last(r.text("machine_type")), _instance_hours(r), option_of(r))
    if of.hours is not NEVER:
        yield from machines(r, catalog, of)
        yield from local_ssds(catalog, of, scratch_gib(r.blocks("scratch_disk"), "size"))
        held = r.referred("network_interface", "access_config", "nat_ip", of="google_compute_address")
        yield from addresses(interfaces(r) - bool(held), of)
    if r.text("desired_status") == "SUSPENDED":
        yield unstated("instance.suspended_memory", "gib_month", "the memory of a suspended machine is kept")
    yield from _boot_disk(r, catalog, of)


def _instance_hours(r: Planned) -> Amount:
    hours = r.usage("monthly_hrs")
    if r.text("desired_status") in STOPPED:
        return NEVER
    return ALWAYS if hours is None else Amount(hours, "hours of the usage file")


def _boot_disk(r: Planned, catalog: Catalog, of: Machines) -> Iterator[Use]:
    """The disk that is made with the machine; one that exists, or is a resource, is not counted twice."""
    for boot in r.blocks("boot_disk")[:1]:
        new = boot.blocks("initialize_params")
        if not new and (boot.text("source") or boot.referred("source", of="google_compute_disk")):
            return
        params = new[0] if new else boot
        kind = last(params.text("type")) or default_kind(of.name)
        yield from boot_disk(params, kind, params.number("size"), ALWAYS)
        yield from license_of(catalog, of, params.text("image"))


def group(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Machines of a managed group by its template, as many as its autoscaler or its target size says."""
    hours = _group_hours(r)
    template = _template(r)
    if template is None:
        yield unstated("instance", "hour", "the instance template is not in the plan")
        return
    yield from from_template(template, catalog, hours)


def _template(r: Planned, *path: str) -> Planned | None:
    """The template, global or regional, that the argument refers to."""
    where = path or ("version", "instance_template")
    return next(filter(None, (r.referred(*where, of=type_) for type_ in TEMPLATES)), None)


def _group_hours(r: Planned) -> Amount:
    """Of all its zones together: https://docs.cloud.google.com/compute/docs/instance-groups/regional-migs."""
    for type_ in AUTOSCALERS:
        for scaler in r.referring(type_, "target"):
            least = scaler.number("autoscaling_policy", "min_replicas")
            return nodes(least, least, scaler.number("autoscaling_policy", "max_replicas"))
    size = r.number("target_size")
    return used("the number of machines is known only after apply") if size is None else nodes(size, size, size)


def from_template(template: Planned, catalog: Catalog, hours: Amount) -> Iterator[Use]:
    """What machines made from a template use."""
    of = Machines(last(template.text("machine_type")), hours, option_of(template))
    yield from machines(template, catalog, of)
    disks = template.blocks("disk")
    scratch = [disk for disk in disks if _is_scratch(disk)]
    yield from local_ssds(catalog, of, scratch_gib(scratch, "disk_size_gb"))
    for disk in disks:
        if _is_scratch(disk) or disk.text("source"):
            continue
        kind = last(disk.text("disk_type")) or default_kind(of.name)
        yield from boot_disk(disk, kind, disk.number("disk_size_gb"), hours)
        yield from license_of(catalog, of, disk.text("source_image"))
    yield from addresses(interfaces(template), of)


def _is_scratch(disk: Planned) -> bool:
    return disk.text("type") == "SCRATCH" or disk.text("disk_type") == "local-ssd"


def from_template_instance(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """One machine made from a template of the plan."""
    template = _template(r, "source_instance_template")
    if template is None:
        yield unstated("instance", "hour", "the instance template is not in the plan")
        return
    yield from from_template(template, catalog, ALWAYS)


def reservation(r: Planned, catalog: Catalog) -> Iterable[Use]:
    """Reserved machines are billed whether they run or not:
    https://docs.cloud.google.com/compute/docs/instances/reservations-overview#how-reservations-are-billed."""
    count = r.number("specific_reservation", "count")
    reserved = next(iter(r.blocks("specific_reservation")), r)
    made = next(iter(reserved.blocks("instance_properties")), None)
    if count is None or made is None:
        yield unstated("reservation", "hour", "what is reserved is not stated")
        return
    hours = Amount.around_the_clock(f"{count:f} reserved; machines that use them are counted again", count)
    of = Machines(last(made.text("machine_type")), hours)
    yield from machines(made, catalog, of, "guest_accelerators")
    yield from local_ssds(catalog, of, scratch_gib(made.blocks("local_ssds"), "disk_size_gb"))


def sole_tenant(r: Planned, _: Catalog) -> Iterable[Use]:
    """Nodes of a group for one tenant, by the node type of its template."""
    template = r.referred("node_template", of="google_compute_node_template")
    kind = template.text("node_type") if template else ""
    least, most = r.number("autoscaling_policy", "min_nodes"), r.number("autoscaling_policy", "max_nodes")
    size = r.number("initial_size") or r.number("size")
    yield use(f"sole_tenant.{kind or 'node'}", "hour", nodes(least or size, size or least, most))


def commitment(r: Planned, _: Catalog) -> Iterable[Use]:
    """A contract for a year or three, which is paid whether it is used or not."""
    term = "3y" if r.text("plan") == "THIRTY_SIX_MONTH" else "1y"
    for resource in r.blocks("resources"):
        count = resource.number("amount")
        if count is None:
            yield unstated(f"commitment_{term}", "hour", "what is committed to is known only after apply")
            continue
        what = (resource.text("accelerator_type") or resource.text("type")).rpartition("/")[2].lower()
        hours = Amount.around_the_clock(f"{count:f} {what}, used or not", count)
        yield use(f"commitment_{term}.{r.text('type').lower() or 'general_purpose'}.{what}", "hour", hours)
    if not r.items("resources"):
        yield unstated(f"commitment_{term}", "hour", "what is committed to is known only after apply")


USES: Mapping[str, Uses] = {
    "google_compute_commitment": commitment,
    "google_compute_instance": instance,
    "google_compute_instance_from_template": from_template_instance,
    "google_compute_instance_group_manager": group,
    "google_compute_node_group": sole_tenant,
    "google_compute_region_commitment": commitment,
    "google_compute_region_instance_group_manager": group,
    "google_compute_reservation": reservation,
}
