"""Equivalent machines: what each pool and the database run on, and in which way one is more than the other."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from groundplan.app.parity.report import Machine, MachineParity, Side
from groundplan.catalog.catalog import InstanceType
from groundplan.clouds.billing import database_item
from groundplan.components.needs import Database, only
from groundplan.components.node_pool.part import Pool, pools_of
from groundplan.prices.book import Price
from groundplan.quantities import Band, percent_above
from groundplan.stack.model import Capacity


def pools(sides: Sequence[Side]) -> tuple[MachineParity, ...]:
    """Every pool with its machine on each cloud, in the order of the spec."""
    found = [{pool.path: pool for pool in pools_of(side.stack)} if side.stack else {} for side in sides]
    paths = dict.fromkeys(path for by_path in found for path in by_path)
    return tuple(_pool(path, [by_path.get(path) for by_path in found], sides) for path in paths)


def _pool(path: str, here: Sequence[Pool | None], sides: Sequence[Side]) -> MachineParity:
    machines = tuple(_node(pool, side) if pool else None for pool, side in zip(here, sides, strict=True))
    purchase_option = next(pool.capacity for pool in here if pool)
    return MachineParity(path, purchase_option, machines, _beside_the_first(machines, purchase_option, sides))


def database(sides: Sequence[Side]) -> MachineParity | None:
    """The database's class on each cloud; None when the spec asks for none, or none could be resolved."""
    machines = tuple(_database(side) for side in sides)
    if not any(machines):
        return None
    asked = [need for side in sides if side.stack for need in side.stack.needed(Database)]
    standby = any(need.high_availability for need in asked)
    words = "with its standby" if standby else "without a standby"
    return MachineParity(asked[0].path, words, machines, _beside_the_first(machines, "on_demand", sides))


def _node(pool: Pool, side: Side) -> Machine:
    instance = side.cloud.catalog.instances[pool.instance_types[0]]
    prices = side.cloud.prices
    return Machine(
        types=pool.instance_types,
        vcpus=instance.vcpus,
        memory_gib=instance.memory_gib,
        architecture=instance.architecture,
        gpu_type=instance.gpu_type,
        gpu_count=instance.gpu_count,
        gpu_memory_gib=instance.gpu_memory_gib,
        local_storage_gib=instance.local_storage_gib,
        previous_generation=_previous(instance),
        on_demand=_hourly(prices.instance_price(side.region, instance.name, "on_demand")),
        spot=_hourly(prices.instance_price(side.region, instance.name, "spot")),
    )


def _previous(instance: InstanceType) -> bool:
    return instance.generation != "current"


def _database(side: Side) -> Machine | None:
    said = only(side.stack.needed(Database)) if side.stack else None
    if said is None:
        return None
    found = side.cloud.catalog.database(said.instance_class)
    assert found is not None, "chosen from the catalog"
    item = database_item(found.name, high_availability=said.high_availability)
    price = side.cloud.prices.item_price(item, side.region)
    return Machine(
        types=(found.name,),
        vcpus=found.vcpus,
        memory_gib=found.memory_gib,
        architecture=None,
        gpu_type=None,
        gpu_count=0,
        gpu_memory_gib=0,
        local_storage_gib=0,
        previous_generation=False,
        on_demand=_hourly(price),
        spot=None,
    )


def _hourly(price: Price | None) -> Band | None:
    return price.band if price else None


def _beside_the_first(
    machines: Sequence[Machine | None], purchase_option: Capacity, sides: Sequence[Side]
) -> tuple[tuple[str, ...], ...]:
    first = next(index for index, machine in enumerate(machines) if machine)
    reference, title = machines[first], sides[first].title
    assert reference is not None
    return tuple(
        tuple(differences(machine, reference, purchase_option, title)) if machine and index != first else ()
        for index, machine in enumerate(machines)
    )


def differences(machine: Machine, other: Machine, purchase_option: Capacity, title: str) -> Iterator[str]:
    """In which way `machine` is more, less or another than `other`, which is the one on `title`."""
    if (machine.gpu_type, machine.gpu_count) != (other.gpu_type, other.gpu_count):
        yield f"{gpus(machine)} in place of {gpus(other)}"
    yield from _amount(machine.gpu_memory_gib, other.gpu_memory_gib, "GiB of memory per GPU")
    yield from _amount(machine.vcpus, other.vcpus, "vCPUs")
    yield from _amount(machine.memory_gib, other.memory_gib, "GiB of memory")
    yield from _amount(machine.local_storage_gib, other.local_storage_gib, "GiB of local storage")
    if machine.architecture != other.architecture:
        yield f"{machine.architecture} in place of {other.architecture}"
    if machine.previous_generation != other.previous_generation:
        yield "previous generation" if machine.previous_generation else f"current generation, previous on {title}"
    if len(machine.types) != len(other.types):
        yield f"{_types(machine)}, {len(other.types)} on {title}"
    yield _price(machine, other, purchase_option)


def _amount(here: Decimal | int, there: Decimal | int, unit: str) -> Iterator[str]:
    if here != there:
        yield f"{abs(Decimal(here) - Decimal(there)).normalize():f} {unit} {'more' if here > there else 'less'}"


def _price(machine: Machine, other: Machine, purchase_option: Capacity) -> str:
    """How the expected price of the pool's own purchase option compares."""
    spot = purchase_option != "on_demand"
    here, there = (machine.spot, other.spot) if spot else (machine.on_demand, other.on_demand)
    words = "on spot" if spot else "on demand"
    if here is None or there is None:
        return f"no price {words} to compare"
    percent = percent_above(here.expected, there.expected)
    if abs(percent) < Decimal("0.5"):
        return f"the same price {words}"
    return f"{abs(percent):.0f} % {'more expensive' if percent > 0 else 'cheaper'} {words}"


def gpus(machine: Machine) -> str:
    """Model and number of the GPUs."""
    return f"{machine.gpu_count} x {machine.gpu_type}" if machine.gpu_type else "no GPU"


def _types(machine: Machine) -> str:
    return f"{len(machine.types)} machine type{'' if len(machine.types) == 1 else 's'}"
