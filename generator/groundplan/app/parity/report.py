"""The parity report: one spec on several clouds, side by side. Every list has one entry per cloud, in one order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, TypeAlias

from groundplan.catalog.catalog import Architecture
from groundplan.clouds.base import Cloud
from groundplan.components.base import Effect
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Diagnostic
from groundplan.prices.age import age_of, stale
from groundplan.quantities import Band
from groundplan.stack.model import Stack

Status: TypeAlias = Literal["module", "built_in", "unused", "unresolved"]
"""`module`: made by modules; `built_in`: the cloud has it anyway; `unused`: the spec does not ask for it;
`unresolved`: no cloud could say."""


@dataclass(frozen=True)
class Side:
    """The spec on one cloud: resolved and priced, or the reasons why it is not."""

    cloud: Cloud
    region: str
    account: str
    retargeted: bool
    """Whether this is another cloud than the spec's own."""
    stack: Stack | None
    cost: CostReport | None
    diagnostics: tuple[Diagnostic, ...] = ()
    """Errors when there is no stack, else warnings; each with its place in the spec."""

    @property
    def title(self) -> str:
        """The cloud's name for readers."""
        return self.cloud.title


@dataclass(frozen=True, slots=True)
class Money:
    """What a month costs; "at least" unless every line of it has a figure."""

    band: Band
    complete: bool


@dataclass(frozen=True, slots=True)
class Driver:
    """An item of the price book, and what it is expected to cost a month in US dollars."""

    item: str
    monthly_usd: Decimal


@dataclass(frozen=True, slots=True)
class Given:
    """What one cloud gives in one component."""

    status: Status
    modules: tuple[str, ...]
    """Modules that the roots call, below `modules/`."""
    instead: str
    """What the cloud has in place of a module; empty otherwise."""
    aspects: Mapping[str, str]
    monthly: Money | None
    """None where the spec cannot be resolved."""
    drivers: tuple[Driver, ...]
    """The dearest items of it, dearest first."""


@dataclass(frozen=True, slots=True)
class ComponentParity:
    """One component on every cloud."""

    name: str
    given: tuple[Given, ...]

    @property
    def used(self) -> bool:
        """Whether any cloud needs it for this spec."""
        return any(given.status in ("module", "built_in") for given in self.given)

    @property
    def differing(self) -> tuple[str, ...]:
        """Aspects about which the clouds that have words say different things."""
        spoken = [given.aspects for given in self.given if given.aspects]
        names = dict.fromkeys(name for aspects in spoken for name in aspects)
        return tuple(name for name in names if len({aspects.get(name) for aspects in spoken}) > 1)


@dataclass(frozen=True, slots=True)
class Machine:
    """The machine a pool or a database has on one cloud; amounts are those of one machine."""

    types: tuple[str, ...]
    """In order of preference; the numbers are those of the first."""
    vcpus: int
    memory_gib: Decimal
    architecture: Architecture | None
    gpu_type: str | None
    gpu_count: int
    gpu_memory_gib: int
    """Of each device."""
    local_storage_gib: int
    previous_generation: bool
    on_demand: Band | None
    spot: Band | None


@dataclass(frozen=True, slots=True)
class MachineParity:
    """Equivalent machines; None where a cloud cannot be resolved.

    `differences` are words about each cloud's machine beside the first there is; empty for that one.
    """

    path: str
    purchase_option: str
    """The purchase option of a pool; whether a database has a standby."""
    machines: tuple[Machine | None, ...]
    differences: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class DecisionParity:
    """Something decided, or bounded, differently. None where a cloud has no such thing or cannot be resolved."""

    what: str
    values: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting with another effect than it says on one cloud, at one or more paths of the spec."""

    cloud: str
    component: str
    effect: Effect
    words: str
    paths: tuple[str, ...]
    places: tuple[str, ...]
    """`file:line:column` of those paths that the spec states; the others are defaults."""


@dataclass(frozen=True)
class ParityReport:
    """Everything that is the same or not, of one spec on several clouds."""

    name: str
    sides: tuple[Side, ...]
    components: tuple[ComponentParity, ...]
    pools: tuple[MachineParity, ...]
    database: MachineParity | None
    decisions: tuple[DecisionParity, ...]
    limits: tuple[DecisionParity, ...]
    settings: tuple[Setting, ...]

    @property
    def complete(self) -> bool:
        """Whether every cloud can express the spec."""
        return all(side.stack is not None for side in self.sides)

    def old_prices(self, today: date) -> list[Diagnostic]:
        """A warning when some of the prices are older than a year on that day."""
        lines = (line for side in self.sides if side.cost for line in side.cost.lines)
        return stale(age_of((line.as_of for line in lines), today), "prices used")

    @property
    def shapes(self) -> tuple[MachineParity, ...]:
        """The pools and the database."""
        return (*self.pools, *((self.database,) if self.database else ()))
