"""Versions of what runs, and the days on which their support changes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from groundplan.catalog.catalog import Catalog
from groundplan.catalog.engines import EngineVersion
from groundplan.clouds.billing import Billing, Use

if TYPE_CHECKING:
    from groundplan.clouds.planned import Planned

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
    """Where the spec says the version; empty for one of a plan."""
    advice: str
    """What to do before that day."""
    then: Use | None = None
    """What is billed from that day on; None where the cloud upgrades it by itself."""
    instead_of: Use | None = None
    """What is billed until then and not any more; None where `then` comes on top."""
    address: str = ""
    """The resource of a plan that says the version."""
    third_year_from: date | None = None
    """The first day on which `in_third_year` is billed in the place of `then`; None where that stays."""
    in_third_year: Use | None = None

    def billed_on(self, today: date) -> Use | None:
        """What is billed on that day for being past standard support; None for nothing."""
        if today < self.standard_until:
            return None
        third = self.third_year_from is not None and today >= self.third_year_from
        return self.in_third_year if third and self.in_third_year is not None else self.then

    def ends_within(self, today: date) -> bool:
        """Whether that day is past, or less than a year away."""
        return (self.standard_until - today).days <= NOTICE_DAYS


Versions: TypeAlias = Callable[["Planned", Catalog], Iterable[VersionInUse]]
"""Versions that a resource of a plan is on."""


def kubernetes_version(  # noqa: PLR0913 - what of a version is not in the table
    version: str, service: str, address: str, catalog: Catalog, billing: Billing, *, kept: bool, path: str = ""
) -> Iterator[VersionInUse]:
    """A version such as `1.34`, or of a release such as `1.34.1-gke.1`; nothing for one that the table does not have.

    `kept` says that the cloud keeps it past standard support, for which the control plane costs more.
    """
    minor = ".".join(version.split(".")[:2])
    for row in (row for row in catalog.kubernetes_versions if row.version == minor):
        later = [other.version for other in catalog.kubernetes_versions if other.standard_until > row.standard_until]
        yield VersionInUse(
            what=f"Kubernetes {minor} on {service}",
            standard_until=row.standard_until,
            path=path,
            advice=f"upgrade to {later[0]} by then" if later else "upgrade by then",
            then=billing.control_plane(minor, extended=True) if kept else None,
            instead_of=billing.control_plane(minor, extended=False) if kept else None,
            address=address,
        )


def engine_version(
    title: str, row: EngineVersion, *, path: str = "", address: str = "", then: Use | None = None
) -> VersionInUse:
    """A major version of a database engine; `title` is such as `PostgreSQL {} on RDS`."""
    what = title.format(".".join(map(str, row.version)))
    return VersionInUse(what, row.extended_from, path, "upgrade by then", then, address=address)
