"""What a resource of a Terraform plan uses of what a cloud bills: the words that both clouds answer in."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import cached_property
from types import MappingProxyType
from typing import Any, Protocol

from groundplan.catalog.catalog import Catalog
from groundplan.clouds.billed import BilledAttribute
from groundplan.clouds.billing import Amount, Use
from groundplan.clouds.usage_keys import UsageKey
from groundplan.quantities import HOURS_PER_MONTH, Band

MOST = 10**12
"""Above it a number is a mistake, and not a finite amount of anything."""


MOST_ENTRIES = 1_000
"""Of a list of a resource that is read, such as its disks."""


class ExcessError(ValueError):
    """A resource with more of something than any has."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The configuration of the provider that a resource has, as far as a plan says it; what it does not is empty."""

    name: str = ""
    alias: str = ""
    region: str = ""
    """Its `region`, else that of its `zone`; never a value that is no region."""
    zone: str = ""


NO_PROVIDER = Provider()


class Plan(Protocol):
    """The plan that a resource is in."""

    @property
    def variables(self) -> Mapping[str, Any]:
        """Variables of the root module with their values, defaults included."""

    def referred(self, resource: Planned, path: tuple[str, ...], of: str) -> Planned | None:
        """The resource that the argument at `path` refers to; None where it cannot be told."""

    def referring(
        self, resource: Planned, type_: str, path: tuple[str, ...], *, every: bool = False
    ) -> Sequence[Planned]:
        """Resources of the type whose argument at `path` refers to the resource."""

    def alike(self, types: tuple[str, ...]) -> Sequence[Planned]:
        """All resources of the types, in the order of the plan."""

    def among(self, resource: Planned, types: tuple[str, ...], key: Callable[[Planned], Hashable]) -> Sequence[Planned]:
        """Resources of the types with the same key as the resource, in the order of the plan."""

    def unknown(self, resource: Planned, path: tuple[str, ...]) -> bool:
        """Whether the configuration sets the attribute to a value that is known only after apply."""

    def after_apply(self, resource: Planned) -> Mapping[str, Any]:
        """Attributes of the resource that are, or hold what is, known only after apply."""

    def usage(self, resource: Planned, key: str) -> Band | None:
        """What the usage file says; None where it says nothing."""


class _Alone:
    """The plan of a resource that nothing else is known of."""

    variables: Mapping[str, Any] = MappingProxyType({})

    def referred(self, resource: Planned, path: tuple[str, ...], of: str) -> Planned | None:
        return None

    def referring(
        self, resource: Planned, type_: str, path: tuple[str, ...], *, every: bool = False
    ) -> Sequence[Planned]:
        return ()

    def alike(self, types: tuple[str, ...]) -> Sequence[Planned]:
        return ()

    def among(self, resource: Planned, types: tuple[str, ...], key: Callable[[Planned], Hashable]) -> Sequence[Planned]:
        return (resource,)

    def unknown(self, resource: Planned, path: tuple[str, ...]) -> bool:
        return False

    def after_apply(self, resource: Planned) -> Mapping[str, Any]:
        return {}

    def usage(self, resource: Planned, key: str) -> Band | None:
        return None


ALONE: Plan = _Alone()


class Trace:
    """What a rule has read of a resource and of those that it followed references to."""

    __slots__ = ("asked", "followed", "read", "whole")

    def __init__(self) -> None:
        self.read: set[tuple[str, tuple[str, ...]]] = set()
        """Addresses and paths of attributes; one behind a list of several entries only when each was read."""
        self.asked: set[tuple[str, tuple[str, ...]]] = set()
        """Addresses and paths of which the rule asked whether they are known."""
        self.whole: set[tuple[str, tuple[str, ...]]] = set()
        """Addresses and paths of blocks that the rule counts with all that is in them."""
        self.followed: dict[str, Planned] = {}


@dataclass(frozen=True, slots=True)
class Planned:
    """One resource of a plan, and where it will be; values that are known only after apply are absent."""

    address: str
    type: str
    region: str
    """Its own region, else its provider's, else the one that the user gave; empty where nothing says it."""
    values: Mapping[str, Any]
    plan: Plan = field(default=ALONE, repr=False, compare=False)
    provider: Provider = NO_PROVIDER
    trace: Trace | None = field(default=None, repr=False, compare=False)
    within: tuple[str, ...] = field(default=(), repr=False, compare=False)
    """Path of the block of the resource that this is; empty for the resource."""

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
        within = (*self.within, *keys)
        return [
            Planned(self.address, self.type, self.region, values, self.plan, self.provider, self.trace, within)
            for values in self.items(*keys)
            if isinstance(values, dict)
        ]

    def referred(self, *path: str, of: str = "") -> Planned | None:
        """The resource that the argument refers to, through modules too; None where it cannot be told.

        With `of`, a resource of that type: then it is also found by the id, name or ARN that the argument holds, and
        as the only one of its type in the module where a local value stands between.
        """
        target = self.plan.referred(self, (*self.within, *path), of)
        return None if target is None else self._followed(target)

    def referring(self, type_: str, *path: str, every: bool = False) -> Sequence[Planned]:
        """Resources of the type whose argument refers to this one, from other modules too.

        With `every`, for an argument that is a list: a reference to all instances (`nat_ips = x.nat[*].id`) is one to
        each. Without it, an argument that refers to one of several instances, and it is not known which, is to none.
        """
        return self.plan.referring(self, type_, (*self.within, *path), every=every)

    def alike(self, *types: str) -> Sequence[Planned]:
        """All resources of the plan of these types, in its order; found once for all that ask."""
        return self.plan.alike(types)

    def among(self, types: tuple[str, ...], key: Callable[[Planned], Hashable]) -> Sequence[Planned]:
        """Those of all resources of the types that have the same key as this one: what is billed together.

        `key` is a function that lasts as long as the plan: the groups that it makes are kept by it.
        """
        return self.plan.among(self, types, key)

    def unknown(self, *path: str) -> bool:
        """Whether the configuration sets the attribute to something that is known only after apply.

        The engine reports a billed attribute of which that is so, unless the rule asked and so has dealt with it.
        """
        whole = (*self.within, *path)
        if self.trace is not None:
            self.trace.asked.add((self.address, whole))
        return self.plan.unknown(self, whole)

    def understood(self, *path: str) -> None:
        """Says that the rule counts the attribute, and all below it, without having read each value."""
        if self.trace is not None:
            self.trace.whole.add((self.address, (*self.within, *path)))

    def usage(self, key: str) -> Band | None:
        """What the usage file says of the resource, or of its type, under the key; None where it says nothing.

        Raises LookupError for a key that the cloud's `usage_keys.csv` does not have for the type.
        """
        return self.plan.usage(self, key)

    def stated(self, key: str, words: str, each: Decimal | int = 1) -> Amount:
        """An amount out of the usage file, times `each`; where it has none, none, for the reason `words`."""
        band = self.usage(key)
        if band is None:
            return Amount(None, f"{words}: `{key}` in a usage file states it")
        return Amount(band.times(Decimal(each)), f"{words}: {key} {band.expected:f} of the usage file")

    def traced(self) -> Planned:
        """The same, with a note of what is read of it from now on."""
        trace = Trace()
        return Planned(self.address, self.type, self.region, self.values, self.plan, self.provider, trace, self.within)

    def _followed(self, target: Planned) -> Planned:
        if self.trace is None:
            return target
        found = replace(target, trace=self.trace)
        self.trace.followed.setdefault(target.address, found)
        return found

    def _at(self, keys: tuple[str, ...], *, descend: bool = True) -> Any:
        """The value; a block, which a plan writes as a list, is its first entry."""
        value: Any = self.values.get(keys[0])
        one = True
        for key in keys[1:]:
            if isinstance(value, list):
                one = one and len(value) < 2
                value = value[0] if value else None
            value = value.get(key) if isinstance(value, dict) else None
        if one and self.trace is not None:
            self.trace.read.add((self.address, (*self.within, *keys) if self.within else keys))
        return value[0] if descend and isinstance(value, list) and value else value


Uses = Callable[[Planned, Catalog], Iterable[Use]]


@dataclass(frozen=True)
class PlanPrices:
    """What a cloud bills for in a plan by the type of a resource; types in `free` are never billed by themselves.

    `prefix` is what its types begin with. `region_of` finds the region in a resource's own values. A name in `free`
    that ends in `*` stands for every type that begins so, one that begins with it for every type that ends so.
    `on_cluster` are types of Kubernetes for which the cloud
    makes something; what they use is nothing where another cloud makes it. `clusters` are types of its own clusters of
    Kubernetes, by which it is told where a plan has several clouds. `region_pattern` is what every region of
    the cloud looks like. `described` are types that say what other resources are, such as launch templates: what is
    billed of them is billed with those that refer to them. `billed` and `usage_keys` are the cloud's tables.
    """

    prefix: str
    uses: Mapping[str, Uses]
    free: tuple[str, ...]
    region_of: Callable[[Mapping[str, Any]], str]
    on_cluster: Mapping[str, Uses] = field(default_factory=dict)
    clusters: tuple[str, ...] = ()
    region_pattern: str = ".+"
    described: tuple[str, ...] = ()
    billed: Mapping[str, tuple[BilledAttribute, ...]] = field(default_factory=dict)
    usage_keys: Mapping[str, Mapping[str, UsageKey]] = field(default_factory=dict)

    def is_free(self, type_: str) -> bool:
        """Whether the type is known to cost no charge of its own."""
        return type_ in self._free or type_.startswith(self._free_beginnings) or self._ends_free(type_)

    @cached_property
    def _free(self) -> frozenset[str]:
        return frozenset(self.free)

    def _ends_free(self, type_: str) -> bool:
        return type_.startswith(self.prefix) and type_.endswith(self._free_endings)

    @cached_property
    def _free_endings(self) -> tuple[str, ...]:
        return tuple(name[1:] for name in self.free if name.startswith("*"))

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
