"""What `resolve` gathers on the way, and what its parts share."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal
from typing import TypeVar, overload

from groundplan.catalog.catalog import Region
from groundplan.clouds.base import Cloud
from groundplan.diagnostics import Diagnostic
from groundplan.prices.book import PurchaseOption
from groundplan.spec.model import Spec
from groundplan.stack import naming
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Alternative, Decision, Origin, P, Part

T = TypeVar("T")


@dataclass
class Work:
    """One spec on its way to a stack: decisions and diagnostics so far."""

    spec: Spec
    cloud: Cloud
    kept: Kept = NOTHING
    decisions: list[Decision] = field(default_factory=list)
    diagnostics: list[Diagnostic] = field(default_factory=list)
    purchase_option: PurchaseOption | None = None
    explain: bool = True
    """Whether anybody asks what else was considered."""
    parts: dict[str, Part | None] = field(default_factory=dict)
    """What was decided so far, by component."""
    zones: tuple[str, ...] = ()
    """Zones to use; none where the subnets of an existing network decide it."""

    @property
    def region(self) -> Region:
        """The region, which is one of the cloud's."""
        return self.cloud.catalog.regions[self.spec.cloud.region]

    def part(self, kind: type[P]) -> P | None:
        """What was decided about the component that has parts of this kind; None where the spec has no use for it.

        The component that asks names the other in its `reads`, so that it comes later.
        """
        part = self.parts[kind.component]
        return part if isinstance(part, kind) else None

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
        self.decide(path, said, Origin.SPEC, "as set in the spec")
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


def bucket_name(work: Work, name: str, path: str) -> str:
    """The name in the cloud of a bucket; noted as an error at `path` when the cloud refuses it."""
    full = naming.bucket_name(work.spec, name)
    work.diagnostics += naming.check_name(work.cloud, "bucket", full, path)
    return full
