"""Whether the private ranges of a network hold the nodes that its pools may have."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from groundplan.clouds.base import AddressPlan
from groundplan.components.node_pool.part import Pool
from groundplan.components.node_pool.zones import pool_zones
from groundplan.diagnostics import Diagnostic
from groundplan.stack.work import Work


def check_room(
    work: Work, pools: Sequence[Pool], cidr: str, plan: AddressPlan, zones: Sequence[str]
) -> Iterator[Diagnostic]:
    """GP304 where a network of these zones is too small, or the subnets of those of them that some pools are held to.

    All pools fit exactly when, for every choice of zones, those that can be nowhere else fit there (Hall's theorem).
    The fewest zones that do not suffice are named.
    """
    for count in range(1 if work.cloud.network.zonal_subnets else len(zones), len(zones) + 1):
        for some in combinations(zones, count):
            wanted = sum(pool.nodes_max for pool in pools if set(_zones(work, pool, zones)) <= set(some))
            room = plan.max_nodes * count // len(zones)
            if wanted > room:
                yield _too_small(cidr, wanted, room, () if count == len(zones) else some)
                return


def _zones(work: Work, pool: Pool, zones: Sequence[str]) -> tuple[str, ...]:
    zonal = work.cloud.network.zonal_subnets
    # What no zone offers is an error of its own.
    return pool_zones(pool, zones, work.region.name, work.cloud.catalog, zonal=zonal) or tuple(zones)


def _too_small(cidr: str, wanted: int, room: int, zones: Sequence[str]) -> Diagnostic:
    there = f" in {', '.join(zones)} alone" if zones else ""
    message = f"{wanted} nodes at most are wanted{there}; the private ranges of {cidr} hold {room}{there and ' there'}"
    return Diagnostic("GP304", message, hint="use a larger network.cidr, or lower nodes.max", path="network.cidr")
