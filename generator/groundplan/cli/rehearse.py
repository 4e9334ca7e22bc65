"""`groundplan rehearse DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, Outcome, reports
from groundplan.diagnostics import Diagnostic, DiagnosticsError
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
    return Outcome(
        text=view.text(results, color=console.color_out),
        data=view.as_json(results),
        diagnostics=[diagnostic for result in results for diagnostic in result.diagnostics],
        exit_code=OK if all(result.ok for result in results) else FINDINGS,
    )
