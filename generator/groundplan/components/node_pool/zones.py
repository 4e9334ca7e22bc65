"""Where the nodes of a pool may be: in zones that offer all of its machine types.

EKS makes no node group that has a subnet in another zone, GKE no node pool:
https://github.com/eksctl-io/eksctl/issues/6461.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from groundplan.catalog.catalog import Catalog
from groundplan.components.network import spec as network_blocks
from groundplan.components.node_pool.part import Pool
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.stack.model import Origin
from groundplan.stack.work import Work

SYSTEM_ZONES = 2
"""Zones of the system pool where a subnet lies in one zone: a node always on in each, for volumes there."""


def offered_zones(types: Sequence[str], zones: Sequence[str], region: str, catalog: Catalog) -> tuple[str, ...]:
    """Those of `zones` that offer every type; a type for which no source names zones is taken for offered in all."""
    offers = [catalog.offer(region, name) for name in types]
    wanted = [offer.zones for offer in offers if offer and offer.zones]
    return tuple(zone for zone in zones if all(zone in offered for offered in wanted))


def pool_zones(pool: Pool, zones: Sequence[str], region: str, catalog: Catalog, *, zonal: bool) -> tuple[str, ...]:
    """The zones of the pool among those of the network; `zonal`: whether a subnet lies in one zone."""
    offered = offered_zones(pool.instance_types, zones, region, catalog)
    return offered[:SYSTEM_ZONES] if zonal and pool.kind == "system" else offered


def system_zones(work: Work) -> int:
    """Zones that the system pool has node groups of its own in; 0 where its one group can start nodes in any zone."""
    if not work.cloud.network.zonal_subnets:
        return 0
    existing = work.spec.section(network_blocks.Network).existing
    return len(existing.private_subnets) if existing else SYSTEM_ZONES


def check_zones(work: Work, pools: Sequence[Pool], zones: Sequence[str]) -> None:
    """Note where each pool is that is not in all of the network's zones: an error for none, a warning for one.

    `zones` are those of the network; none where existing subnets decide them: then all of the region count.
    """
    existing, candidates = not zones, zones or work.region.zones
    for pool in pools:
        zonal = work.cloud.network.zonal_subnets and not existing
        offered = pool_zones(pool, candidates, work.region.name, work.cloud.catalog, zonal=zonal)
        if not offered:
            work.diagnostics += _nowhere(work, pool, candidates)
            continue
        if len(offered) < len(candidates):
            path = "cluster.system_pool.zones" if pool.kind == "system" else f"{pool.path}.zones"
            reason = (
                "where a volume of a zone finds a node" if zonal and pool.kind == "system" else "they offer its types"
            )
            work.decide(path, ", ".join(offered), Origin.CATALOG, reason)
        if len(offered) == 1 < len(candidates):
            work.diagnostics.append(_one_zone(pool, offered[0], existing=existing))


def _nowhere(work: Work, pool: Pool, zones: Sequence[str]) -> Iterator[Diagnostic]:
    """An error where each type is offered, but none of the zones has all; where no
    zone of the region has, or one type is in none of the zones, that is said elsewhere."""
    offers = [work.cloud.catalog.offer(work.region.name, name) for name in pool.instance_types]
    by_type = {offer.instance_type: offer.zones for offer in offers if offer and offer.zones}
    somewhere = by_type and set.intersection(*map(set, by_type.values()))
    if somewhere and all(set(offered) & set(zones) for offered in by_type.values()):
        message = f"none of the zones {', '.join(zones)} offers all types: {', '.join(pool.instance_types)}"
        where = "; ".join(f"{name} is offered in {', '.join(offered)}" for name, offered in by_type.items())
        yield Diagnostic("GP302", message, hint=f"{where}; name types that share a zone", path=pool.path)


def _one_zone(pool: Pool, zone: str, *, existing: bool) -> Diagnostic:
    what = "the system pool" if pool.kind == "system" else f"`{pool.path}`"
    message = (
        f"nodes of {what} are in {zone} alone: no other zone of the network offers {' and '.join(pool.instance_types)}"
    )
    if existing:
        message = f"nodes of {what} need a subnet in {zone}: no other zone offers {' and '.join(pool.instance_types)}"
    hint = "when that zone is out, so is the pool; other types, or another region, may be offered in more"
    return Diagnostic(code="GP310", message=message, hint=hint, path=pool.path, severity=Severity.WARNING)
