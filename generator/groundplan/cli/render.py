"""`groundplan render SPEC -o DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.output
@arguments.overwrite
@click.option("--dry-run", is_flag=True, help="Show what would change and write nothing.")
@reports()
def command(spec: Path, output: Path, overwrite: bool, dry_run: bool, console: Console) -> Outcome:
    """Write the Terraform environment of a spec.

    The folder changes in one step or not at all. Files edited by hand stop it with exit code 4; files of yours beside
    the rendered ones (state, provider downloads, notes) stay.
    """
    from groundplan.cli.pipeline import resolve_spec
    from groundplan.render.write import compare, write
    from groundplan.views import changes as view

    resolved = resolve_spec(spec)
    files = resolved.render(output)
    changes = compare(files, output) if dry_run else write(files, output, overwrite=overwrite)
    return Outcome(
        text=view.text(changes, files, output, dry_run=dry_run, color=console.color_out),
        data={"output": str(output), "dry_run": dry_run, "files": view.as_json(changes)},
        diagnostics=resolved.notices,
    )
