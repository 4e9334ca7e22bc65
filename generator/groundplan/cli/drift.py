"""`groundplan drift DIR`."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import NEEDS_WORD, OK, ConsoleProgress, Outcome, exit_code_of, reports, today
from groundplan.diagnostics import has_errors
from groundplan.views.console import Console


@click.command()
@arguments.folder
@arguments.live_roots
@click.option("--refresh-only", is_flag=True, help="Look at the cloud alone, not at what an apply would do.")
@click.option("--pending", is_flag=True, help="Exit code 6 also when the folder is not applied yet.")
@arguments.live_terraform_bin
@arguments.logs
@reports("markdown")
def command(
    folder: Path,
    roots: tuple[str, ...],
    refresh_only: bool,
    pending: bool,
    terraform_bin: str | None,
    logs: Path | None,
    console: Console,
) -> Outcome:
    """Show what was changed in the cloud by other means than this environment.

    Plans every root that is applied, without locking its state, and tells apart what the next apply would undo, what
    only the state does not know yet, and what was removed. What the folder has not applied yet is no drift: it is
    counted. Exit code 6 when there is drift.
    """
    from groundplan.app.live.connected import connected
    from groundplan.app.live.drift import Drift
    from groundplan.app.live.first import begun
    from groundplan.app.live.plan import require_unedited
    from groundplan.app.live.program import live_in
    from groundplan.views.live import drift as view
    from groundplan.views.live.progress import own_words

    progress = ConsoleProgress(console)
    live = live_in(folder, terraform_bin, os.environ, logs, own_words(console))
    if live.left_out:
        console.note(f"left out of what Terraform sees: {', '.join(live.left_out)}")
    at = connected(folder, os.environ, progress)
    at.standing.chosen(roots)
    require_unedited(folder, at)
    at, live, first = begun(at, live, os.environ)
    notes = [first.note] if first and first.moves else []
    with tempfile.TemporaryDirectory(prefix="groundplan-drift-") as work:
        found = Drift(at, live, Path(work), progress, today(), refresh_only).run(roots)
    errors, drift = has_errors(found.diagnostics), bool(found.drifted) or (pending and found.is_pending)
    return Outcome(
        text=view.text(found, color=console.color_out, width=console.width_out),
        data=view.as_json(found),
        diagnostics=[*found.diagnostics, *notes],
        exit_code=exit_code_of(found.diagnostics) if errors else NEEDS_WORD if drift else OK,
        documents={"markdown": lambda: view.markdown(found)},
    )
