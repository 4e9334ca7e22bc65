"""`groundplan drift DIR`."""

from __future__ import annotations

import os
import tempfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import NEEDS_WORD, OK, ConsoleProgress, Outcome, exit_code_of, reports, today
from groundplan.diagnostics import has_errors
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.live.accept import Word

ASKED = "?"
"""In the place of a reason that was not given."""


@click.command()
@arguments.folder
@arguments.live_roots
@click.option("--refresh-only", is_flag=True, help="Look at the cloud alone, not at what an apply would do.")
@click.option("--pending", is_flag=True, help="Exit code 6 also when the folder is not applied yet.")
@click.option(
    "--accept",
    "reason",
    is_flag=False,
    flag_value=ASKED,
    metavar="[REASON]",
    help="Show the lines of the spec by which all of it is known; with a reason and --until put them into the spec.",
)
@click.option(
    "--until", type=click.DateTime(["%Y-%m-%d"]), metavar="DAY", help="Last day on which these lines hold: YYYY-MM-DD."
)
@arguments.live_terraform_bin
@arguments.logs
@reports("markdown")
def command(
    folder: Path,
    roots: tuple[str, ...],
    refresh_only: bool,
    pending: bool,
    reason: str | None,
    until: datetime | None,
    terraform_bin: str | None,
    logs: Path | None,
    console: Console,
) -> Outcome:
    """Show what was changed in the cloud by other means than this environment.

    Plans every root that is applied, without locking its state, and tells apart what the next apply would undo, what
    only the state does not know yet, and what was removed. What the folder has not applied yet is no drift: it is
    counted. Exit code 6 when there is drift. --accept says of what was found that it is known, in `drift.ignore`.
    """
    word = _word(reason, until)
    from groundplan.app.live.accept import accepted
    from groundplan.app.live.connected import connected
    from groundplan.app.live.drift import Drift
    from groundplan.app.live.first import begun
    from groundplan.app.live.plan import require_unedited
    from groundplan.app.live.program import live_in
    from groundplan.views.live import accept as accept_view
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
    errors = has_errors(found.diagnostics)
    accepts = accepted(at, found.drifted, None if errors else word) if reason is not None else None
    left = bool(found.drifted) and not (accepts is not None and accepts.written)
    drift = left or (pending and found.is_pending)
    told = "" if accepts is None else accept_view.text(accepts, folder)
    return Outcome(
        text=view.text(found, color=console.color_out, width=console.width_out) + told,
        data={**view.as_json(found), **({"accept": accept_view.as_json(accepts)} if accepts else {})},
        diagnostics=[*found.diagnostics, *notes, *(accepts.diagnostics if accepts else ())],
        exit_code=exit_code_of(found.diagnostics) if errors else NEEDS_WORD if drift else OK,
        documents={"markdown": lambda: view.markdown(found)},
    )


def _word(reason: str | None, until: datetime | None) -> Word | None:
    """Why it is accepted, and until when; None where that is only asked about. `UsageError` for half of it."""
    from groundplan.app.live.accept import MOST_DAYS, Word, is_reason

    if reason is None or reason == ASKED:
        if until is not None:
            raise click.UsageError("--until is for --accept with a reason.")
        return None
    if until is None:
        raise click.UsageError("--accept with a reason takes --until, the last day on which that holds.")
    if not today() <= until.date() <= today() + timedelta(days=MOST_DAYS):
        raise click.UsageError(f"--until takes a day from now on, at most {MOST_DAYS} days ahead.")
    if not is_reason(reason):
        raise click.UsageError("the reason of --accept has to be one line of at most 256 characters.")
    return Word(reason, until.date())
