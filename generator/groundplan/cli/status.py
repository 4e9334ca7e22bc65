"""`groundplan status DIR`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import ConsoleProgress, Outcome, reports
from groundplan.views.console import Console


@click.command()
@arguments.folder
@reports()
def command(folder: Path, console: Console) -> Outcome:
    """Show what of an environment is applied, by whom, from which commit and how long ago.

    Reads states, locks and the journal beside them, and compares the folder with the one that was applied. What is
    different in the cloud itself only a plan shows.
    """
    from groundplan.app.live.commit import commit_of
    from groundplan.app.live.connected import connected
    from groundplan.app.live.status import status
    from groundplan.views.live import status as view

    at = connected(folder, os.environ, ConsoleProgress(console))
    found = status(at, datetime.now(UTC), commit_of(folder, at.standing.lock, os.environ), os.environ)
    return Outcome(text=view.text(found, color=console.color_out), data=view.as_json(found))
