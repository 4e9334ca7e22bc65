"""`groundplan unlock DIR`."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, ConsoleProgress, Outcome, reports
from groundplan.views.console import Console


@click.command()
@arguments.folder
@arguments.live_roots
@click.option("--id", "lock_id", type=arguments.NamedText(), metavar="ID", help="Remove the lock with this id.")
@click.option("--force", is_flag=True, help="Remove it although it is less than an hour old.")
@reports()
def command(folder: Path, roots: tuple[str, ...], lock_id: str | None, force: bool, console: Console) -> Outcome:
    """Show who holds the states of an environment, and remove a lock.

    Without `--id` nothing is changed, and the exit code is 1 when a state is locked. A lock that is less than an hour
    old is removed with `--force` only: whoever took it may be at work. It goes only while its id is the one given.
    """
    if force and lock_id is None:
        raise click.UsageError("--force needs --id: copy the id of the lock that is to go.")
    from groundplan.app.live.connected import connected
    from groundplan.app.live.first import seen
    from groundplan.app.live.unlock import held, unlock
    from groundplan.views.live import locks as view

    now = datetime.now(UTC)
    at = seen(connected(folder, os.environ, ConsoleProgress(console)), os.environ)
    found = held(at, roots, now) if lock_id is None else [unlock(at, roots, lock_id, now, force=force)]
    left = [one for one in found if not one.removed]
    return Outcome(
        text=view.text(found, folder, color=console.color_out),
        data=view.as_json(found),
        exit_code=FINDINGS if left else OK,
    )
