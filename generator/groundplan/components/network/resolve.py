"""The network of a stack: its zones and its address plan, or the one that is there."""

from __future__ import annotations

import re
from collections.abc import Iterator

from groundplan.components.network import spec as blocks
from groundplan.components.network.part import ExistingNetwork, Network
from groundplan.components.network.room import check_room
from groundplan.components.network.zones import choose_zones
from groundplan.components.node_pool.part import Pools
from groundplan.components.node_pool.zones import check_zones
from groundplan.diagnostics import Diagnostic
from groundplan.spec.declared import wants_network
from groundplan.stack.model import Origin
from groundplan.stack.work import Work

DEFAULT_CIDR = "10.20.0.0/16"
DEFAULT_RETENTION_DAYS = 365


def resolve_network(work: Work) -> Network | ExistingNetwork | None:
    """The network, new or existing; None when nothing of the spec is in one."""
    part = work.part(Pools)
    pools = part.pools if part else ()
    if not wants_network(work.spec.lookup):
        return None
    said = work.spec.section(blocks.Network)
    work.diagnostics += _moved(work, said)
    zones = work.zones = choose_zones(work, work.region, pools)
    if zones or said.existing is not None:
        check_zones(work, pools, zones)
    if said.existing is not None:
        return _existing(work, said.existing)
    default = work.kept.standing("network.cidr") or DEFAULT_CIDR
    cidr = work.choose("network.cidr", said.cidr, default, "a private range; set it where networks meet")
    plan = work.cloud.network.plan_addresses(cidr, zones)
    if zones:
        work.diagnostics += check_room(work, pools, cidr, plan, zones)
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


def _moved(work: Work, said: blocks.Network) -> Iterator[Diagnostic]:
    """What would put a running environment into another network: everything in it would be replaced.

    The range of a VPC cannot be changed: https://docs.aws.amazon.com/vpc/latest/userguide/vpc-cidr-blocks.html.
    """
    own, other = work.kept.standing("network.cidr"), work.kept.standing("network.existing.id")
    if said.existing is None and own and said.cidr not in (None, own):
        yield _stays(work, f"the range {own}", f"use network.cidr: {own}", "network.cidr")
    if said.existing is None and other:
        yield _stays(work, f"the existing network {other}", "keep network.existing", "network")
    if said.existing is not None and own:
        yield _stays(work, f"a network of its own, {own}", "remove network.existing", "network.existing")
    if said.existing is not None and other and said.existing.id != other:
        yield _stays(work, f"the existing network {other}", f"keep {other}", "network.existing.id")


def _stays(work: Work, where: str, hint: str, path: str) -> Diagnostic:
    message = f"`{work.spec.name}` is in {where}, which it cannot leave: all of it would be replaced"
    further = "an environment of another name; --forget if it was never applied"
    return Diagnostic("GP308", message, hint=f"{hint}, or render {further}", path=path)
