"""`groundplan pipelines DIR`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, Outcome, exit_code_of, reports
from groundplan.views.console import Console


@click.command()
@arguments.folder
@click.option("--check", "only_check", is_flag=True, help="Write nothing; exit code 4 when something is out of date.")
@arguments.overwrite
@reports()
def command(folder: Path, only_check: bool, overwrite: bool, console: Console) -> Outcome:
    """Write the pipelines of all environments in a repository.

    DIR is the top of the repository. Every environment below it whose spec has a block `ci` gets jobs that check,
    plan, apply, look for drift and destroy, for GitHub Actions, GitLab CI or Jenkins. Files are owned one by one:
    other workflows stay, and a file edited by hand stops the command with exit code 4.
    """
    from groundplan.app import pipelines as use_case
    from groundplan.views import pipelines as view

    found = (
        use_case.check_pipelines(folder) if only_check else use_case.pipelines(folder, os.environ, overwrite=overwrite)
    )
    stopped = use_case.fails(found)
    return Outcome(
        text=view.text(found, written=not only_check),
        data=view.as_json(found, written=not only_check),
        diagnostics=found.notices,
        exit_code=exit_code_of(found.notices) if stopped else OK,
    )
