"""`groundplan rehearse DIR`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, ConsoleProgress, Outcome, exit_code_of, reports, require_temporary_folder
from groundplan.diagnostics import Severity
from groundplan.views.console import Console


@click.command()
@arguments.folder
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.roots
@arguments.var_files
@reports()
def command(
    folder: Path,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    roots: tuple[str, ...],
    var_files: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Apply, plan again and destroy a folder, offline.

    Every root is applied to a throwaway state with synthetic resources, planned a second time (nothing may change),
    searched for secrets in state and plan, and destroyed (nothing may be left). No cloud is touched; the folder
    is not changed.
    """
    require_temporary_folder()
    from groundplan.app.rehearse import rehearse
    from groundplan.app.tools import Tools
    from groundplan.views import rehearsal as view

    tools = Tools(provider_schemas, terraform_bin, var_files, os.environ)
    rehearsal = rehearse(folder, tools, ConsoleProgress(console), roots)
    errors = [diagnostic for diagnostic in rehearsal.diagnostics if diagnostic.severity is Severity.ERROR]
    return Outcome(
        text=view.text(rehearsal.results, rehearsal.walls, color=console.color_out),
        data=view.as_json(rehearsal.results, rehearsal.walls),
        diagnostics=rehearsal.diagnostics,
        exit_code=exit_code_of(errors) if errors else OK,
    )
