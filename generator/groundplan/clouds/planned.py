"""What a resource of a Terraform plan uses of what a cloud bills: the words that both clouds answer in."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Any, Protocol

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billing import Amount, Use
from groundplan.quantities import HOURS_PER_MONTH, Band

MOST = 10**12
"""Above it a number is a mistake, and not a finite amount of anything."""


MOST_ENTRIES = 1_000
"""Of a list of a resource that is read, such as its disks."""


class ExcessError(ValueError):
    """A resource with more of something than any has."""


class Plan(Protocol):
    """The plan that a resource is in."""

    def referred(self, resource: Planned, path: tuple[str, ...]) -> Planned | None:
        """The resource of the same module that the argument at `path` refers to; None where it cannot be told."""

    def referring(self, resource: Planned, type_: str, path: tuple[str, ...]) -> Sequence[Planned]:
        """Resources of the type in the same module whose argument at `path` refers to the resource."""


class _Alone:
    """The plan of a resource that nothing else is known of."""

    def referred(self, resource: Planned, path: tuple[str, ...]) -> Planned | None:
        return None

    def referring(self, resource: Planned, type_: str, path: tuple[str, ...]) -> Sequence[Planned]:
        return ()


ALONE: Plan = _Alone()


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource of a plan, and where it will be; values that are known only after apply are absent."""

    address: str
    type: str
    region: str
    values: Mapping[str, Any]
    plan: Plan = field(default=ALONE, repr=False, compare=False)

    def text(self, *keys: str) -> str:
        """The text at the place; empty when there is none."""
        found = self._at(keys)
        return found if isinstance(found, str) else ""

    def number(self, *keys: str) -> Decimal | None:
        """The number at the place; None when there is none, or a negative one, which stands for no limit or none yet.

        Raises ExcessError for one that no cloud has so much of.
        """
        found = self._at(keys)
        if isinstance(found, bool) or not isinstance(found, int | float) or found < 0:
            return None
        if not found <= MOST:
            raise ExcessError(f"`{'.'.join(keys)}` is more than {MOST:,}, so much of which there is not")
        return Decimal(str(found))

    def flag(self, *keys: str) -> bool:
        """Whether the value at the place is true."""
        return self._at(keys) is True

    def off(self, *keys: str) -> bool:
        """Whether the value at the place is false; not when there is none."""
        return self._at(keys) is False

    def items(self, *keys: str) -> list[Any]:
        """The list at the place; empty when there is none. Raises ExcessError for one that no resource has."""
        found = self._at(keys, descend=False)
        if isinstance(found, list) and len(found) > MOST_ENTRIES:
            raise ExcessError(f"`{'.'.join(keys)}` has more than {MOST_ENTRIES:,} entries")
        return found if isinstance(found, list) else []

    def blocks(self, *keys: str) -> list[Planned]:
        """The blocks at the place, each to be read as the resource is."""
        return [self.block(values) for values in self.items(*keys) if isinstance(values, dict)]

    def block(self, values: Mapping[str, Any]) -> Planned:
        """A block of the resource."""
        return Planned(self.address, self.type, self.region, values, self.plan)

    def referred(self, *path: str) -> Planned | None:
        """The resource of the same module that the argument refers to; None where it cannot be told."""
        return self.plan.referred(self, path)

    def referring(self, type_: str, *path: str) -> Sequence[Planned]:
        """Resources of the type in the same module whose argument refers to this one."""
        return self.plan.referring(self, type_, path)

    def _at(self, keys: tuple[str, ...], *, descend: bool = True) -> Any:
        """The value; a block, which a plan writes as a list, is its first entry."""
        value: Any = self.values
        for key in keys:
            if isinstance(value, list):
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, dict) else None
        return value[0] if descend and isinstance(value, list) and value else value


Uses = Callable[[Planned, Catalog], Iterable[Use]]


@dataclass(frozen=True)
class PlanPrices:
    """What a cloud bills for in a plan by the type of a resource; types in `free` are never billed by themselves.

    `prefix` is what its types begin with. `region_of` finds the region in a resource's own values. A name in `free`
    that ends in `*` stands for every type that begins so. `on_cluster` are types of Kubernetes for which the cloud
    makes something; what they use is nothing where another cloud makes it.
    """

    prefix: str
    uses: Mapping[str, Uses]
    free: tuple[str, ...]
    region_of: Callable[[Mapping[str, Any]], str]
    on_cluster: Mapping[str, Uses] = field(default_factory=dict)

    def is_free(self, type_: str) -> bool:
        """Whether the type is known to cost no charge of its own."""
        return type_ in self._free or type_.startswith(self._free_beginnings)

    @cached_property
    def _free(self) -> frozenset[str]:
        return frozenset(self.free)

    @cached_property
    def _free_beginnings(self) -> tuple[str, ...]:
        return tuple(name[:-1] for name in self.free if name.endswith("*"))


def unstated(item: str, unit: str, words: str) -> Use:
    """Something that no rule prices, or that is billed by a use which no plan says."""
    return Use(item, unit, None, words)


def used(words: str) -> Amount:
    """A use that no plan says."""
    return Amount(None, words)


def nodes(low: Decimal | None, expected: Decimal | None, high: Decimal | None) -> Amount:
    """Node-hours of a group that scales, without a band when the plan says no number of nodes."""
    if expected is None:
        expected = low
    if expected is None:
        return used("the number of nodes is known only after apply")
    low, high = min(expected if low is None else low, expected), max(expected if high is None else high, expected)
    return Amount(Band(low, expected, high).times(HOURS_PER_MONTH), f"{expected:f} nodes, {low:f} to {high:f}")


def node_disks(hours: Amount, gib: Decimal | None) -> Amount:
    """The disks of nodes by their hours."""
    if hours.band is None or gib is None:
        return used("the size of the nodes' disks is known only after apply")
    return Amount(hours.band.times(gib / HOURS_PER_MONTH), f"{gib:f} GiB for each running node")
