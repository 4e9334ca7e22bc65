"""`groundplan hook NAME [FILE...]`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, ConsoleProgress, Outcome, exit_code_of, reports, require_temporary_folder, today
from groundplan.diagnostics import Diagnostic
from groundplan.views.console import Console

_TOP = Path()


@click.command()
@click.argument("name", type=click.Choice(["validate", "fresh", "check"]))
@click.argument("files", type=arguments.NamedPath(), metavar="[FILE]...", nargs=-1)
@reports()
def command(name: str, files: tuple[Path, ...], console: Console) -> Outcome:
    """Run a hook of pre-commit on the environments that files belong to.

    They are those below the working directory in whose folder a FILE lies, or whose spec extends it; without files all
    of them. `validate` reads their specs, `fresh` compares what is rendered with them, `check` is `groundplan check`.
    """
    from groundplan.app import hooks

    if name == "validate":
        specs = hooks.specs_of(files, _TOP)
        return _told(specs, hooks.invalid(specs))
    environments = hooks.environments_of(files, _TOP)
    folders = [one.folder for one in environments]
    if name == "fresh" or not folders:
        return _told(folders, hooks.out_of_date(environments))
    return _checked(folders, console)


def _told(looked_at: Sequence[Path], problems: Sequence[Diagnostic]) -> Outcome:
    from groundplan.views import hooks as view

    code = exit_code_of(problems) if problems else OK
    text = view.text(looked_at, len(problems))
    return Outcome(text=text, data=view.as_json(looked_at), diagnostics=problems, exit_code=code)


def _checked(folders: Sequence[Path], console: Console) -> Outcome:
    require_temporary_folder()
    from groundplan.app.check import check
    from groundplan.app.tools import Tools
    from groundplan.cli.check import outcome

    return outcome(check(folders, Tools(environment=os.environ), ConsoleProgress(console), today()), console)
