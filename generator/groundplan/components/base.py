"""What a component is: module calls, and what those consume. One file each, one line in the registry."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal, Protocol

from groundplan.hcl.write import Value
from groundplan.prices.book import PurchaseOption
from groundplan.quantities import Band
from groundplan.stack.model import Capacity, Stack

STATE = "00-state"
FOUNDATION = "10-foundation"
PLATFORM = "20-platform"
LAYERS = (STATE, FOUNDATION, PLATFORM)
"""The roots, in the order in which they are applied."""

POOL_LABEL = "groundplan/pool"
"""The label by which a node pool module names its nodes; workloads select a pool by it."""


@dataclass(frozen=True, slots=True)
class Output:
    """An output of a root."""

    name: str
    value: Value
    description: str


@dataclass(frozen=True, slots=True)
class ModuleCall:
    """One `module` block: its name, the module below `modules/`, its arguments, and the spec path that caused it."""

    component: str
    name: str
    source: str
    layer: str
    arguments: Mapping[str, Value]
    path: str
    comment: str = ""
    depends_on: tuple[str, ...] = ()
    outputs: tuple[Output, ...] = ()

    @property
    def address(self) -> str:
        """The Terraform address that everything in this call starts with."""
        return f"module.{self.name}"


MeterKind = Literal["fixed", "training", "serving", "usage"]
"""`fixed` is due every month whatever runs; `usage` grows with use; pools are `training` or `serving`."""


@dataclass(frozen=True, slots=True)
class Meter:
    """What a component consumes of one priced item, and the assumption behind the quantity.

    `option` is how an instance type is bought, None for everything else. `quantity` None says that nobody
    stated the use, so the line is listed as unpriced. `address` is the module call that consumes.
    """

    component: str
    item: str
    unit: str
    quantity: Band | None
    assumption: str
    kind: MeterKind
    path: str
    address: str
    option: Capacity | PurchaseOption | None = None
    steady: Decimal = Decimal(0)
    kept_days: int = 0


class Component(Protocol):
    """One part of an environment."""

    @property
    def name(self) -> str:
        """Name in reports, such as `node_pool`."""

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """The module calls this stack needs of the component; none when the stack has no use for it."""

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """What those calls consume."""
