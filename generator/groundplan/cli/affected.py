"""`groundplan affected DIR --base REV`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import NEEDS_WORD, OK, Outcome, reports
from groundplan.cli.results import hand_over
from groundplan.views.console import Console


@click.command()
@arguments.folder
@click.option(
    "--base",
    required=True,
    metavar="REV",
    help="Git revision to compare with; empty: every environment counts as touched.",
)
@click.option(
    "--only",
    multiple=True,
    type=arguments.NamedText(),
    metavar="FOLDER",
    help="Only the environment in this folder of DIR; repeatable.",
)
@click.option("--exit-code", "tells", is_flag=True, help="Exit code 6 when an environment is touched.")
@arguments.results
@reports("matrix")
def command(
    folder: Path, base: str, only: tuple[str, ...], tells: bool, results: Path | None, console: Console
) -> Outcome:
    """Show which environments of a repository a change touches.

    An environment is touched when its lock, a file that Terraform reads there, its modules or its spec have another
    content than in the revision. Files of other kinds and prices touch none. `matrix` is JSON for the jobs of a
    pipeline.
    """
    from groundplan.app.affected import affected
    from groundplan.views import affected as view

    found = affected(folder, base, os.environ, only)
    if results is not None:
        hand_over(results, view.results(found))
    return Outcome(
        text=view.text(found),
        data=view.as_json(found),
        exit_code=NEEDS_WORD if tells and found.touched else OK,
        documents={"matrix": lambda: view.matrix(found)},
    )
