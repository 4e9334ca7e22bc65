"""`groundplan render SPEC -o DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import OK, ConsoleProgress, Outcome, exit_code_of, reports, today
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.output
@arguments.overwrite
@arguments.upgrade
@arguments.forget
@click.option(
    "--dry-run", is_flag=True, help="Show what would change, or what would stop the render, and write nothing."
)
@reports()
@arguments.target
def command(
    spec: Path,
    output: Path,
    overwrite: bool,
    upgrade: bool,
    forget: bool,
    dry_run: bool,
    target: Target,
    console: Console,
) -> Outcome:
    """Write the Terraform environment of a spec.

    The folder is replaced atomically. Files edited by hand stop the render with exit code 4; your own files beside the
    rendered ones (state, provider downloads, notes) are kept.
    """
    from groundplan.app import render as use_case
    from groundplan.app.overrides import Overrides
    from groundplan.views import changes as view

    where, overrides = use_case.Output(output, overwrite), Overrides(target, upgrade=upgrade, forget=forget)
    if dry_run:
        rendered = use_case.preview(spec, where, overrides, today())
    else:
        rendered = use_case.render(spec, where, overrides, ConsoleProgress(console), today())
    changes, problems = rendered.changes, rendered.refusals
    return Outcome(
        text=view.text(changes, rendered.files, output, dry_run=dry_run, color=console.color_out),
        data={"output": str(output), "dry_run": dry_run, "files": view.as_json(changes)},
        diagnostics=[*rendered.notices, *problems],
        exit_code=exit_code_of(problems) if problems else OK,
    )
