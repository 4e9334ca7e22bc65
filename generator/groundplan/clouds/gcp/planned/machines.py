"""Virtual machines: what every resource that starts some has in common."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from types import MappingProxyType

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use, use
from groundplan.clouds.gcp.billing import BILLING
from groundplan.clouds.gcp.facts import LOCAL_SSD_GIB
from groundplan.clouds.gcp.planned.disks import each_gib
from groundplan.clouds.gcp.planned.places import last, whole
from groundplan.clouds.planned import Planned, unstated
from groundplan.prices.book import PurchaseOption

WITH_GPUS = re.compile(r"(a2|a3|a4|a4x|g2|g4)-")
"""Machines whose name says their GPUs and whose price includes them:
https://docs.cloud.google.com/compute/docs/accelerator-optimized-machines."""
OTHER_MODELS: Mapping[str, str] = MappingProxyType(
    {"FLEX_START": "flex_start", "RESERVATION_BOUND": "reservation_bound"}
)
"""Provisioning models with prices of their own: https://docs.cloud.google.com/compute/docs/instances/provisioning-models."""
LICENSES: Mapping[str, str] = MappingProxyType(
    {
        "rhel-cloud": "license.rhel",
        "rhel-sap-cloud": "license.rhel_sap",
        "suse-cloud": "license.sles",
        "suse-sap-cloud": "license.sles_sap",
        "ubuntu-os-pro-cloud": "license.ubuntu_pro",
        "windows-cloud": "license.windows",
        "windows-sql-cloud": "license.sql_server",
    }
)
"""What a premium image adds, by the project that it is in:
https://docs.cloud.google.com/compute/docs/images/premium and https://cloud.google.com/compute/disks-image-pricing."""
STEPS: Mapping[str, tuple[tuple[int, str], ...]] = MappingProxyType(
    {
        "license.rhel": ((128, "_large"), (9, "_medium"), (1, "_small")),
        "license.rhel_sap": ((128, "_large"), (9, "_medium"), (1, "_small")),
        "license.sles_sap": ((5, "_large"), (3, "_medium"), (1, "_small")),
    }
)
"""Licenses with prices by size: from how many vCPUs on."""
FLAT = ("license.sles", "license.sles_sap")
"""Billed by the machine, not by its vCPUs."""
SHARED = {"e2-micro": Decimal("0.25"), "e2-small": Decimal("0.5"), "e2-medium": Decimal(1)}
"""vCPUs for which machines that share theirs pay licenses."""
TPU_MACHINE = re.compile(r"(ct5lp-hightpu|ct5p-hightpu|ct6e-standard)-([0-9]{1,3})t")
TPU_KINDS = {"ct5lp-hightpu": ("v5litepod", 1), "ct5p-hightpu": ("v5p", 2), "ct6e-standard": ("v6e", 1)}
"""TPUs of machines for GKE by their chips, of which v5p has two cores each, as its names count them:
https://docs.cloud.google.com/kubernetes-engine/docs/concepts/tpus."""
IMAGE_PROJECT = re.compile(r"(?:.*projects/)?([a-z0-9-]+)/.*")


@dataclass(frozen=True, slots=True)
class Machines:
    """Machines of one type by their hours, and how they are bought."""

    name: str
    hours: Amount
    option: PurchaseOption = "on_demand"

    def times(self, count: Decimal | int, words: str) -> Amount:
        """The hours of so many things that each has."""
        return Amount(self.hours.band and self.hours.band.times(count), words)


def option_of(r: Planned, *block: str) -> PurchaseOption:
    """Spot where any of the words for it is there."""
    models = (r.text(*block, "provisioning_model"), r.text(*block, "scheduling", "provisioning_model"))
    flags = [r.flag(*block, key) for key in ("spot", "preemptible")] + [r.flag(*block, "scheduling", "preemptible")]
    return "spot" if "SPOT" in models or any(flags) else "on_demand"


def machines(r: Planned, catalog: Catalog, of: Machines, gpus: str = "guest_accelerator") -> Iterator[Use]:
    """Machines with the GPUs that the block attaches to them under `gpus`."""
    name = of.name
    if not name:
        yield unstated("instance", "hour", "the machine type is known only after apply")
        return
    ending = "_spot" if of.option == "spot" else ""
    if tpus := TPU_MACHINE.fullmatch(name):
        kind, each = TPU_KINDS[tpus[1]]
        count = int(tpus[2]) * each
        yield use(f"tpu.{kind}{ending}", "hour", of.times(count, f"{count} for each {name}"))
        return
    attached = _gpus(r, gpus)
    if WITH_GPUS.match(name):
        attached = []
    if len(attached) == 1 and catalog.instance(whole := "{0}+{2:f}x{1}".format(name, *attached[0])):
        attached, name = [], whole
    if other := OTHER_MODELS.get(r.text("scheduling", "provisioning_model")):
        yield use(f"{name}.{other}", "hour", of.hours)
    else:
        steady = of.hours.band.low if of.hours.band is not None and of.option == "on_demand" else Decimal(0)
        yield BILLING.machine(name, of.hours, of.option, steady)
    for model, number in attached:
        yield use(
            f"gpu.{model}{'_spot' if of.option == 'spot' else ''}",
            "hour",
            of.times(number, f"{number:f} attached to each {name}"),
        )


def _gpus(r: Planned, name: str) -> list[tuple[str, Decimal]]:
    """Models, in the words of the catalog, and how many of each; one where a number is known only after apply."""
    found = []
    for block in r.blocks(name):
        model = last(block.text("type") or block.text("accelerator_type")).lower().replace("_", "-")
        counts = [whole(block, key) for key in ("count", "accelerator_count", "core_count")]
        count = next((one for one in counts if one is not None), Decimal(1))
        if model and count:
            found.append((model.removeprefix("nvidia-").removeprefix("tesla-"), count))
    return found


def local_ssds(catalog: Catalog, of: Machines, gib: Decimal) -> Iterator[Use]:
    """Those attached to machines; what comes with a type is in its price."""
    machine = catalog.instance(of.name)
    if gib and of.hours.band is not None and not (machine is not None and machine.local_storage_gib):
        yield BILLING.local_ssd(each_gib(of.hours, gib))


def scratch_gib(disks: list[Planned], size: str) -> Decimal:
    """GiB of scratch disks, which are local SSDs."""
    return sum((disk.number(size) or Decimal(LOCAL_SSD_GIB) for disk in disks), Decimal(0))


def license_of(catalog: Catalog, of: Machines, image: str) -> Iterator[Use]:
    """The license that comes with a premium image."""
    project = found[1] if (found := IMAGE_PROJECT.fullmatch(image)) else ""
    if item := LICENSES.get(project):
        yield licensed(catalog, of, item, f"the image {last(image)}")


def licensed(catalog: Catalog, of: Machines, item: str, words: str) -> Use:
    """A license for machines, by their vCPUs or by their number."""
    machine = catalog.instance(of.name)
    if machine is None:
        return use(item, "vcpu_hour", Amount(None, words))
    ending = next((name for least, name in STEPS.get(item, ()) if machine.vcpus >= least), "")
    if item in FLAT:
        return use(f"{item}{ending}", "hour", of.times(1, words))
    return use(f"{item}{ending}", "vcpu_hour", of.times(SHARED.get(of.name, Decimal(machine.vcpus)), words))


def vcpu_hours(catalog: Catalog, of: Machines, words: str) -> Amount:
    """What is billed by the vCPU besides the machine."""
    machine = catalog.instance(of.name)
    return Amount(None, words) if machine is None else of.times(machine.vcpus, words)


def addresses(count: int, of: Machines) -> Iterator[Use]:
    """External addresses of each machine, which cost less on spot."""
    if count > 0:
        words = f"{of.hours.words}, {count} each" if count > 1 else of.hours.words
        yield BILLING.machine_address(of.times(count, words), spot=of.option == "spot")


def interfaces(r: Planned, *, name: str = "network_interface") -> int:
    """External IPv4 addresses of a machine's interfaces."""
    return sum(len(interface.items("access_config")) for interface in r.blocks(name))
