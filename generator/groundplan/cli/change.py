"""`groundplan change SPEC|DIR`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import (
    BAD_SPEC,
    NEEDS_WORD,
    OK,
    ConsoleProgress,
    Outcome,
    exit_code_of,
    reports,
    require_temporary_folder,
    today,
)
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.views.console import Console


@click.command()
@click.argument("target", type=arguments.NamedPath(), metavar="SPEC|DIR")
@click.option(
    "--from",
    "before",
    type=arguments.NamedText(),
    metavar="REV|DIR",
    help="Environment before: a Git revision, a folder or a spec.  [default: the folder as it stands]",
)
@click.option(
    "--to",
    "after",
    type=arguments.NamedText(),
    metavar="REV|DIR",
    help="Environment after.  [default: what the spec renders now]",
)
@click.option("--upgrade", is_flag=True, help="Redo the choices of the last render, as `render --upgrade` does.")
@click.option(
    "-o",
    "--output",
    type=arguments.NamedPath(),
    metavar="DIR",
    help="Folder of the environment.  [default: SPEC's]",
)
@arguments.forget
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.allow
@reports("markdown", "html")
def command(
    target: Path,
    before: str | None,
    after: str | None,
    upgrade: bool,
    output: Path | None,
    forget: bool,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    allow: tuple[str, ...],
    console: Console,
) -> Outcome:
    """Show what a change destroys, replaces, interrupts, opens and costs.

    The environment as it was is applied offline to a throwaway state, the one as it will be is planned and applied on
    it. Each entry has the line of the spec, the argument that forces it and what avoids it; the worst stand first. No
    cloud is touched; no folder is changed. Exit code 6 when data would be destroyed and no --allow or dated line of
    the spec lets it pass.
    """
    require_temporary_folder()
    from groundplan.app.changes import Question, change_of
    from groundplan.app.tools import Tools
    from groundplan.views import change as view

    tools = Tools(provider_schemas, terraform_bin, environment=os.environ, allow=allow)
    question = Question(target, before, after, output, upgrade=upgrade, forget=forget)
    found = change_of(question, tools, ConsoleProgress(console), today(), os.environ)
    return Outcome(
        text=view.text(found, color=console.color_out, width=console.width_out),
        data=view.as_json(found),
        diagnostics=found.diagnostics,
        exit_code=_exit_code(found.diagnostics, stopped=bool(found.stopped)),
        documents={"markdown": lambda: view.markdown(found), "html": lambda: view.as_html(found)},
    )


def _exit_code(diagnostics: Sequence[Diagnostic], *, stopped: bool) -> int:
    """That of a word that allows nothing, of what needs one, then of what could not be rehearsed."""
    errors = [found for found in diagnostics if found.severity is Severity.ERROR]
    if any(found.code == "GP207" for found in errors):
        return BAD_SPEC
    if stopped:
        return NEEDS_WORD
    return exit_code_of(errors) if errors else OK
