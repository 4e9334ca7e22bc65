"""The choice of machine types in every region of every cloud, against a search that shares no code with it."""

from __future__ import annotations

import random
import re
from decimal import Decimal
from functools import cache
from typing import Any, get_args

import pytest

from groundplan.catalog.catalog import InstanceType
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.prices.book import PurchaseOption
from groundplan.stack.model import Capacity
from groundplan.stack.purchase import Buying, Duty, Market
from groundplan.stack.selection import Needs, Selection, select

HOURS = Decimal(730)
PURCHASE_OPTIONS: tuple[Any, ...] = (*get_args(Capacity), "commit_1y", "commit_3y")
TRIALS = 25


@cache
def cloud_of(name: str) -> Cloud:
    cloud = find_cloud(name)
    assert cloud is not None
    return cloud


PLACES = [(name, region) for name in CLOUDS for region in sorted(cloud_of(name).catalog.regions)]


def draw(dice: random.Random, gpus: list[str]) -> tuple[Needs, Duty]:
    gpu = dice.random() < 0.5 and bool(gpus)
    needs = Needs(
        vcpus=dice.choice([0, 2, 4, 8, 12, 32, 96]),
        memory_gib=dice.choice([0, 4, 15, 32, 64, 256, 1000]),
        architecture=dice.choice(["x86_64", "x86_64", "arm64"]),
        gpu_count=dice.choice([1, 1, 2, 4, 8]) if gpu else 0,
        gpu_type=dice.choice(gpus) if gpu and dice.random() < 0.3 else None,
        gpu_memory_gib=dice.choice([0, 16, 24, 40, 80]) if gpu else 0,
        gpu_total_memory_gib=dice.choice([0, 0, 48, 160, 640]) if gpu else 0,
        local_storage_gib=dice.choice([0, 0, 0, 300, 4000]),
        burstable=dice.random() < 0.2,
    )
    always, most = dice.choice([(0, 1), (0, 4), (1, 1), (2, 8)])
    above = Decimal(dice.choice([0, 10, 160, 700])) * (most - always)
    return needs, Duty(always, most, above, all_or_always=dice.random() < 0.5)


def satisfies(i: InstanceType, needs: Needs) -> bool:
    wanted = (needs.vcpus, needs.memory_gib, needs.local_storage_gib, needs.gpu_count)
    if not all(a >= b for a, b in zip((i.vcpus, i.memory_gib, i.local_storage_gib, i.gpu_count), wanted, strict=True)):
        return False
    if (i.gpu_count > 0) != (needs.gpu_count > 0) or (i.burstable and not needs.burstable):
        return False
    if i.gpu_count and (i.gpu_manufacturer != "nvidia" or needs.gpu_type not in (None, i.gpu_type)):
        return False
    enough = i.gpu_memory_gib >= needs.gpu_memory_gib and i.gpu_memory_gib * i.gpu_count >= needs.gpu_total_memory_gib
    return enough and i.architecture == needs.architecture


def dollars_a_month(usd: dict[str, Decimal], way: str, duty: Duty, factor: Decimal) -> Decimal | None:
    """The bill of the pool in an expected month; of one hour, for a pool that never runs."""
    full, always, hours = usd.get("on_demand"), duty.nodes_always * HOURS, duty.hours or Decimal(1)
    if way == "spot":
        return usd["spot"] * hours if "spot" in usd else None
    if full is None or (way == "spot_with_fallback" and "spot" not in usd):
        return None
    if way == "spot_with_fallback":
        return (usd["spot"] * 4 + full) / 5 * hours
    if way == "on_demand":
        return full * (always * factor + duty.hours_above) if duty.hours else full
    return with_commitment(full, usd.get(way), duty)


def with_commitment(full: Decimal, committed: Decimal | None, duty: Duty) -> Decimal | None:
    if not duty.hours:
        return committed
    if committed is None:
        return None if duty.nodes_always else full * duty.hours_above
    bills = [duty.nodes_always * HOURS * committed + duty.hours_above * full]
    if duty.all_or_always:
        bills.append(duty.nodes_max * HOURS * committed)
    return min(bills)


def zones_of(i: InstanceType, cloud: Cloud, region: str) -> int:
    """In how many zones a cluster could have nodes of the type, as far as a source says so."""
    there, clusters = cloud.catalog.offers[region, i.name].zones, cloud.catalog.regions[region].cluster_zones
    return len(set(clusters).intersection(there))


def compared(bills: dict[str, Decimal], cloud: Cloud, region: str) -> dict[str, Decimal]:
    """The bills, each a twentieth higher for every newer generation of its line that could be had instead, and a tenth
    for a type of one zone."""
    series = {}
    for name in bills:
        letters, generation, maker = re.match(r"([a-z]+)(\d+)([a-z]?)", name).groups()  # type: ignore[union-attr]
        makers = {"aws": ("a", "g"), "gcp": ("a", "d")}[cloud.name]
        gpu = cloud.catalog.instances[name].gpu_type
        series[name] = (letters, maker if maker in makers else "intel", gpu), int(generation)
    older = {}
    for name, (line, generation) in series.items():
        newer = {other for its_line, other in series.values() if its_line == line and other > generation}
        single = zones_of(cloud.catalog.instances[name], cloud, region) == 1
        older[name] = bills[name] * (20 + len(newer) + 2 * single) / 20
    return older


@pytest.mark.parametrize(("name", "region"), PLACES, ids=[f"{name}-{region}" for name, region in PLACES])
def test_no_type_that_satisfies_the_needs_costs_less(name: str, region: str) -> None:
    cloud = cloud_of(name)
    prices: dict[str, dict[str, Decimal]] = {}
    for (where, kind, option), price in cloud.prices.instances.items():
        if where == region:
            prices.setdefault(kind, {})[option] = price.usd_expected
    offered = [cloud.catalog.instances[kind] for where, kind in cloud.catalog.offers if where == region]
    gpus = sorted({i.gpu_type for i in offered if i.gpu_type})
    usual = len(gpus) > 2  # where there are hardly any GPUs, few needs for one are met
    market = Market(region, cloud.catalog, cloud.prices, cloud.spot.types)
    dice, found_some = random.Random(region), 0
    for _ in range(TRIALS):
        needs, duty = draw(dice, gpus or ["t4"])
        fitting = [i for i in offered if satisfies(i, needs) and zones_of(i, cloud, region)]
        for way in PURCHASE_OPTIONS:
            bills = {}
            for i in fitting:
                factor = cloud.catalog.full_month_factors.get(i.family, Decimal(1))
                bill = dollars_a_month(prices.get(i.name, {}), way, duty, factor)
                if bill is not None:
                    bills[i.name] = bill
            bills = compared(bills, cloud, region)
            current = {n: bill for n, bill in bills.items() if cloud.catalog.instances[n].generation == "current"}
            found = select(needs, Buying(way, duty), market, "pool")
            if not bills:
                assert not isinstance(found, Selection), (needs, way)
                continue
            found_some += 1
            assert isinstance(found, Selection), (needs, way)
            least = min((current or bills).values())
            # An hour is rounded to a millionth of a dollar before types are compared.
            assert bills[found.types[0].name] - least <= Decimal("0.000001") * (duty.hours or 1), (needs, way)
    assert found_some > (TRIALS if usual else TRIALS // 4)


def test_every_way_of_buying_is_tried() -> None:
    assert set(get_args(PurchaseOption)) < set(PURCHASE_OPTIONS)
