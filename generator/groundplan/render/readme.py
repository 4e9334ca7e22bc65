"""The environment's own README: what is in it, how to apply and destroy it, what was decided. No prices: COST.md."""

from __future__ import annotations

from groundplan.components import components
from groundplan.components.base import PLATFORM, STATE
from groundplan.environment.files import FileSet
from groundplan.render.context import Context
from groundplan.render.pages import page


def render_readme(context: Context) -> FileSet:
    """Markdown for the people who operate the environment."""
    stack, cloud = context.composition.stack, context.cloud
    layers = [root.layer for root in context.composition.roots]
    parts = [component.on(cloud) for component in components()]
    agents = [agent for part in parts for agent in part.service_agents(stack)]
    cautions = dict.fromkeys(caution for part in parts for caution in part.cautions(stack))
    readme = page(
        "README.md.j2",
        stack=stack,
        cloud=cloud,
        spec_file=context.source.name,
        roots=context.composition.roots,
        layers=layers,
        makes_state=STATE in layers,
        state_module=f"modules/{stack.provider}/state_store",
        has_platform=PLATFORM in layers,
        preparations=cloud.preparations(stack.account, agents),
        cautions=list(cautions),
    )
    return {"README.md": readme}
