"""Versions of what runs, and the days on which their support changes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from groundplan.clouds.billing import Use

NOTICE_DAYS = 365
"""An estimate looks a year ahead."""


@dataclass(frozen=True, slots=True)
class VersionInUse:
    """A version that something is on, and what is billed of it once its standard support is over."""

    what: str
    """Such as `Kubernetes 1.34 on EKS`."""
    standard_until: date
    """The first day without standard support."""
    path: str
    """Where the spec, or an address where a plan, says the version."""
    advice: str
    """What to do before that day."""
    then: Use | None = None
    """What is billed from that day on; None where the cloud upgrades it by itself."""
    instead_of: Use | None = None
    """What is billed until then and not any more; None where `then` comes on top."""

    def ends_within(self, today: date) -> bool:
        """Whether that day is past, or less than a year away."""
        return (self.standard_until - today).days <= NOTICE_DAYS
