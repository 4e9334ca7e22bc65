"""`groundplan check DIR`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.check.report import CheckReport


@click.command()
@arguments.folder
@arguments.provider_schemas
@arguments.terraform_bin
@reports("sarif", "junit", "markdown")
def command(
    folder: Path, provider_schemas: tuple[Path, ...], terraform_bin: str | None, console: Console
) -> Outcome:
    """Format, validate, plan and scan a folder, offline.

    DIR is a rendered environment or any folder of Terraform. Runs `terraform fmt`, `validate` and `plan` of every root
    against the providers' schemas, checkov on the source and on the plans, groundplan's own rules, and compares a
    rendered folder with its spec. Findings name the line of the spec that caused them.
    """
    from groundplan.check.run import Checker
    from groundplan.cli.pipeline import rerender

    with Checker(schema_files=provider_schemas, terraform_bin=terraform_bin) as checker:
        with console.step(f"checking {folder}"):
            report = checker.check(folder, rerender=rerender)
    return outcome(report, console)


def outcome(report: CheckReport, console: Console) -> Outcome:
    """A check's report as a command's outcome, in every format there is."""
    import json

    from groundplan.check.report import exit_code
    from groundplan.views import check as view

    return Outcome(
        text=view.text(report, color=console.color_out),
        data=view.to_json(report),
        exit_code=exit_code(report),
        documents={
            "sarif": lambda: json.dumps(view.sarif(report), indent=2),
            "junit": lambda: view.junit(report),
            "markdown": lambda: view.markdown(report),
        },
    )
