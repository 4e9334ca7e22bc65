"""`groundplan render SPEC -o DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import OK, Outcome, exit_code_of, reports, working_folder
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.output
@arguments.overwrite
@arguments.upgrade
@click.option("--dry-run", is_flag=True, help="Show what would change, or what would stop it, and write nothing.")
@reports()
@arguments.target
def command(
    spec: Path, output: Path, overwrite: bool, upgrade: bool, dry_run: bool, target: Target, console: Console
) -> Outcome:
    """Write the Terraform environment of a spec.

    The folder changes in one step or not at all. Files edited by hand stop it with exit code 4; files of yours beside
    the rendered ones (state, provider downloads, notes) stay.
    """
    from groundplan.app.overrides import Overrides
    from groundplan.app.pipeline import resolve_spec
    from groundplan.environment.write import compare, refusals, write
    from groundplan.views import changes as view

    resolved = resolve_spec(spec, output, Overrides(target, upgrade=upgrade))
    files = resolved.render(output)
    if dry_run:
        changes, problems = compare(files, output), refusals(files, output, overwrite=overwrite)
    else:
        with working_folder(console):
            changes, problems = write(files, output, overwrite=overwrite), []
    return Outcome(
        text=view.text(changes, files, output, dry_run=dry_run, color=console.color_out),
        data={"output": str(output), "dry_run": dry_run, "files": view.as_json(changes)},
        diagnostics=[*resolved.notices, *problems],
        exit_code=exit_code_of(problems) if problems else OK,
    )
