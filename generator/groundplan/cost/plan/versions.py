"""Versions of what a plan has, and what is billed of them on the day of the estimate."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Use
from groundplan.clouds.planned import Planned
from groundplan.clouds.support import VersionInUse, Versions
from groundplan.cost.plan.clouds import billing_clouds

DATABASE_SUPPORT = "database.extended_support"
"""How items of extended support of databases begin, that of the third year too."""


class VersionsInUse:
    """What versions resources are on, noted as they are billed."""

    def __init__(self, today: date | None) -> None:
        """`today` is the day on which versions are supported or not; None for that of the tables."""
        self.found: list[tuple[Cloud, str, VersionInUse]] = []
        """With the cloud and the region that they are in."""
        self._today = today
        self._rules: dict[str, Versions] = {}
        for cloud, _ in billing_clouds():
            module = cloud.extension("versions")
            self._rules |= module.VERSIONS if module else {}

    def billed(self, resource: Planned, cloud: Cloud, uses: Sequence[Use]) -> tuple[Use, ...]:
        """What the resource uses, with what is billed of a version that has left standard support."""
        rule = self._rules.get(resource.type)
        versions = list(rule(resource, cloud.catalog)) if rule else []
        self.found += [(cloud, resource.region, version) for version in versions]
        for version in versions:
            then = version.billed_on(self._today) if self._today is not None else None
            if then is not None:
                uses = tuple(_past_support(version.instead_of, then, uses))
        return tuple(uses)


def _past_support(instead_of: Use | None, then: Use, uses: Sequence[Use]) -> Iterator[Use]:
    """The uses, with that of extended support for what it replaces, or beside them where they do not have it.

    Rules that bill it by the day of the tables have counted what is in it: that stays, and is billed as it is now.
    """
    if instead_of is not None:
        yield from (then if use == instead_of else use for use in uses)
        return
    yield from (replace(use, item=then.item) if use.item.startswith(DATABASE_SUPPORT) else use for use in uses)
    if not any(use.item.startswith(DATABASE_SUPPORT) for use in uses):
        yield then
