"""The stack: everything decided. No field means "default" any more, and every decision keeps its reason."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Literal, TypeVar

from groundplan.diagnostics import Diagnostic
from groundplan.hcl.write import Value
from groundplan.prices.book import PurchaseOption

SYSTEM_POOL = "system"
"""Name of the pool that runs what the cluster itself needs."""

Capacity = Literal["on_demand", "spot", "spot_with_fallback"]


class Origin(StrEnum):
    """Who decided."""

    SPEC = "spec"
    DEFAULT = "default"
    CATALOG = "catalog"
    DERIVED = "derived"


@dataclass(frozen=True, slots=True)
class Alternative:
    """A choice that was not taken, or that was taken beside the first."""

    name: str
    reason: str
    usd_per_hour: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """One decided value: where it stands in the spec's terms, who decided, why, and what else was considered."""

    path: str
    value: str
    origin: Origin
    reason: str
    """Why, in words that stay true when prices change."""
    alternatives: tuple[Alternative, ...] = ()
    priced_reason: str = ""
    """Why, with current prices; empty where no price decided."""

    @property
    def explanation(self) -> str:
        """Why, with current prices where one decided."""
        return self.priced_reason or self.reason


@dataclass(frozen=True, slots=True)
class Traffic:
    """What the spec says of traffic that is billed, in GiB a month; None where it says nothing."""

    internet_gib: Decimal | None = None
    other_region_gib: Decimal | None = None
    zone_gib: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """What was decided about one component: frozen dataclasses in `components/<name>/part.py`."""

    component: ClassVar[str]
    key: ClassVar[str | None] = None
    """Key in the stack's JSON; None for the component's name, empty where its fields stand by themselves."""


@dataclass(frozen=True, slots=True)
class Need:
    """Something that a component declares it needs of the others: the kinds stand in `components/needs.py`."""


P = TypeVar("P", bound=Part)
N = TypeVar("N", bound=Need)


@dataclass(frozen=True, slots=True)
class Stack:
    """Everything decided about one environment: what holds for all of it, and a part for each component."""

    name: str
    owner: str
    labels: Mapping[str, str]
    provider: str
    region: str
    account: str
    options: Mapping[str, Value]
    """Settings of the whole environment that only this cloud has."""
    parts: Mapping[str, Part | None]
    """What was decided about each component, by its name; None for one that the spec has no use for."""
    decisions: tuple[Decision, ...] = ()
    notices: tuple[Diagnostic, ...] = ()
    """Warnings: the stack is as set in the spec, and the user should know something about it."""
    traffic: Traffic = Traffic()
    purchase_option: PurchaseOption | None = None
    """Purchase option of all machines, for an estimate that asks what that would cost; None: as set in the spec."""
    needs: tuple[Need, ...] = ()
    """What the components need of each other."""

    def needed(self, kind: type[N]) -> tuple[N, ...]:
        """What the components declare of this kind, in their order."""
        return tuple(need for need in self.needs if isinstance(need, kind))

    def part(self, kind: type[P]) -> P | None:
        """What was decided about the component that has parts of this kind."""
        part = self.parts.get(kind.component)
        return part if isinstance(part, kind) else None

    def with_part(self, part: Part) -> Stack:
        """The same stack with another part in the place of its component's."""
        return replace(self, parts={**self.parts, part.component: part})
