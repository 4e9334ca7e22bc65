"""The estimate of a plan."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from groundplan.clouds.base import Cloud
from groundplan.clouds.support import VersionInUse
from groundplan.clouds.usage_keys import UsageKey
from groundplan.cost.report import CostReport


@dataclass(frozen=True, slots=True)
class PlanReport:
    """The estimate of a plan, and the resources of it that are not billed."""

    cost: CostReport
    types: Mapping[str, str]
    """Types of the resources that will be there after apply, by address."""
    free: tuple[str, ...]
    """Addresses of those that cost nothing by themselves."""
    without_region: int = 0
    """Resources of which the plan says no region, priced in the one that was given."""
    asked: Mapping[str, Mapping[str, UsageKey]] = field(default_factory=dict)
    """What a usage file may say of them, by address and key."""
    versions: tuple[tuple[Cloud, str, VersionInUse], ...] = ()
    """Versions that resources are on, with the cloud and the region that they are in."""

    @property
    def resources(self) -> int:
        """Resources that will be there after apply."""
        return len(self.types)

    @property
    def priced(self) -> int:
        """Resources of which every part that is there without use has a price."""
        missing = {item.address for item in self.cost.unpriced if item.reason != "usage not stated"}
        return len({line.address for line in self.cost.lines} - missing)

    @property
    def by_use(self) -> int:
        """Resources that cost only what they are used for, which no plan says."""
        lines = {line.address for line in self.cost.lines}
        missing = {item.address for item in self.cost.unpriced if item.reason != "usage not stated"}
        return len({item.address for item in self.cost.unpriced} - lines - missing)

    @property
    def unknown(self) -> int:
        """Resources with a part that has no price, or of a type that is not known."""
        return self.resources - self.priced - self.by_use - len(self.free)
