"""`groundplan plan DIR`."""

from __future__ import annotations

import os
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import NEEDS_WORD, OK, ConsoleProgress, Later, Outcome, exit_code_of, reports, today
from groundplan.cli.results import hand_over
from groundplan.diagnostics import has_errors
from groundplan.views.console import Console


@click.command()
@arguments.folder
@arguments.live_roots
@click.option(
    "--out", type=arguments.NamedPath(), metavar="PLANS", help="New folder for the plans, to be applied later."
)
@arguments.allow_changes
@click.option(
    "--keep",
    "results",
    type=arguments.NamedPath(),
    metavar="FILE",
    help="Put the plans into the state bucket, and append their digest to this file for the job that applies.",
)
@click.option("--no-lock", is_flag=True, help="Write no lock on states: for who may only read them.")
@click.option("--no-refresh", is_flag=True, help="Take states as they stand: providers read nothing of the cloud.")
@arguments.live_terraform_bin
@arguments.logs
@reports("markdown")
def command(
    folder: Path,
    roots: tuple[str, ...],
    out: Path | None,
    allow: tuple[str, ...],
    results: Path | None,
    no_lock: bool,
    no_refresh: bool,
    terraform_bin: str | None,
    logs: Path | None,
    console: Console,
) -> Outcome:
    """Plan every root of a rendered environment against its account.

    Runs your `terraform` or `tofu` with your credentials and changes nothing. What it would do is told in the classes
    of `groundplan change`. A root that needs an earlier one applied first is told so. Exit code 6 when there is
    something to apply.
    """
    from groundplan.app.live.program import live_of, program_asked

    program = program_asked(terraform_bin, os.environ)
    from groundplan.app.live.ahead import teller_of, told_by
    from groundplan.app.live.connected import connected
    from groundplan.app.live.first import begun
    from groundplan.app.live.meanwhile import Meanwhile
    from groundplan.app.live.past import Past
    from groundplan.app.live.plan import plan_environment, require_unedited
    from groundplan.app.live.save import plans_folder
    from groundplan.app.tools import Tools
    from groundplan.views.live.progress import own_words

    progress, words = ConsoleProgress(console), Tools(allow=allow).allowances
    at = connected(folder, os.environ, progress)
    at.standing.chosen(roots)
    require_unedited(folder, at)
    live = live_of(folder, program, os.environ, logs, own_words(console))
    live = live.reading(refresh=not no_refresh, lock=not no_lock)
    if live.left_out:
        console.note(f"left out of what Terraform sees: {', '.join(live.left_out)}")
    at, live, first = begun(at, live, os.environ)
    notes = [first.note] if first and first.moves else []
    telling = Meanwhile(partial(teller_of, at, Past(at), words, today(), os.environ, roots, _drawn))
    at = replace(at, meanwhile=telling.begin)
    with plans_folder(out) as kept:
        tell = told_by(telling, whole=not roots)
        found = plan_environment(at, live, kept, progress, tell, lambda: datetime.now(UTC), roots)
        from groundplan.app.live.kept import keep
        from groundplan.app.live.save import Made, save
        from groundplan.views.live import plan as view

        errors = has_errors(found.diagnostics)
        if (out is not None or results is not None) and not errors:
            save(kept, at, found, Made(uuid.uuid4().hex, live.program.title, datetime.now(UTC), telling().commit))
        if results is not None and not errors:
            hand_over(results, view.results(found, keep(at, kept) if found.pending else ""))
    return Outcome(
        text=view.text(found, color=console.color_out, width=console.width_out),
        data=Later(lambda: view.as_json(found)),
        diagnostics=[*found.diagnostics, *notes],
        exit_code=exit_code_of(found.diagnostics) if errors else NEEDS_WORD if found.pending else OK,
        documents={"markdown": lambda: view.markdown(found)},
    )


def _drawn() -> None:
    """Imports what a plan is shown with."""
    from groundplan.views.live import plan  # noqa: F401
    from groundplan.views.tables import imported

    imported()
