"""`groundplan rehearse DIR`."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, Outcome, exit_code_of, reports
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.views.console import Console


@click.command()
@arguments.folder
@arguments.provider_schemas
@arguments.terraform_bin
@reports()
def command(folder: Path, provider_schemas: tuple[Path, ...], terraform_bin: str | None, console: Console) -> Outcome:
    """Apply, plan again and destroy a folder, offline.

    Every root is applied to a throwaway state with made-up resources, planned a second time (nothing may change),
    searched for secrets in state and plan, and destroyed (nothing may be left). No cloud is touched; the folder
    stays as it is.
    """
    from groundplan.terraform.offline import offline_session
    from groundplan.views import rehearsal as view

    if not folder.is_dir():
        raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
    results = []
    with offline_session(folder, schema_files=provider_schemas, terraform_bin=terraform_bin) as session:
        if not session.roots:
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} holds no Terraform root")])
        for root in session.roots:
            with console.step(f"rehearsing {root}"):
                results.append(session.rehearse(root))
    found = [_from_here(diagnostic, folder) for result in results for diagnostic in result.diagnostics]
    errors = [diagnostic for diagnostic in found if diagnostic.severity is Severity.ERROR]
    return Outcome(
        text=view.text(results, color=console.color_out),
        data=view.as_json(results),
        diagnostics=found,
        exit_code=exit_code_of(errors) if errors else OK,
    )


def _from_here(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    """The same, with its file named from where the command runs and not from `folder`."""
    place = diagnostic.place
    return replace(diagnostic, place=replace(place, file=os.path.normpath(folder / place.file)) if place else None)
