"""Compute Engine: machines and disks.

Google sells machines in parts: an hour of a vCPU, of a GiB of memory, of a GPU, of local SSD. What a machine costs is
the sum of its parts.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from groundplan.catalog.catalog import InstanceType
from groundplan.clouds.gcp.refresh.catalog import Catalog
from groundplan.clouds.gcp.refresh.items import SOURCE, Items
from groundplan.clouds.gcp.refresh.parts import Key, part_of
from groundplan.clouds.gcp.refresh.skus import OPTIONS, rates_of
from groundplan.clouds.gcp.refresh.units import factor
from groundplan.prices.book import Option
from groundplan.prices.fresh import KIND_OF, Answer, FreshPrice, Kind, Question, Unmapped, Wanted
from groundplan.quantities import millionths

COMPUTE_ENGINE = "Compute Engine"
MEASURES = {"core": "h", "ram": "GiBy.h", "gpu": "h", "ssd": "GiBy.h"}
"""An hour of each part, in the catalog's units."""
BILLED_AS = {
    "a3-megagpu": ("a3plus", "h100-mega"),
    "a3-ultragpu": ("a3ultra", "h200"),
    "a4-highgpu": (None, "b200-slice"),
}
"""Family and GPU of machines that are billed otherwise than called; a slice of an A4 holds its cores and memory."""
SHARED_CORES = {"e2-micro": Decimal("0.25"), "e2-small": Decimal("0.5"), "e2-medium": Decimal(1)}
"""vCPUs that are billed of machines that have two in part: https://cloud.google.com/compute/vm-instance-pricing."""

Rate = Mapping[tuple[str, Option, Key], Mapping[Decimal, str]]
"""What an hour of a part costs, by region and option: one price where it is certain, with the SKU that states it."""


def compute_question(catalog: Catalog, wanted: Wanted) -> list[Question]:
    """What machines and the items of Compute Engine cost, in all regions."""
    machines = any(wanted.machines(region) for region in wanted.regions)
    items = Items(wanted, COMPUTE_ENGINE).names
    asked: frozenset[Kind] = frozenset(kind for kind in wanted.kinds if (items if kind == "items" else machines))
    if not asked:
        return []

    def answer() -> Answer:
        found = Items(wanted, COMPUTE_ENGINE)
        parts: dict[tuple[str, Option, Key], dict[Decimal, str]] = defaultdict(dict)
        for sku in catalog.skus(COMPUTE_ENGINE):
            found.take(sku)
            _take_part(sku, parts, wanted)
        of_items = found.answer()
        prices = (*machine_prices(parts, wanted), *of_items.prices)
        return Answer(prices, (*without_price(parts, wanted), *of_items.unmapped))

    return [Question(f"SKUs of {COMPUTE_ENGINE} in the Cloud Billing Catalog", "", asked, answer, items)]


Parts = dict[tuple[str, Option, Key], dict[Decimal, str]]


def _take_part(sku: Any, parts: Parts, wanted: Wanted) -> None:
    option = OPTIONS.get(sku.category.usage_type)
    regions = set(wanted.regions).intersection(sku.service_regions)
    key = part_of(sku.description, option) if option and regions else None
    if option is None or key is None:
        return
    rates = rates_of(sku, wanted.now)
    per = factor(rates.unit, MEASURES[key[0]])
    if per is None or not rates.paid:
        return
    for region in regions:
        parts[region, option, key].setdefault(rates.paid[-1].usd * per, sku.sku_id)


def parts_of(machine: InstanceType) -> dict[Key, Decimal]:
    """How much of each part a machine has."""
    prefix = machine.name.rpartition("-")[0]
    family, gpu = BILLED_AS.get(prefix, (machine.family, machine.gpu_type))
    parts: dict[Key, Decimal] = {}
    if family:
        parts["core", family] = SHARED_CORES.get(machine.name, Decimal(machine.vcpus))
        parts["ram", family] = machine.memory_gib
    if gpu:
        parts["gpu", gpu] = Decimal(machine.gpu_count)
    if machine.local_storage_gib and family:
        parts["ssd", family] = Decimal(machine.local_storage_gib)
    return parts


def _sum(machine: InstanceType, region: str, option: Option, rates: Rate) -> Decimal | Unmapped:
    """A machine's price, or why it has none."""
    total = Decimal(0)
    for key, amount in parts_of(machine).items():
        found = rates.get((region, option, key))
        if found is None and key[0] == "ssd":
            found = rates.get((region, option, ("ssd", "")))
        if not found:
            return Unmapped(machine.name, f"no SKU of its {key[0]} ({key[1]})", region)
        if len(found) > 1:
            return _several(machine.name, region, key, found)
        total += next(iter(found)) * amount
    return millionths(total)


def _several(name: str, region: str, key: Key, found: Mapping[Decimal, str]) -> Unmapped:
    stated = ", ".join(f"${usd.normalize():f} ({sku})" for usd, sku in sorted(found.items()))
    return Unmapped(name, f"several SKUs that differ, of its {key[0]} ({key[1]}): {stated}", region, ambiguous=True)


def machine_prices(rates: Rate, wanted: Wanted) -> Iterator[FreshPrice]:
    """The sums of the parts, of every machine that has all of them."""
    for region, machine, option in _sales(wanted, OPTIONS.values()):
        usd = _sum(machine, region, option, rates)
        if isinstance(usd, Decimal) and usd > 0:
            yield FreshPrice(region, machine.name, option, "hour", SOURCE, usd)


def without_price(rates: Rate, wanted: Wanted) -> Iterator[Unmapped]:
    """Machines without a price on demand, and those that have several prices in any way."""
    for region, machine, option in _sales(wanted, OPTIONS.values()):
        missing = _sum(machine, region, option, rates)
        if isinstance(missing, Unmapped) and (missing.ambiguous or option == "on_demand"):
            yield missing if option == "on_demand" else replace(missing, reason=f"{option}: {missing.reason}")


def _sales(wanted: Wanted, options: Iterable[Option]) -> Iterator[tuple[str, InstanceType, Option]]:
    for region in wanted.regions:
        for machine in wanted.machines(region):
            for option in options:
                if KIND_OF[option] in wanted.kinds:
                    yield region, machine, option
