"""The environment's own README: what is in it, how to apply and destroy it, what was decided, what it costs."""

from __future__ import annotations

from pathlib import Path

import jinja2

from groundplan.clouds.base import Cloud
from groundplan.components import components
from groundplan.components.base import PLATFORM, STATE
from groundplan.compose.compose import Composition
from groundplan.cost.report import CostReport

_TEMPLATE = Path(__file__).parent / "templates" / "README.md.j2"


def render_readme(composition: Composition, cloud: Cloud, cost: CostReport, spec_file: str) -> str:
    """Markdown for the people who operate the environment; `spec_file` is the name of its spec."""
    environment = jinja2.Environment(
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True, keep_trailing_newline=True
    )
    environment.filters |= {"cell": _cell, "usd": lambda amount: f"{amount:,.2f}"}
    template = environment.from_string(_TEMPLATE.read_text(encoding="utf-8"))
    layers = [root.layer for root in composition.roots]
    parts = [component.on(cloud) for component in components()]
    agents = [agent for part in parts for agent in part.service_agents(composition.stack)]
    cautions = dict.fromkeys(caution for part in parts for caution in part.cautions(composition.stack))
    return template.render(
        stack=composition.stack,
        cloud=cloud,
        spec_file=spec_file,
        roots=composition.roots,
        cost=cost,
        layers=layers,
        makes_state=STATE in layers,
        has_platform=PLATFORM in layers,
        preparations=cloud.preparations(composition.stack.account, agents),
        cautions=list(cautions),
        kinds=[(kind, cost.total_of(kind)) for kind in ("fixed", "training", "serving", "usage")],
    )


def _cell(text: object) -> str:
    """Text that cannot break out of a table cell or turn into markup."""
    escaped = str(text).replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ")
    return escaped.replace("<", "&lt;").replace("`", "'")
