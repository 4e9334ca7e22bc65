"""The environment's own README: what is in it, how to apply and destroy it, what was decided. No prices: COST.md."""

from __future__ import annotations

from collections.abc import Sequence

from groundplan.components.base import Contents
from groundplan.components.cluster.part import cluster_of, has_dns_endpoint
from groundplan.components.load import components
from groundplan.components.network.part import ExistingNetwork, network_of
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.components.state_store.part import state_of
from groundplan.compose.moves import Makers, Moves
from groundplan.environment.files import FileSet
from groundplan.render.context import Context
from groundplan.render.pages import page
from groundplan.render.pulled import charts, images
from groundplan.stack.assets import Left
from groundplan.stack.layers import HOST, IDENTITY, PLATFORM, RUNNER, STATE
from groundplan.stack.model import Stack


def render_readme(context: Context) -> FileSet:
    """Markdown for the people who operate the environment."""
    stack, cloud = context.composition.stack, context.cloud
    layers = [root.layer for root in context.composition.roots]
    parts = [component.on(cloud) for component in components()]
    cautions = dict.fromkeys(caution for part in parts for caution in part.cautions(stack))
    cluster = cluster_of(stack)
    makers = Makers(stack, cloud, components())
    left = _left_behind(context.composition.moves, makers)
    readme = page(
        "README.md.j2",
        stack=stack,
        cloud=cloud,
        spec_file=context.source.name,
        roots=context.composition.roots,
        layers=[layer for layer in layers if layer != HOST],
        host_layer=HOST if HOST in layers else "",
        host=_host(stack),
        makes_state=STATE in layers,
        own_state_moved=state_of(stack).own_state == "remote",
        state_module=f"modules/{stack.provider}/state_store",
        has_platform=PLATFORM in layers,
        has_identity=IDENTITY in layers,
        has_runner=RUNNER in layers,
        preparations=cloud.terraform.preparations(stack.account),
        cautions=list(cautions),
        upkeep=[sentence for part in parts for sentence in part.upkeep(stack)],
        public_endpoint_cidrs=cluster.public_endpoint_cidrs if cluster else (),
        dns_endpoint=has_dns_endpoint(cluster),
        local_state=state_of(stack).backend == "local",
        has_workloads=bool(workload_pools_of(stack)),
        protections=[protection for component in components() for protection in component.protections(stack)],
        images=images(context.composition, context.modules),
        charts=charts(context.composition, context.modules),
        left=[{"kind": one.asset.kind, "name": one.asset.name, "since": one.since, "until": one.until} for one in left],
        deletion=[command for one in left for command in makers.deletion(one.asset)],
        must_be_empty=_must_be_empty([held for component in components() for held in component.contents(stack)]),
    )
    return {"README.md": readme}


def _left_behind(moves: Moves, makers: Makers) -> list[Left]:
    """What can be deleted for good, keys last: nothing can be read, nor deleted in order, without them."""
    left = (one for one in moves.left if not one.back and makers.deletion(one.asset))
    return sorted(left, key=lambda one: one.asset.kind == "key")


def _host(stack: Stack) -> str:
    """The network of somebody else's account that the environment is in, empty when it has its own."""
    network = network_of(stack)
    return network.id if isinstance(network, ExistingNetwork) else ""


def _must_be_empty(contents: Sequence[Contents]) -> str:
    """The sentence that says what must be empty before a destroy; empty when nothing must."""
    if not contents:
        return ""
    first, *others = contents
    sentence = f"{first.things} must be empty {first.empty}"
    return "".join([sentence[0].upper(), sentence[1:], *(f", and {held.things} {held.empty}" for held in others), "."])
