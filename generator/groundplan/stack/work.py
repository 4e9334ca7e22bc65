"""What `resolve` gathers on the way, and what its parts share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar, overload

from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic
from groundplan.prices.book import PurchaseOption
from groundplan.spec.model import Spec
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Alternative, Decision, Origin

T = TypeVar("T")


@dataclass
class Work:
    """One spec on its way to a stack: decisions and diagnostics so far."""

    spec: Spec
    cloud: Cloud
    kept: Kept = NOTHING
    decisions: list[Decision] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    purchase: PurchaseOption | None = None

    def decide(  # noqa: PLR0913, PLR0917 - the fields of a decision
        self,
        path: str,
        value: object,
        origin: Origin,
        reason: str,
        alternatives: Iterable[Alternative] = (),
        priced_reason: str = "",
    ) -> None:
        """Note a decision; the value in the words of the spec."""
        text = str(value).lower() if isinstance(value, bool) else str(value)
        self.decisions.append(Decision(path, text, origin, reason, tuple(alternatives), priced_reason))

    def choose(self, path: str, said: T | None, default: T, reason: str) -> T:
        """What the spec says, or the default with its reason; both are noted."""
        if said is None:
            self.decide(path, default, Origin.DEFAULT, reason)
            return default
        self.decide(path, said, Origin.SPEC, "as the spec says")
        return said


@overload
def as_written(number: float) -> Decimal: ...
@overload
def as_written(number: None) -> None: ...
def as_written(number: float | None) -> Decimal | None:
    """The number as it was written: 120.0 and 120 are both 120."""
    if number is None:
        return None
    return Decimal(int(number)) if number == int(number) else Decimal(str(number))
