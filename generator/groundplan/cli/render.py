"""`groundplan render SPEC -o DIR`."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import (
    NEEDS_WORD,
    OK,
    ConsoleProgress,
    Outcome,
    exit_code_of,
    reports,
    require_temporary_folder,
    today,
)
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.render import Rendered


@click.command()
@arguments.spec
@arguments.output
@arguments.overwrite
@arguments.upgrade
@arguments.forget
@click.option(
    "--dry-run", is_flag=True, help="Show what would change, or what would stop the render, and write nothing."
)
@arguments.allow
@reports()
@arguments.target
def command(
    spec: Path,
    output: Path,
    overwrite: bool,
    upgrade: bool,
    forget: bool,
    dry_run: bool,
    allow: tuple[str, ...],
    target: Target,
    console: Console,
) -> Outcome:
    """Write the Terraform environment of a spec.

    The folder is replaced atomically. Files edited by hand stop the render with exit code 4; your own files beside the
    rendered ones (state, provider downloads, notes) are kept. Where an environment was rendered before, what becomes of
    it is rehearsed first: data that would be destroyed stops the render with exit code 6.
    """
    from groundplan.app import render as use_case
    from groundplan.app.overrides import Overrides
    from groundplan.app.tools import Tools
    from groundplan.views import changes as view

    if os.path.exists(output):  # noqa: PTH110 - no error for a name that cannot be
        require_temporary_folder()
    where, overrides = use_case.Output(output, overwrite), Overrides(target, upgrade=upgrade, forget=forget)
    tools = Tools(environment=os.environ, allow=allow)
    make = use_case.preview if dry_run else use_case.render
    rendered = make(spec, where, overrides, tools, ConsoleProgress(console), today())
    return Outcome(
        text=view.rendered(rendered, output, dry_run=dry_run, color=console.color_out),
        data={"output": str(output), "dry_run": dry_run, **view.rendered_json(rendered)},
        diagnostics=[*rendered.notices, *rendered.refusals],
        exit_code=_exit_code(rendered),
    )


def _exit_code(rendered: Rendered) -> int:
    """That of what stops it; a change that nobody could rehearse takes a word as one that is known to destroy does."""
    problems = rendered.refusals
    if rendered.needs_word or any(one.code == "GP737" for one in problems):
        return NEEDS_WORD
    return exit_code_of(problems) if problems else OK
