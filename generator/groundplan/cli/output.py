"""`groundplan output DIR [NAME]`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import ConsoleProgress, Outcome, reports
from groundplan.views.console import Console


@click.command()
@arguments.folder
@click.argument("name", type=arguments.NamedText(), required=False)
@arguments.live_roots
@reports()
def command(folder: Path, name: str | None, roots: tuple[str, ...], console: Console) -> Outcome:
    """Show the outputs of what is applied; with NAME, the value alone.

    Reads the states, not the cloud. Sensitive values are not shown in any format.
    """
    from groundplan.app.live.connected import connected
    from groundplan.app.live.outputs import outputs
    from groundplan.views.live import outputs as view

    found = outputs(connected(folder, os.environ, ConsoleProgress(console)), roots, name)
    text = view.raw(found) if name else view.text(found, color=console.color_out)
    return Outcome(text=text, data=view.as_json(found))
