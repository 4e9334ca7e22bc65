"""`groundplan kubeconfig DIR`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import ConsoleProgress, Outcome, reports
from groundplan.views.console import Console


@click.command()
@arguments.folder
@click.option("-o", "--output", type=arguments.NamedPath(), metavar="FILE", help="Write it there instead of stdout.")
@reports()
def command(folder: Path, output: Path | None, console: Console) -> Outcome:
    """Print what kubectl needs to reach an environment's cluster.

    It holds no secret: a program of the cloud makes a token for every call. Says on stderr when the cluster does not
    answer from here.
    """
    from groundplan.app.live.connected import connected
    from groundplan.app.live.outputs import access
    from groundplan.views.live import outputs as view

    found = access(connected(folder, os.environ, ConsoleProgress(console)))
    if not found.reached:
        where = "from inside its network only" if found.cluster.private else "not from here"
        console.note(f"{found.cluster.name} answers {where}.")
    return Outcome(text=view.kubeconfig(found), data=view.kubeconfig_json(found), output=output)
