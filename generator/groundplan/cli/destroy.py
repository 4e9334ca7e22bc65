"""`groundplan destroy DIR`."""

from __future__ import annotations

import os
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.approval import exit_code, is_typed, require_name, root_options
from groundplan.cli.common import ConsoleProgress, Outcome, reports, today
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.live.destroy.run import Question


@click.command()
@arguments.folder
@arguments.live_roots
@click.option(
    "--confirm",
    type=arguments.NamedText(),
    metavar="NAME",
    help="The environment's name, typed beforehand.",
)
@click.option("--dry-run", is_flag=True, help="Show what would go, in which order, and destroy nothing.")
@click.option(
    "--without-cluster",
    is_flag=True,
    help="Go on where the cluster does not answer: what is in it goes with it, and what it has made may stay.",
)
@arguments.allow_changes
@arguments.live_terraform_bin
@arguments.logs
@reports("markdown")
def command(
    folder: Path,
    roots: tuple[str, ...],
    confirm: str | None,
    dry_run: bool,
    without_cluster: bool,
    allow: tuple[str, ...],
    terraform_bin: str | None,
    logs: Path | None,
    console: Console,
) -> Outcome:
    """Destroy an applied environment, the last root first.

    Everything is planned and shown before anything goes, and goes when you type the environment's name. Data, and
    what is protected, go only with their --allow, all of which are told at once. `00-state`, which keeps the states,
    goes only where --root names it. What has failed or was cut off goes on with the same command. Exit code 6 when it
    waits for your word.
    """
    from groundplan.app.live.commit import commit_of
    from groundplan.app.live.connected import connected
    from groundplan.app.live.destroy.cluster import Controllers
    from groundplan.app.live.destroy.plans import Planner
    from groundplan.app.live.destroy.prices import aftermath_of
    from groundplan.app.live.destroy.run import Destroy
    from groundplan.app.live.destroy.session import destroying
    from groundplan.app.live.first import taken_out
    from groundplan.app.live.ledger import Ledger
    from groundplan.app.live.past import DESTROYED
    from groundplan.app.live.plan import require_unedited
    from groundplan.app.tools import Tools
    from groundplan.views.live import destroy as view
    from groundplan.views.live.progress import display

    def approve(asked: Question) -> bool:
        console.told(view.question(asked, color=console.color_err, width=console.width_err))
        return confirm is not None or is_typed(asked.environment, view.prompt(asked))

    words = Tools(allow=allow).allowances
    progress = ConsoleProgress(console)
    at = connected(folder, os.environ, progress)
    require_name(confirm, at.standing.name)
    require_unedited(folder, at)
    commit = commit_of(folder, at.standing.lock, os.environ)

    with (
        taken_out(at, os.environ, roots) as at,
        tempfile.TemporaryDirectory(prefix="groundplan-plans-") as work,
        destroying(at, terraform_bin, os.environ, logs, display(console, os.environ, time.monotonic)) as ready,
    ):
        ledger = Ledger(at, uuid.uuid4().hex, lambda: datetime.now(UTC), lambda: commit, roots, DESTROYED)
        controllers = Controllers(at, console.note, ignored=without_cluster)
        if without_cluster and roots and controllers.stays(roots):
            raise click.UsageError(
                f"--without-cluster forgets what is in the cluster, which stays: name {controllers.root}, too."
            )
        planner = Planner(at, ready.live, Path(work), without_cluster=without_cluster)
        run = Destroy(planner, ready.recorder, approve, ledger, progress, controllers, aftermath_of(at, today()), words)
        found = run.run(roots, dry=dry_run)
    found = replace(found, again=[*root_options(roots), *(["--without-cluster"] if without_cluster else [])])
    return Outcome(
        text=view.text(found, color=console.color_out, width=console.width_out),
        data=view.as_json(found),
        diagnostics=found.diagnostics,
        exit_code=exit_code(found.stopped_at),
        documents={"markdown": lambda: view.markdown(found)},
    )
