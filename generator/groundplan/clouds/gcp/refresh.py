"""Prices as Google Cloud states them today: the SKUs of Compute Engine in the Cloud Billing Catalog; reading only.

Google sells machines in parts: an hour of a vCPU, of a GiB of memory, of a GPU, of local SSD. What a machine costs is
the sum of its parts.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeVar

from groundplan.catalog.catalog import InstanceType
from groundplan.preflight.model import UnreachableError
from groundplan.prices.book import Option
from groundplan.prices.fresh import Fresh, FreshPrice, Refusal, Unmapped, Wanted
from groundplan.quantities import HOURS_PER_MONTH, millionths

COMPUTE_ENGINE = "services/6F81-5844-456A"
PAGE_SIZE = 5000
TIMEOUT_SECONDS = 120
SOURCE = "Cloud Billing Catalog"
"""What Google divides a month's price by: https://cloud.google.com/compute/disks-image-pricing."""

OPTIONS: dict[str, Option] = {
    "OnDemand": "on_demand",
    "Preemptible": "spot",
    "Commit1Yr": "commit_1y",
    "Commit3Yr": "commit_3y",
}
"""Purchase options by the usage type of a SKU."""
PREFIX = re.compile(r"^(?:Spot Preemptible |Commitment v\d: |Commitment: )")
MACHINE = re.compile(r"^(?P<stem>.*?) ?(?:Instance )?(?P<part>Core|Cpu|Ram) (?:running )?in ")
GPU = re.compile(r"^(?P<model>.+?)(?: GPU)?(?: attached to Spot Preemptible VMs)? (?:running )?in ")
LOCAL_SSD = re.compile(
    r"^(?:(?P<family>C\d[A-Z]?) Instance Local SSD|SSD backed Local Storage|Local SSD)"
    r"(?: attached to Spot Preemptible VMs)?(?: running)?(?: in .*)?$"
)
STEMS = {"N1 Predefined": "n1", "Compute optimized": "c2"}
"""Families whose SKUs are not called after them."""
COMMITTED_N1 = ""
"""A commitment to the cores and memory of N1 names no family: `Commitment v1: Cpu in …`."""
GPUS = {
    "Nvidia Tesla T4": "t4",
    "Nvidia Tesla V100": "v100",
    "Nvidia Tesla P100": "p100",
    "Nvidia Tesla P4": "p4",
    "Nvidia L4": "l4",
    "Nvidia Tesla A100": "a100",
    "Nvidia Tesla A100 80GB": "a100-80",
    "Nvidia A100 80GB": "a100-80",
    "Nvidia H100 80GB": "h100",
    "Nvidia H100 80GB Mega": "h100-mega",
    "Nvidia H100 80GB Plus": "h100-mega",
    "Nvidia H200 141GB": "h200",
    "H200 141GB": "h200",
    "RTX 6000 96GB": "rtx-pro-6000",
    "A4 Nvidia B200 (1 gpu slice)": "b200-slice",
}
"""GPUs by the description of their SKU."""
BILLED_AS = {
    "a3-megagpu": ("a3plus", "h100-mega"),
    "a3-ultragpu": ("a3ultra", "h200"),
    "a4-highgpu": (None, "b200-slice"),
}
"""Family and GPU of machines that are billed otherwise than called; a slice of an A4 holds its cores and memory."""
SHARED_CORES = {"e2-micro": Decimal("0.25"), "e2-small": Decimal("0.5"), "e2-medium": Decimal(1)}
"""vCPUs that are billed of machines that have two in part: https://cloud.google.com/compute/vm-instance-pricing."""
ITEMS = {
    "Balanced PD Capacity": ("disk.general", "gib_month"),
    "SSD backed PD Capacity": ("disk.ssd", "gib_month"),
    "SSD backed Local Storage": ("disk.local", "gib_month"),
    "NAT Gateway: Data processing charge": ("network.nat_data", "gib"),
}
"""Items by the description of their SKU, which may end with ` in` and a place; the others are of other services."""
ITEM_UNITS = {"gib_month": "GiBy.mo", "gib": "GiBy"}

K = TypeVar("K")
Key = tuple[str, str]
"""A part of a machine: `core`, `ram` and `ssd` of a family, `gpu` of a model."""


@dataclass(frozen=True, slots=True)
class Rates:
    """What parts cost an hour, by region, option and part, and what items cost, by item and region."""

    parts: Mapping[tuple[str, Option, Key], Decimal]
    items: Mapping[tuple[str, str], Decimal]


def refresh(wanted: Wanted) -> Fresh:
    """What the Cloud Billing Catalog answers to the application default credentials."""
    import google.auth
    from google.auth.exceptions import GoogleAuthError
    from google.cloud import billing_v1

    try:
        credentials, _ = google.auth.default(scopes=["https://www.googleapis.com/auth/cloud-platform"])
    except GoogleAuthError as error:
        hint = "log in with `gcloud auth application-default login`, or give the runner a service account"
        raise UnreachableError(f"no Google Cloud credentials were found: {error}", hint) from None
    return read(billing_v1.CloudCatalogClient(credentials=credentials, transport="rest"), wanted)


def read(client: Any, wanted: Wanted) -> Fresh:
    """The prices that `client` states; a refusal ends the reading, and what was read before it counts for nothing."""
    from google.api_core.exceptions import GoogleAPIError
    from google.auth.exceptions import GoogleAuthError

    skus: list[Any] = []
    try:
        request = {"parent": COMPUTE_ENGINE, "page_size": PAGE_SIZE, "currency_code": "USD"}
        skus += client.list_skus(request=request, retry=_retry(), timeout=TIMEOUT_SECONDS)
    except (GoogleAPIError, GoogleAuthError, OSError) as error:
        hint = "enable cloudbilling.googleapis.com in the caller's project, or retry later"
        question = "SKUs of Compute Engine in the Cloud Billing Catalog"
        return Fresh((), refused=(Refusal(question, str(error), hint),))
    rates = rates_of(skus, wanted.regions)
    prices = [*_machines(rates, wanted), *_items(rates, wanted)]
    return Fresh(tuple(prices), tuple(_unmapped(rates, wanted)))


def _retry() -> Any:
    """Waits and asks again while the catalog is busy, for a minute at the most."""
    from google.api_core import exceptions, retry

    busy = retry.if_exception_type(exceptions.TooManyRequests, exceptions.ServiceUnavailable)
    return retry.Retry(predicate=busy, initial=0.5, maximum=10, timeout=60)


def rates_of(skus: Iterable[Any], regions: Iterable[str]) -> Rates:
    """What the SKUs say about the regions; SKUs of anything else are passed over."""
    wanted = set(regions)
    parts: dict[tuple[str, Option, Key], set[Decimal]] = defaultdict(set)
    items: dict[tuple[str, str], set[Decimal]] = defaultdict(set)
    for sku in skus:
        found = wanted.intersection(sku.service_regions)
        option = OPTIONS.get(sku.category.usage_type)
        if not found or option is None:
            continue
        unit, usd = _unit_price(sku)
        if usd <= 0:
            continue
        key, hourly = _part(sku.description, option), _an_hour(unit, usd)
        item = _item(sku.description, unit) if option == "on_demand" else None
        for region in found:
            if key and hourly:
                parts[region, option, key].add(hourly)
            if item:
                items[item, region].add(usd)
    return Rates(_certain(parts), _certain(items))


def _certain(found: Mapping[K, set[Decimal]]) -> dict[K, Decimal]:
    """What every SKU of a thing says alike; where they differ nobody knows which is meant."""
    return {key: next(iter(amounts)) for key, amounts in found.items() if len(amounts) == 1}


def _unit_price(sku: Any) -> tuple[str, Decimal]:
    """Unit and price of the last tier of the newest price; zero without one in dollars."""
    if not sku.pricing_info:
        return "", Decimal(0)
    expression = sku.pricing_info[-1].pricing_expression
    if not expression.tiered_rates:
        return "", Decimal(0)
    money = expression.tiered_rates[-1].unit_price
    if money.currency_code != "USD":
        return "", Decimal(0)
    return expression.usage_unit, Decimal(money.units) + Decimal(money.nanos) / 1_000_000_000


def _an_hour(unit: str, usd: Decimal) -> Decimal | None:
    if unit in ("h", "GiBy.h"):
        return usd
    return usd / HOURS_PER_MONTH if unit == "GiBy.mo" else None


def _part(description: str, option: Option) -> Key | None:
    """The part of a machine that a SKU is, or None."""
    text = PREFIX.sub("", description)
    ssd = LOCAL_SSD.match(text)
    if ssd:
        return "ssd", (ssd["family"] or "").lower()
    machine = MACHINE.match(text)
    if machine:
        family = _family(machine["stem"], option)
        return ("ram" if machine["part"] == "Ram" else "core", family) if family else None
    gpu = GPU.match(text)
    model = GPUS.get(gpu["model"]) if gpu else None
    return ("gpu", model) if model else None


def _family(stem: str, option: Option) -> str | None:
    if stem == COMMITTED_N1:
        return "n1" if option.startswith("commit") else None
    short = stem.removesuffix(" AMD").removesuffix(" Arm")
    return STEMS.get(stem) or (short.lower() if re.fullmatch(r"[A-Z]\d[A-Z]?|A3Plus|A3Ultra", short) else None)


def _item(description: str, unit: str) -> str | None:
    item, own_unit = ITEMS.get(description.partition(" in ")[0], (None, ""))
    return item if item and ITEM_UNITS[own_unit] == unit else None


def _parts_of(machine: InstanceType) -> dict[Key, Decimal]:
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


def _sum(machine: InstanceType, region: str, option: Option, rates: Rates) -> Decimal | Key:
    """A machine's price, or the part that has none."""
    total = Decimal(0)
    for key, amount in _parts_of(machine).items():
        rate = rates.parts.get((region, option, key))
        if rate is None and key[0] == "ssd":
            rate = rates.parts.get((region, option, ("ssd", "")))
        if rate is None:
            return key
        total += rate * amount
    return millionths(total)


def _machines(rates: Rates, wanted: Wanted) -> Iterator[FreshPrice]:
    for region in wanted.regions:
        for machine in wanted.catalog.offered(region):
            for option in OPTIONS.values():
                usd = _sum(machine, region, option, rates)
                if isinstance(usd, Decimal) and usd > 0:
                    yield FreshPrice(region, machine.name, option, "hour", SOURCE, usd)


def _items(rates: Rates, wanted: Wanted) -> Iterator[FreshPrice]:
    for (item, region), usd in rates.items.items():
        if item in wanted.units:
            yield FreshPrice(region, item, "list", wanted.units[item], SOURCE, usd)


def _unmapped(rates: Rates, wanted: Wanted) -> Iterator[Unmapped]:
    for region in wanted.regions:
        for machine in wanted.catalog.offered(region):
            missing = _sum(machine, region, "on_demand", rates)
            if isinstance(missing, tuple):
                yield Unmapped(
                    machine.name, f"no SKU, or several that differ, of its {missing[0]} ({missing[1]})", region
                )
    found = {item for item, _ in rates.items}
    for item in wanted.units:
        if item not in found:
            yield Unmapped(item, "it is none of the SKUs of Compute Engine that groundplan knows")
