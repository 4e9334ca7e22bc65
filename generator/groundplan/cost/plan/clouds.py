"""The clouds that bill for resources of plans."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache, lru_cache

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.clouds.planned import PlanPrices
from groundplan.clouds.usage_keys import UsageKey
from groundplan.diagnostics import Diagnostic, DiagnosticsError

Billing = Sequence[tuple[Cloud, PlanPrices]]
"""Clouds, each with what it bills for in a plan."""


@cache
def billing_clouds() -> tuple[tuple[Cloud, PlanPrices], ...]:
    """Each cloud with what it bills for in a plan."""
    found = []
    for name in CLOUDS:
        cloud = find_cloud(name)
        planned = cloud.extension("planned") if cloud is not None else None
        if cloud is not None and planned is not None:
            found.append((cloud, planned.PLANNED))
    return tuple(found)


def with_prices(clouds: Mapping[str, Cloud] | None) -> Billing:
    """The same with the tables that `clouds` have for some, by name: the user's prices over their own."""
    return tuple(((clouds or {}).get(cloud.name, cloud), prices) for cloud, prices in billing_clouds())


@lru_cache(maxsize=1_000)
def owner_of(type_: str) -> PlanPrices | None:
    """What the cloud that a type belongs to bills for; None for a type of none."""
    return next((prices for _, prices in billing_clouds() if type_.startswith(prices.prefix)), None)


def usage_keys() -> Mapping[str, Mapping[str, UsageKey]]:
    """What a usage file may say, by type of resource, of all clouds."""
    return {type_: keys for _, prices in billing_clouds() for type_, keys in prices.usage_keys.items()}


def region_for(prices: PlanPrices, region: str | None, clouds: Billing) -> str:
    """The region, where it is one of the cloud; else empty."""
    return region if region and any(of is prices and region in c.catalog.regions for c, of in clouds) else ""


def check_region(region: str, clouds: Mapping[str, Cloud] | None = None) -> None:
    """Raises DiagnosticsError for a region that no cloud has."""
    known = sorted({name for cloud, _ in with_prices(clouds) for name in cloud.catalog.regions})
    if region not in known:
        hint = f"known: {', '.join(known)}"
        raise DiagnosticsError([Diagnostic("GP305", f"no region `{region}` in the tables", hint=hint)])
