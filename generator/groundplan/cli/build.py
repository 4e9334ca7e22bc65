"""`groundplan build SPEC -o DIR`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import (
    NEEDS_WORD,
    OVER_BUDGET,
    ConsoleProgress,
    Outcome,
    reports,
    require_temporary_folder,
    today,
)
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.output
@arguments.overwrite
@arguments.upgrade
@arguments.forget
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.allow
@reports("markdown")
@arguments.target
def command(
    spec: Path,
    output: Path,
    overwrite: bool,
    upgrade: bool,
    forget: bool,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    allow: tuple[str, ...],
    target: Target,
    console: Console,
) -> Outcome:
    """Validate, resolve, render, check and price a spec: the main job.

    One summary at the end. The exit code is that of the check, or 3 when the check passes but the expected cost is
    over the spec's budget, or something without a price leaves open whether it is. Where an environment was rendered
    before, what becomes of it is rehearsed first: data that would be destroyed stops the build with exit code 6.
    """
    require_temporary_folder()
    from groundplan.app.build import Held, build
    from groundplan.app.overrides import Overrides
    from groundplan.app.render import Output
    from groundplan.app.tools import Tools
    from groundplan.check.report import exit_code
    from groundplan.views import build as view

    overrides = Overrides(target, upgrade=upgrade, forget=forget)
    tools = Tools(provider_schemas, terraform_bin, environment=os.environ, allow=allow)
    made = build(spec, Output(output, overwrite), overrides, tools, ConsoleProgress(console), today())
    if isinstance(made, Held):
        return Outcome(
            text=view.held_text(made, color=console.color_out),
            data=view.held_json(made),
            diagnostics=[*made.notices, *made.problems],
            exit_code=NEEDS_WORD,
            documents={"markdown": lambda: view.held_markdown(made)},
        )
    code = exit_code(made.check)
    return Outcome(
        text=view.text(made, color=console.color_out),
        data=view.as_json(made),
        diagnostics=made.notices,
        exit_code=OVER_BUDGET if code == 0 and not made.cost.within_budget else code,
        documents={"markdown": lambda: view.markdown(made)},
    )
