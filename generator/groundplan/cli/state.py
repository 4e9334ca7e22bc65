"""`groundplan state history|restore`."""

from __future__ import annotations

import os
import uuid
from datetime import UTC, datetime
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import NEEDS_WORD, OK, ConsoleProgress, Outcome, reports
from groundplan.views.console import Console


@click.group()
def command() -> None:
    """Show earlier versions of an environment's states, and go back to one."""


@command.command()
@arguments.folder
@arguments.live_roots
@click.option(
    "--most", type=click.IntRange(1, 100), default=10, show_default=True, help="Versions of each state to show."
)
@reports()
def history(folder: Path, roots: tuple[str, ...], most: int, console: Console) -> Outcome:
    """Show the versions of each state that its bucket keeps, the newest first."""
    from groundplan.app.live import states as use_case
    from groundplan.app.live.connected import connected
    from groundplan.views.live import states as view

    at = connected(folder, os.environ, ConsoleProgress(console))
    found = use_case.history(at, roots, most)
    return Outcome(text=view.history(found, color=console.color_out), data=view.history_json(found))


@command.command()
@arguments.folder
@click.option("--root", type=arguments.NamedText(), required=True, metavar="ROOT", help="Root whose state goes back.")
@click.option(
    "--version", type=arguments.NamedText(), required=True, metavar="ID", help="Version that `state history` shows."
)
@click.option("--confirm", type=arguments.NamedText(), metavar="NAME", help="The environment's name: go back.")
@reports()
def restore(folder: Path, root: str, version: str, confirm: str | None, console: Console) -> Outcome:
    """Write an earlier version of a state as the newest one, under a higher serial.

    Shows what that does; with `--confirm NAME`, the environment's name, does it, under a lock. Without, the exit
    code is 6. Nothing in the cloud but the state changes, and the newer version stays in the bucket.
    """
    from groundplan.app.live import states as use_case
    from groundplan.app.live.connected import connected
    from groundplan.views.live import states as view

    at = connected(folder, os.environ, ConsoleProgress(console))
    name = at.standing.name
    if confirm is not None and confirm != name:
        raise click.UsageError(f"--confirm takes the name of the environment, which is {name!r}.")
    found = use_case.restoration(at, root, version)
    if confirm:
        found = use_case.restore(at, found, str(uuid.uuid4()), datetime.now(UTC))
    return Outcome(
        text=view.restoration(found, name),
        data=view.restoration_json(found),
        exit_code=OK if found.done else NEEDS_WORD,
    )
