"""The zones of a network: those that the environment is in already, or those that offer what its pools want."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from groundplan.catalog.catalog import Offer, Region
from groundplan.components.network import spec as blocks
from groundplan.components.node_pool.part import Pool
from groundplan.components.node_pool.zones import offered_zones
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.stack.model import Origin
from groundplan.stack.selection import SEVERAL_ZONES
from groundplan.stack.work import Work

DEFAULT_ZONES = 3
MIN_ZONES = 2


def choose_zones(work: Work, region: Region, pools: Sequence[Pool]) -> tuple[str, ...]:
    """The zones to use; none where the subnets of an existing network decide it, or too many are wanted.

    A running environment stays where it is: zones are added and given up only when `network.zones` says so, and only
    where the cloud lets them come and go.
    """
    said = work.spec.section(blocks.Network)
    if said.existing is not None and work.cloud.network.zonal_subnets:
        return ()
    standing = _standing(work, region)
    usual = min(DEFAULT_ZONES, len(region.cluster_zones))
    own = len(standing) if standing else usual
    reason = "the loss of one zone leaves a majority" if own == usual else "as many as the environment is in"
    count = work.choose("network.zones", said.zones, own, reason)
    if count > len(region.cluster_zones):
        work.diagnostics.append(_too_many(region, count))
        return ()
    zones, reason = _zones(work, region, count, pools, standing)
    work.diagnostics += _not_offered(work, region, pools, zones)
    work.decide("network.zone_ids", ", ".join(zones), Origin.CATALOG, reason)
    return zones


def _standing(work: Work, region: Region) -> tuple[str, ...]:
    """The zones of the environment as it is; none where the last render names none that the region has."""
    zones = work.kept.standing_names("network.zone_ids")
    known = len(set(zones)) == len(zones) and set(zones) <= set(region.cluster_zones)
    return zones if known and len(zones) >= MIN_ZONES else ()


def _offers(work: Work, region: Region, pools: Sequence[Pool]) -> list[Offer]:
    types = dict.fromkeys(name for pool in pools for name in pool.instance_types)
    return [offer for name in types if (offer := work.cloud.catalog.offer(region.name, name)) and offer.zones]


def _zones(
    work: Work, region: Region, count: int, pools: Sequence[Pool], standing: tuple[str, ...]
) -> tuple[tuple[str, ...], str]:
    """The zones and why; an error or a warning where the number wanted is not that of the environment."""
    chosen = _best(work, region.cluster_zones, count, pools)
    reason = "zones that offer the pools' types" if _offers(work, region, pools) else "the region's first zones"
    if not standing:
        return _kept_choice(work, region, chosen, pools, reason)
    if count != len(standing) and _fixed(work):
        work.diagnostics.append(_cannot_change(work, count, standing))
        return standing, reason
    if count < len(standing):
        work.diagnostics.append(_given_up(work, standing[count:]))
        return standing[:count], "the first zones of those that the environment is in"
    others = [zone for zone in region.cluster_zones if zone not in standing]
    further = _best(work, others, count - len(standing), pools, beside=standing)
    zones = (*standing, *further)  # in this order: ranges of subnets, and the zone of a zonal cluster, go by position
    if set(zones) == set(chosen):
        return zones, reason
    return zones, "the zones that the environment is in" + (", and further ones" if further else "")


def _kept_choice(
    work: Work, region: Region, chosen: tuple[str, ...], pools: Sequence[Pool], reason: str
) -> tuple[tuple[str, ...], str]:
    """The zones of the last render, which stands nowhere, as long as they serve; else those chosen now."""
    before = work.kept.names("network.zone_ids")
    each_once = len(set(before)) == len(before) and set(before) <= set(region.cluster_zones)
    serve = each_once and _served(work, before, pools)[0] == len(pools)
    if before != chosen and len(before) == len(chosen) and serve:
        return before, f"kept from the last render; --upgrade takes {', '.join(chosen)}"
    return chosen, reason


def _best(
    work: Work, zones: Sequence[str], count: int, pools: Sequence[Pool], *, beside: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """The first `count` of the zones that, with those `beside` them, serve the pools best."""
    return max(combinations(zones, count), key=lambda chosen: _served(work, (*beside, *chosen), pools))


def _served(work: Work, zones: Sequence[str], pools: Sequence[Pool]) -> tuple[int, int, int]:
    """How many pools find all of their types in one of the zones, how many in two, and in how many all together."""
    types = [pool.instance_types for pool in pools]
    offered = [len(offered_zones(names, zones, work.region.name, work.cloud.catalog)) for names in types]
    return sum(n >= 1 for n in offered), sum(n >= SEVERAL_ZONES for n in offered), sum(offered)


def _fixed(work: Work) -> bool:
    """Whether the cloud keeps the environment in its zones: because of the cluster that is there."""
    return bool(work.cloud.network.zones_fixed and work.kept.standing("cluster.version"))


def _not_offered(work: Work, region: Region, pools: Sequence[Pool], zones: Sequence[str]) -> Iterator[Diagnostic]:
    """Types that none of the zones offers, at the pool where the zones stay as they are."""
    fixed = _fixed(work)
    for pool in pools:
        for offer in _offers(work, region, [pool]):
            if set(offer.zones) & set(zones):
                continue
            why = f", and {work.cloud.network.zones_fixed}" if fixed else ""
            further = "name another type, or an environment of another name" if fixed else "use more network.zones"
            yield Diagnostic(
                code="GP302",
                message=f"{offer.instance_type} is offered in none of the zones {', '.join(zones)}{why}",
                hint=f"it is offered in {', '.join(offer.zones)}; {further}",
                path=pool.path if fixed else "network.zones",
            )


def _too_many(region: Region, count: int) -> Diagnostic:
    return Diagnostic(
        code="GP305",
        message=f"{count} zones wanted; {region.name} has {len(region.cluster_zones)} that carry clusters",
        hint=f"use network.zones: {len(region.cluster_zones)}",
        path="network.zones",
    )


def _cannot_change(work: Work, count: int, standing: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code="GP308",
        message=f"{count} zones wanted; `{work.spec.name}` is in {len(standing)}, {', '.join(standing)}, and "
        f"{work.cloud.network.zones_fixed}",
        hint=f"use network.zones: {len(standing)}, or an environment of another name; --forget if it was never applied",
        path="network.zones",
    )


def _given_up(work: Work, zones: Sequence[str]) -> Diagnostic:
    return Diagnostic(
        code="GP308",
        severity=Severity.WARNING,
        message=f"`{work.spec.name}` leaves {', '.join(zones)}: nodes there go, and volumes there have no node",
        hint="1. move what has a volume there, 2. drain its nodes, 3. apply",
        path="network.zones",
    )
