"""The choice of machine types, against a search of the whole catalog."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import permutations, product
from types import SimpleNamespace
from typing import cast, get_args

import pytest

from groundplan.catalog.catalog import Catalog, InstanceType
from groundplan.catalog.series import Series, parse_series
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.components.node_pool.part import pools_of
from groundplan.diagnostics import Diagnostic
from groundplan.prices.book import PriceBook
from groundplan.stack.model import Capacity
from groundplan.stack.purchase import Buying, Duty, Market
from groundplan.stack.selection import SPOT_PRICE_FACTOR, Needs, Selection, select
from tests.unit.stack.specs import REGIONS, aws, serving, stack_of, training

CAPACITIES: tuple[Capacity, ...] = get_args(Capacity)
GPU_TYPES = sorted({i.gpu_type for i in aws().catalog.instances.values() if i.gpu_type})


def cloud_named(name: str) -> Cloud:
    cloud = find_cloud(name)
    assert cloud is not None
    return cloud


def market(region: str) -> Market:
    return Market(region, aws().catalog, aws().prices, aws().spot.types)


def chosen(needs: Needs, capacity: Capacity = "on_demand", region: str = "us-east-1") -> Selection:
    found = select(needs, Buying(capacity), market(region), "pool")
    assert isinstance(found, Selection), found
    return found


def refused(needs: Needs, region: str = "us-east-1") -> Diagnostic:
    found = select(needs, Buying("on_demand"), market(region), "pool")
    assert isinstance(found, Diagnostic)
    return found


def satisfies(i: InstanceType, needs: Needs) -> bool:
    """The needs in other words than the code's guards."""
    if i.architecture != needs.architecture or (i.burstable and not needs.burstable):
        return False
    if needs.gpu_count == 0:
        return i.gpu_count == 0 and _size(i, needs)
    if i.gpu_manufacturer != "nvidia" or i.gpu_count < needs.gpu_count or i.gpu_memory_gib < needs.gpu_memory_gib:
        return False
    return needs.gpu_type in (None, i.gpu_type) and _size(i, needs)


def _size(i: InstanceType, needs: Needs) -> bool:
    have = (i.vcpus, i.memory_gib, i.local_storage_gib)
    return all(a >= b for a, b in zip(have, (needs.vcpus, needs.memory_gib, needs.local_storage_gib), strict=True))


def usd_of(name: str, capacity: Capacity, region: str) -> Decimal | None:
    """An expected hour: of spot with fallback, every fifth is on demand."""
    found = {option: aws().prices.instances.get((region, name, option)) for option in ("on_demand", "spot")}  # type: ignore[call-overload]
    usd = {option: price.usd_expected for option, price in found.items() if price is not None}
    if capacity != "spot_with_fallback":
        return usd.get(capacity)
    return usd["spot"] * 4 / 5 + usd["on_demand"] / 5 if len(usd) == 2 else None


@cache
def priced(capacity: Capacity, region: str) -> list[tuple[InstanceType, Decimal]]:
    """Every type that the region has and the book prices."""
    offered = [aws().catalog.instances[name] for where, name in aws().catalog.offers if where == region]
    prices = [(instance, usd_of(instance.name, capacity, region)) for instance in offered]
    return [(instance, price) for instance, price in prices if price is not None]


def line_of(instance: InstanceType) -> tuple[str, int]:
    """What a type of AWS is a generation of, and which: m6a.large of the m with processors of AMD, the sixth."""
    letters, digit, options = re.fullmatch(r"([a-z]+)(\d)(.*)", instance.family).groups()  # type: ignore[union-attr]
    maker = "AMD" if options.startswith("a") else "Arm" if options.startswith("g") else "Intel"
    return f"{letters} {maker} {instance.gpu_type}", int(digit)


def cheapest(needs: Needs, capacity: Capacity, region: str) -> list[tuple[Decimal, int, Decimal, str]]:
    """Every type that fits and has a price, the one to take first; prices as they are compared."""
    fitting = [(instance, price) for instance, price in priced(capacity, region) if satisfies(instance, needs)]
    lines = {line_of(instance) for instance, _ in fitting}
    found = []
    for instance, price in fitting:
        mine, number = line_of(instance)
        newer = sum(1 for line, other in lines if line == mine and other > number)
        compared = price * (100 + 5 * newer) / 100
        found.append((instance.generation != "current", compared, instance.vcpus, instance.memory_gib, instance.name))
    previous = all(key[0] for key in found)
    return sorted(key[1:] for key in found if previous or not key[0])


def random_needs(seed: int) -> Needs:
    dice = random.Random(seed)
    gpu = dice.random() < 0.5
    by_type = gpu and dice.random() < 0.5
    return Needs(
        vcpus=dice.choice([0, 1, 2, 4, 7, 8, 16, 48, 96, 192]),
        memory_gib=dice.choice([0, 1, 4, 15, 16, 32, 64, 256, 1000]),
        architecture=dice.choice(["x86_64", "x86_64", "arm64"]),
        gpu_count=dice.choice([1, 1, 2, 4, 8]) if gpu else 0,
        gpu_type=dice.choice(GPU_TYPES) if by_type else None,
        gpu_memory_gib=dice.choice([0, 16, 24, 40, 80]) if gpu else 0,
        local_storage_gib=dice.choice([0, 0, 0, 100, 900, 4000]),
        burstable=dice.random() < 0.2,
    )


@pytest.mark.parametrize("region", REGIONS)
@pytest.mark.parametrize("capacity", CAPACITIES)
def test_the_cheapest_type_that_fits_is_taken(region: str, capacity: Capacity) -> None:
    fitting = 0
    for seed in range(150):
        needs = random_needs(seed)
        expected = cheapest(needs, capacity, region)
        found = select(needs, Buying(capacity), market(region), "pool")
        if not expected:
            assert isinstance(found, Diagnostic), needs
            assert (found.code, found.path) == ("GP301", "pool")
            continue
        fitting += 1
        assert isinstance(found, Selection), needs
        assert found.types[0].name == expected[0][3], needs
        runners_up = [a for a in found.alternatives if " expensive" in a.reason and a.usd_per_hour]
        rest = [key[3] for key in expected if key[3] not in {t.name for t in found.types}][:4]
        assert [(a.usd_per_hour, a.name) for a in runners_up] == [(usd_of(n, capacity, region), n) for n in rest]
    assert fitting >= 40


@pytest.mark.parametrize(("capacity", "region"), list(product(("spot", "spot_with_fallback"), REGIONS)))
def test_further_types_of_a_spot_pool_hold_whatever_the_first_holds(capacity: Capacity, region: str) -> None:
    several = 0
    for seed in range(150):
        needs = random_needs(seed)
        found = select(needs, Buying(capacity), market(region), "pool")
        if isinstance(found, Diagnostic):
            continue
        first, *others = found.types
        several += bool(others)
        assert len(found.types) <= aws().spot.types
        assert len({t.name for t in found.types}) == len(found.types)
        for other in others:
            assert satisfies(other, needs)
            assert other.vcpus >= first.vcpus and other.memory_gib >= first.memory_gib
            assert (other.gpu_type, other.gpu_count) == (first.gpu_type, first.gpu_count)
            price, least = (usd_of(t.name, capacity, region) for t in (other, first))
            assert price is not None and least is not None
            assert price <= least * SPOT_PRICE_FACTOR
    assert several >= 30


def test_an_on_demand_pool_has_one_type() -> None:
    assert all(
        len(found.types) == 1
        for seed in range(100)
        if isinstance(found := select(random_needs(seed), Buying("on_demand"), market("us-east-1"), "pool"), Selection)
    )


def test_the_same_needs_always_give_the_same_answer() -> None:
    needs = Needs(vcpus=4, memory_gib=8)
    assert chosen(needs, "spot") == chosen(needs, "spot")


class Made:
    """A market of made-up types: name, vCPUs, generation, price of an hour on demand (None: not in the book)."""

    def __init__(self, *types: tuple[str, int, str, str | None]) -> None:
        model = aws().catalog.instances["m6i.large"]
        self.types = tuple(
            replace(model, name=name, vcpus=vcpus, generation=generation)  # type: ignore[arg-type]
            for name, vcpus, generation, _ in types
        )
        self.prices = {name: price for name, _, _, price in types if price is not None}
        self.full_month_factors: dict[str, Decimal] = {}
        self.committed: dict[str, Decimal] = {}

        self.named: dict[str, tuple[str, ...]] = {}
        self.regions = {"here": SimpleNamespace(cluster_zones=("az1", "az2", "az3"))}

    def zones(self, region: str) -> dict[str, frozenset[str]]:
        everywhere = frozenset(self.regions[region].cluster_zones)
        return {i.name: everywhere.intersection(self.named.get(i.name, everywhere)) for i in self.offered(region)}

    def offered(self, region: str) -> tuple[InstanceType, ...]:
        return self.types

    def series(self, family: str) -> Series | None:
        return parse_series(family, "ag")

    def instance_price(self, region: str, name: str, option: str) -> SimpleNamespace | None:
        usd = self.committed.get(name) if option.startswith("commit") else self.prices.get(name)
        return None if usd is None else SimpleNamespace(usd_expected=Decimal(usd))

    def select(self, needs: Needs, buying: Buying = Buying("on_demand")) -> Selection | Diagnostic:  # noqa: B008
        return select(needs, buying, Market("here", cast(Catalog, self), cast(PriceBook, self), 4), "pool")


def test_equal_prices_go_to_the_smaller_type_then_by_name() -> None:
    types = [("c", 4, "current", "0.10"), ("b", 4, "current", "0.1"), ("a", 8, "current", "0.1")]
    for order in permutations(types):
        found = Made(*order).select(Needs())
        assert isinstance(found, Selection)
        assert [found.types[0].name, *(a.name for a in found.alternatives)] == ["b", "c", "a"]


def test_a_current_type_without_a_price_does_not_hide_a_previous_one_with_a_price() -> None:
    found = Made(("new", 4, "current", None), ("old", 4, "previous", "0.1")).select(Needs())
    assert isinstance(found, Selection)
    assert found.types[0].name == "old"
    named = Made(("new", 4, "current", None), ("old", 4, "previous", "0.1"))
    named.types = (replace(named.types[0], family="newer"), named.types[1])
    found = named.select(Needs())
    assert isinstance(found, Selection)
    assert ("newer", "no on_demand price in the book") in [(a.name, a.reason) for a in found.alternatives]


def test_types_that_fit_and_have_no_price_are_named() -> None:
    found = Made(("a", 4, "current", None), ("b", 4, "current", None), ("c", 1, "current", "1")).select(Needs(vcpus=2))
    assert isinstance(found, Diagnostic)
    assert (found.code, found.message) == ("GP301", "types that fit in here have no on_demand price in the book: a, b")


def test_nobody_gets_gpus_or_cpu_credits_that_were_not_asked_for() -> None:
    for capacity in CAPACITIES:
        for types in (chosen(Needs(vcpus=n), capacity).types for n in (1, 2, 8, 64)):
            assert not any(t.gpu_count or t.burstable for t in types)


def test_previous_generations_are_passed_over_and_said_so() -> None:
    found = chosen(Needs(gpu_count=1, gpu_memory_gib=16))
    assert found.types[0].generation == "current"
    assert [a.reason for a in found.alternatives if a.reason == "previous generation"] == ["previous generation"]
    only_previous = [i for i in aws().catalog.offered("us-east-1") if i.gpu_type == "v100"]
    assert {i.generation for i in only_previous} == {"previous"}
    found = chosen(Needs(gpu_count=1, gpu_type="v100"))
    assert found.priced_reason.endswith("previous generation, nothing current fits")


def test_a_newer_generation_wins_where_prices_are_about_equal() -> None:
    found = chosen(Needs(vcpus=2, memory_gib=8))
    assert found.types[0].name == "m6a.large"
    assert found.priced_reason.endswith(
        ", $0.0864 an hour; with 5 % added per newer generation, m5a.large at $0.086 is more expensive"
    )
    older = next(a for a in found.alternatives if a.name == "m5a.large")
    assert (older.reason, older.usd_per_hour) == ("0.5 % less expensive, 3 generations older", Decimal("0.086"))


@pytest.mark.parametrize(("old_usd", "winner"), [("0.952", "m7a.large"), ("0.953", "m8a.large")])
def test_an_older_generation_wins_where_it_costs_less_than_the_penalty(old_usd: str, winner: str) -> None:
    prices = {"m7a.large": old_usd, "m8a.large": "1", "m9i.large": "2"}
    made = Made(*((name, 2, "current", usd) for name, usd in prices.items()))
    made.types = tuple(replace(one, family=one.name.removesuffix(".large")) for one in made.types)
    found = made.select(Needs())
    assert isinstance(found, Selection)
    assert found.types[0].name == winner


@pytest.mark.parametrize(
    ("name", "family", "line", "generation"),
    [
        ("aws", "m6a", "m-a", 6),
        ("aws", "m8gd", "m-g", 8),
        ("aws", "m5d", "m-", 5),
        ("aws", "c7i-flex", "c-", 7),
        ("aws", "p6-b200", "p-", 6),
        ("gcp", "n2d", "n-d", 2),
        ("gcp", "c4a", "c-a", 4),
        ("gcp", "n4", "n-", 4),
    ],
)
def test_lines_and_generations(name: str, family: str, line: str, generation: int) -> None:
    assert cloud_named(name).catalog.series(family) == Series(line, generation)


@pytest.mark.parametrize("name", CLOUDS)
def test_every_family_that_ships_states_its_generation(name: str) -> None:
    catalog = cloud_named(name).catalog
    assert all(catalog.series(instance.family) for instance in catalog.instances.values())


def test_every_family_is_taken_a_runner_up_or_has_its_reason() -> None:
    for seed in range(40):
        found = select(random_needs(seed), Buying("on_demand"), market("us-east-1"), "pool")
        if isinstance(found, Diagnostic):
            continue
        catalog = aws().catalog
        named = [catalog.instances[a.name].family for a in found.alternatives if a.name in catalog.instances]
        grouped = [name for a in found.alternatives if a.name not in catalog.instances for name in a.name.split(", ")]
        assert len(set(grouped)) == len(grouped) and not set(grouped) & set(named)
        offered = {i.family for i in catalog.offered("us-east-1")}
        assert {*grouped, *named, *(i.family for i in found.types)} == offered


def test_a_family_is_judged_by_its_type_that_comes_nearest() -> None:
    found = chosen(Needs(gpu_count=1, gpu_memory_gib=24, vcpus=8))
    reasons = {name: a.reason for a in found.alternatives for name in a.name.split(", ")}
    assert reasons["g4dn"] == "less than 24 GiB per GPU"
    assert reasons["m6i"] == "no NVIDIA GPU"
    assert reasons["m7g"] == "not x86_64"
    assert reasons["p5"].startswith("fit, ") and reasons["p5"].endswith(" % more expensive")


def test_memory_of_all_gpus_together() -> None:
    found = chosen(Needs(gpu_count=1, gpu_total_memory_gib=300))
    assert found.types[0].gpu_count * found.types[0].gpu_memory_gib >= 300
    assert found.types[0].gpu_memory_gib < 300
    reasons = [a.reason for a in found.alternatives]
    assert "less than 300 GiB in all GPUs together" in reasons


def test_a_commitment_is_weighed_by_what_an_hour_in_use_comes_to() -> None:
    """Busy around the clock, the type with the cheaper commitment wins; for a few hours, the one cheaper on demand."""
    made = Made(("steady", 4, "current", "0.20"), ("brief", 4, "current", "0.15"))
    made.committed = {"steady": Decimal("0.05"), "brief": Decimal("0.14")}
    for hours, name in ((10, "brief"), (7000, "steady")):
        duty = Duty(nodes_always=0, nodes_max=10, hours_above=Decimal(hours), all_or_always=True)
        found = made.select(Needs(), Buying("commit_1y", duty))
        assert isinstance(found, Selection)
        assert found.types[0].name == name


def test_nodes_that_are_always_on_need_a_commitment_that_is_sold() -> None:
    made = Made(("sold", 4, "current", "0.20"), ("unsold", 4, "current", "0.01"))
    made.committed = {"sold": Decimal("0.15")}
    duty = Duty(nodes_always=1, nodes_max=2, hours_above=Decimal(730), all_or_always=False)
    found = made.select(Needs(), Buying("commit_3y", duty))
    assert isinstance(found, Selection)
    assert found.types[0].name == "sold"


def test_a_full_month_counts_where_the_cloud_gives_a_discount_for_it() -> None:
    made = Made(("a", 4, "current", "0.10"), ("b", 4, "current", "0.11"))
    made.types = (made.types[0], replace(made.types[1], family="steady"))
    made.full_month_factors = {"steady": Decimal("0.8")}
    for always, hours, name in ((0, 100, "a"), (1, 0, "b")):
        duty = Duty(always, 1, Decimal(hours), all_or_always=False)
        found = made.select(Needs(), Buying("on_demand", duty))
        assert isinstance(found, Selection)
        assert found.types[0].name == name


@pytest.mark.parametrize(
    ("needs", "hint"),
    [
        (Needs(gpu_count=1, gpu_type="t4g"), "without `architecture` these would fit: g5g.xlarge"),
        (
            Needs(vcpus=2, gpu_count=8, gpu_type="l4", memory_gib=2000),
            "without `memory_gib` these would fit: g6.48xlarge",
        ),
        (Needs(gpu_count=16, gpu_type="l4"), "without `gpu.count` these would fit: "),
        (Needs(gpu_count=1, gpu_type="l4", gpu_memory_gib=80), "without `gpu.memory_gib` these would fit: "),
        (Needs(vcpus=4000), "without `vcpus` these would fit: "),
        (Needs(vcpus=2, local_storage_gib=119000), "without `local_storage_gib` these would fit: "),
        (Needs(vcpus=4000, memory_gib=32768), "relax several needs, or use another region"),
    ],
)
def test_when_nothing_fits_the_hint_says_which_need_to_relax(needs: Needs, hint: str) -> None:
    found = refused(needs)
    assert found.code == "GP301"
    assert found.hint is not None and hint in found.hint


def test_hints_name_only_what_the_spec_states() -> None:
    found = refused(Needs(vcpus=192, memory_gib=32000))
    assert found.hint is not None
    assert "burstable" not in found.hint and "gpu" not in found.hint


def test_each_hint_is_true() -> None:
    """A type named under "without X" fits all needs but X."""
    found = refused(Needs(gpu_count=1, gpu_type="l4", gpu_memory_gib=80))
    assert found.hint is not None
    for part in found.hint.split("; "):
        key, names = part.removeprefix("without `").split("` these would fit: ")
        relaxed = {
            "gpu.type": Needs(gpu_count=1, gpu_memory_gib=80),
            "gpu.memory_gib": Needs(gpu_count=1, gpu_type="l4"),
        }
        for name in names.split(", "):
            assert satisfies(aws().catalog.instances[name], relaxed[key])


def test_needs_of_a_spec_reach_the_choice() -> None:
    stack = stack_of(
        training=training(gpu={"type": "l4", "count": 4}, capacity="spot"),
        serving=serving(vcpus=4, architecture="arm64"),
    )
    system, gpu, arm = pools_of(stack)
    assert system.gpu is None and system.architecture == "x86_64"
    assert gpu.gpu is not None and (gpu.gpu.type, gpu.gpu.count, gpu.gpu.memory_gib) == ("l4", 4, 24)
    assert arm.architecture == "arm64" and arm.vcpus >= 4


def test_local_storage_is_what_every_type_has() -> None:
    [_, pool] = pools_of(stack_of(training=training(vcpus=8, local_storage_gib=300, capacity="spot")))
    types = [aws().catalog.instances[name] for name in pool.instance_types]
    assert pool.local_storage_gib == min(t.local_storage_gib for t in types) >= 300


def test_a_type_of_a_single_zone_is_taken_where_others_cost_more_than_the_penalty() -> None:
    market = Made(("near", 4, "current", "1.00"), ("wide", 4, "current", "1.09"))
    market.named = {"near": ("az1",)}
    found = market.select(Needs(vcpus=4))
    assert isinstance(found, Selection)
    assert [i.name for i in found.types] == ["wide"]
    assert "10 % for a single zone" in found.priced_reason
    market.prices["wide"] = "1.11"
    found = market.select(Needs(vcpus=4))
    assert isinstance(found, Selection)
    assert [i.name for i in found.types] == ["near"]


def test_a_type_that_no_zone_for_clusters_offers_is_not_taken() -> None:
    market = Made(("elsewhere", 4, "current", "0.50"), ("here", 4, "current", "1.00"))
    market.named = {"elsewhere": ("az9",)}
    found = market.select(Needs(vcpus=4))
    assert isinstance(found, Selection)
    assert [i.name for i in found.types] == ["here"]


def test_spot_takes_no_type_that_would_leave_the_pool_a_single_zone() -> None:
    names = ("a", "b", "c", "d")
    market = Made(
        *((name, 4, "current", price) for name, price in zip(names, ("1.0", "1.1", "1.2", "1.3"), strict=True))
    )
    market.named = {"a": ("az1", "az2", "az3"), "b": ("az1", "az2"), "c": ("az2", "az3"), "d": ("az1", "az2")}
    found = market.select(Needs(vcpus=4), Buying("spot"))
    assert isinstance(found, Selection)
    assert [i.name for i in found.types] == ["a", "b", "d"], "with c, only az2 would offer all"


def test_kept_types_that_share_no_zone_are_chosen_anew() -> None:
    market = Made(("a", 4, "current", "1.0"), ("b", 4, "current", "1.1"))
    market.named = {"a": ("az1",), "b": ("az2",)}
    catalog, prices = cast(Catalog, market), cast(PriceBook, market)
    found = select(Needs(vcpus=4), Buying("spot"), Market("here", catalog, prices, 4), "pool", kept=("a", "b"))
    assert isinstance(found, Selection)
    assert [i.name for i in found.types] == ["a"]
