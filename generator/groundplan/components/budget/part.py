"""What the environment may cost, as it was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar, Literal

from groundplan.hcl.write import Value
from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class Enforced:
    """The cloud's own budget: whose cost counts, who is told and from which percentages of the limit on."""

    scope: Literal["environment", "account"]
    emails: tuple[str, ...]
    alert_percent: tuple[int, ...]
    """Of what was spent."""
    forecast_percent: tuple[int, ...]
    """Of what the cloud expects of the month."""
    options: Mapping[str, Value]
    """Settings that only this cloud has."""


@dataclass(frozen=True, slots=True)
class Limits(Part):
    """What a month may cost. Items have their names in the estimate."""

    component: ClassVar[str] = "budget"
    monthly_usd: Decimal
    components_usd: Mapping[str, Decimal]
    """Most US dollars a month of parts: places in the spec or names of components."""
    unpriced_usd: Mapping[str, Decimal]
    """Most US dollars a month of items without a figure, as the user says."""
    bounds: Mapping[str, Decimal]
    """Most of an item in a month, in its unit, as the user says."""
    enforced: Enforced | None
    """None where the cloud has no budget of its own for it."""


def limits_of(stack: Stack) -> Limits | None:
    """What the stack may cost, None where the spec does not say."""
    return stack.part(Limits)


def enforced_of(stack: Stack) -> Enforced | None:
    """The cloud's own budget of the stack, None without one."""
    limits = limits_of(stack)
    return limits.enforced if limits else None
