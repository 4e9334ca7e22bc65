"""The network of a stack: its zones and its address plan, or the one that is there."""

from __future__ import annotations

import re
from collections.abc import Sequence

from groundplan.catalog.catalog import Offer, Region
from groundplan.components.network import spec as blocks
from groundplan.components.network.part import ExistingNetwork, Network
from groundplan.components.node_pool.part import Pool, Pools
from groundplan.diagnostics import Diagnostic
from groundplan.spec.declared import wants_network
from groundplan.stack.model import Origin
from groundplan.stack.work import Work

DEFAULT_ZONES = 3
DEFAULT_CIDR = "10.20.0.0/16"
DEFAULT_RETENTION_DAYS = 365


def resolve_network(work: Work) -> Network | ExistingNetwork | None:
    """The network, new or existing; None when nothing of the spec is in one."""
    part = work.part(Pools)
    pools = part.pools if part else ()
    if not wants_network(work.spec.lookup):
        return None
    zones = work.zones = _zones(work, work.region, pools)
    said = work.spec.section(blocks.Network)
    if said.existing is not None:
        return _existing(work, said.existing)
    cidr = work.choose("network.cidr", said.cidr, DEFAULT_CIDR, "a private range; set it where networks meet")
    plan = work.cloud.network.plan_addresses(cidr, zones)
    nodes = sum(pool.nodes_max for pool in pools)
    if zones and nodes > plan.max_nodes:
        message = f"{nodes} nodes at most are wanted; the private ranges of {cidr} hold {plan.max_nodes}"
        hint = "use a larger network.cidr, or lower nodes.max"
        work.diagnostics.append(Diagnostic("GP304", message, hint=hint, path="network.cidr"))
    steady = any(pool.kind == "serving" and pool.capacity == "on_demand" for pool in pools)
    reason = "serving must survive the loss of a zone" if steady else "nothing serves on demand; one gateway is cheaper"
    return Network(
        cidr=cidr,
        zones=zones,
        plan=plan,
        nat=work.choose("network.nat", said.nat, "per_zone" if steady else "single", reason),
        flow_logs_retention_days=work.choose(
            "network.flow_logs_retention_days",
            said.flow_logs_retention_days,
            DEFAULT_RETENTION_DAYS,
            "a year, as auditors ask",
        ),
        options=said.options_of(work.cloud.name),
    )


def _zones(work: Work, region: Region, pools: Sequence[Pool]) -> tuple[str, ...]:
    """The zones to use; none where the subnets of an existing network decide it, or too many are wanted."""
    said = work.spec.section(blocks.Network)
    if said.existing is not None and work.cloud.network.zonal_subnets:
        return ()
    count = work.choose(
        "network.zones",
        said.zones,
        min(DEFAULT_ZONES, len(region.cluster_zones)),
        "the loss of one zone leaves a majority",
    )
    if count > len(region.cluster_zones):
        work.diagnostics.append(
            Diagnostic(
                code="GP305",
                message=f"{count} zones wanted; {region.name} has {len(region.cluster_zones)} that carry clusters",
                hint=f"use network.zones: {len(region.cluster_zones)}",
                path="network.zones",
            )
        )
        return ()
    return _best_zones(work, region, count, pools)


def _existing(work: Work, existing: blocks.ExistingNetwork) -> ExistingNetwork:
    path = "network.existing"
    work.decide(f"{path}.id", existing.id, Origin.SPEC, "as set in the spec")
    ids = [(f"{path}.id", existing.id, work.cloud.network.id_pattern)]
    subnets = enumerate(existing.private_subnets)
    ids += [(f"{path}.private_subnets[{n}]", subnet, work.cloud.network.subnet_pattern) for n, subnet in subnets]
    for where, text, pattern in ids:
        if not re.fullmatch(pattern, text):
            message = f"`{text}` is not an id of {work.cloud.title}"
            work.diagnostics.append(Diagnostic("GP204", message, hint=f"ids look like {pattern}", path=where))
    for n, subnet in enumerate(existing.private_subnets):
        found_in = re.search(r"/regions/([a-z0-9-]+)/", subnet)
        if found_in and found_in[1] != work.spec.cloud.region:
            message = f"`{subnet}` is in {found_in[1]}, the environment in {work.spec.cloud.region}"
            hint = f"name a subnet of {work.spec.cloud.region}, or change `cloud.region`"
            work.diagnostics.append(Diagnostic("GP208", message, hint=hint, path=f"{path}.private_subnets[{n}]"))
    if work.cloud.network.zonal_subnets != (len(existing.private_subnets) > 1):
        wanted = (
            "two or more, each in a zone of its own"
            if work.cloud.network.zonal_subnets
            else "one, which spans all zones"
        )
        found = len(existing.private_subnets)
        message = f"{found} subnet{'s' if found > 1 else ''}; on {work.cloud.title} it is {wanted}"
        work.diagnostics.append(Diagnostic("GP204", message, hint=f"name {wanted}", path=f"{path}.private_subnets"))
    return ExistingNetwork(existing.id, tuple(existing.private_subnets), existing.options_of(work.cloud.name))


def _best_zones(work: Work, region: Region, count: int, pools: Sequence[Pool]) -> tuple[str, ...]:
    """The first `count` zones, those that offer most of the pools' types before the others."""
    types = dict.fromkeys(name for pool in pools for name in pool.instance_types)
    offers = [offer for name in types if (offer := work.cloud.catalog.offer(region.name, name)) and offer.zones]
    ranked = sorted(region.cluster_zones, key=lambda zone: -sum(zone in offer.zones for offer in offers))
    chosen = tuple(sorted(ranked[:count], key=region.cluster_zones.index))
    reason = "the region's first zones" if not offers else "zones that offer the pools' types"
    before = work.kept.names("network.zone_ids")
    if before != chosen and len(before) == count and _serve(before, region, offers):
        chosen, reason = before, f"kept from the last render; --upgrade takes {', '.join(chosen)}"
    for offer in offers:
        if not set(offer.zones) & set(chosen):
            work.diagnostics.append(
                Diagnostic(
                    code="GP302",
                    message=f"{offer.instance_type} is offered in none of the zones {', '.join(chosen)}",
                    hint=f"it is offered in {', '.join(offer.zones)}; use more network.zones",
                    path="network.zones",
                )
            )
    work.decide("network.zone_ids", ", ".join(chosen), Origin.CATALOG, reason)
    return chosen


def _serve(zones: Sequence[str], region: Region, offers: Sequence[Offer]) -> bool:
    """Whether the zones are the region's, each named once, and each offer is there in one of them at least."""
    each_once = len(set(zones)) == len(zones) and set(zones) <= set(region.cluster_zones)
    return each_once and all(set(zones) & set(offer.zones) for offer in offers)
