"""`groundplan apply DIR`."""

from __future__ import annotations

import os
import sys
import tempfile
import time
import uuid
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.approval import exit_code, is_typed, require_name, root_options
from groundplan.cli.common import ConsoleProgress, Outcome, reports, today
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.live.outcomes import Question


@click.command()
@arguments.folder
@arguments.live_roots
@click.option(
    "--plans",
    type=arguments.NamedPath(),
    metavar="PLANS",
    help="Apply these, which `plan --out` has saved.  [default: new]",
)
@click.option(
    "--kept",
    type=arguments.NamedText(),
    metavar="DIGEST",
    help="Apply these, which `plan --keep` has put into the state bucket.",
)
@click.option("--yes", is_flag=True, help="Apply without asking where nothing is lost or replaced.")
@click.option(
    "--confirm",
    type=arguments.NamedText(),
    metavar="NAME",
    help="The environment's name, typed beforehand: applies also what loses or replaces something.",
)
@click.option("--resume", is_flag=True, help="Go on with the last run that failed, was not approved or was cut off.")
@arguments.allow_changes
@arguments.live_terraform_bin
@arguments.logs
@reports()
def command(
    folder: Path,
    roots: tuple[str, ...],
    plans: Path | None,
    kept: str | None,
    yes: bool,
    confirm: str | None,
    resume: bool,
    allow: tuple[str, ...],
    terraform_bin: str | None,
    logs: Path | None,
    console: Console,
) -> Outcome:
    """Apply a rendered environment, root after root.

    Each root is planned on what the ones before it have left, shown, and applied when you say so: `yes` where nothing
    is lost or replaced that --allow or the spec does not let pass, else the environment's name. Plans that were saved
    are shown and approved once; a root is asked about again only when it would do something else by then, and then
    --yes and --confirm let pass only what destroys, replaces and opens nothing. What has failed or was cut off goes on
    with --resume, or the same command. Exit code 6 when a root waits for your word.
    """
    _require_one_way(resume, bool(roots), bool(plans), bool(kept))
    from groundplan.app.live.program import live_of, program_asked

    program = program_asked(terraform_bin, os.environ)
    from groundplan.app.live.ahead import teller_of
    from groundplan.app.live.apply import Apply
    from groundplan.app.live.connected import connected
    from groundplan.app.live.cut import was_cut
    from groundplan.app.live.first import advice, begun
    from groundplan.app.live.kept import fetched
    from groundplan.app.live.ledger import Ledger
    from groundplan.app.live.meanwhile import Meanwhile
    from groundplan.app.live.outcomes import Recorder
    from groundplan.app.live.past import Past
    from groundplan.app.live.plan import require_unedited
    from groundplan.app.live.resume import unfinished
    from groundplan.app.tools import Tools
    from groundplan.views.live.progress import display

    words = Tools(allow=allow).allowances

    def approve(asked: Question) -> bool:
        from groundplan.views.live import apply as view

        console.told(view.question(asked, color=console.color_err, width=console.width_err))
        if asked.passes(yes=yes, named=confirm is not None):
            return True
        return is_typed(view.word(asked), view.prompt(asked))

    progress = ConsoleProgress(console)
    at = connected(folder, os.environ, progress)
    require_name(confirm, at.standing.name)
    require_unedited(folder, at)
    shown = display(console, os.environ, time.monotonic)
    recorder = Recorder(shown)
    live = live_of(folder, program, os.environ, logs, recorder)
    if live.left_out:
        console.note(f"left out of what Terraform sees: {', '.join(live.left_out)}")
    at, live, first = begun(at, live, os.environ)
    if line := first.note.message if first and first.moves else advice(at):
        console.note(line)
    past, run = Past(at), uuid.uuid4().hex
    resumed = unfinished(at, past, killed=was_cut(at, live)) if resume else None
    if resumed is not None:
        from groundplan.views.live.apply import resumes

        console.told(resumes(resumed, datetime.now(UTC)))
        roots, run = resumed.asked, resumed.run or run
    telling = Meanwhile(partial(teller_of, at, past, words, today(), os.environ, (), _drawn))
    ledger = Ledger(
        at, run, lambda: datetime.now(UTC), lambda: telling().commit, roots, noted=bool(resumed and resumed.run)
    )
    at = replace(at, meanwhile=telling.begin)
    with tempfile.TemporaryDirectory(prefix="groundplan-plans-") as work:
        plans = fetched(at, kept, Path(work) / "kept") if kept else plans
        applied = Apply(
            at, live, recorder, approve, Path(work), shown.root, progress, ledger, telling, plans, resumed, first
        ).run(roots)
    from groundplan.views.live import apply as view

    applied, asks = replace(applied, again=_again(roots, plans, kept)), sys.stdin.isatty()
    return Outcome(
        text=view.text(applied, asks=asks),
        data=view.as_json(applied, asks=asks),
        diagnostics=applied.diagnostics,
        exit_code=exit_code(applied.stopped_at),
    )


def _drawn() -> None:
    """Imports what an apply is shown with."""
    from groundplan.app.live import approved  # noqa: F401
    from groundplan.views.live import apply  # noqa: F401


def _require_one_way(resume: bool, roots: bool, plans: bool, kept: bool) -> None:
    if resume and (roots or plans or kept):
        raise click.UsageError("--resume goes on with the roots of the last run: leave --root, --plans and --kept out.")
    if plans and kept:
        raise click.UsageError("--plans and --kept are two places of plans: give one.")


def _again(roots: tuple[str, ...], plans: Path | None, kept: str | None) -> list[str]:
    """Options that lead the same command to the same roots and plans."""
    return [*root_options(roots), *(["--kept", kept] if kept else ["--plans", str(plans)] if plans else [])]
