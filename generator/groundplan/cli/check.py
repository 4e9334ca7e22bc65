"""`groundplan check DIR`."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, WORST_FIRST, ConsoleProgress, Outcome, reports, require_temporary_folder, today
from groundplan.escaping import for_text
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.check.report import CheckReport


@click.command()
@arguments.folders
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.roots
@arguments.var_files
@arguments.allow
@click.option(
    "--require-charts",
    is_flag=True,
    help="Exit code 5 where the chart of a release cannot be rendered because it is not at hand.",
)
@reports("sarif", "junit", "markdown")
def command(
    folders: tuple[Path, ...],
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    roots: tuple[str, ...],
    var_files: tuple[Path, ...],
    allow: tuple[str, ...],
    require_charts: bool,
    console: Console,
) -> Outcome:
    """Format, validate, plan and scan folders, offline.

    DIR is a rendered environment or any folder of Terraform. Runs `terraform fmt`, `validate` and `plan` on every root
    against the providers' schemas, checkov on source and plans, and groundplan's own rules, and compares a rendered
    folder with its spec. Findings name the line of the spec that caused them. Helm charts that are at hand are rendered
    with the planned values, and their objects held to the schemas of Kubernetes.

    Checking several folders in one run is faster; the exit code is that of the worst.
    """
    require_temporary_folder()
    from groundplan.app.check import check
    from groundplan.app.tools import Tools

    tools = Tools(provider_schemas, terraform_bin, var_files, os.environ, allow, require_charts)
    return outcome(check(folders, tools, ConsoleProgress(console), today(), roots), console)


def outcome(checked: Sequence[CheckReport], console: Console) -> Outcome:
    """The reports as a command's outcome, in every format there is; the JSON of several has one object per folder."""
    import json

    from groundplan.check.report import exit_code
    from groundplan.views import check as view

    codes = {exit_code(report) for report in checked}
    return Outcome(
        text="\n".join(_headed(report, len(checked)) + view.text(report, console.color_out) for report in checked),
        data=view.to_json(checked[0]) if len(checked) == 1 else view.several_to_json(checked),
        exit_code=next((code for code in WORST_FIRST if code in codes), OK),
        documents={
            "sarif": lambda: json.dumps(view.sarif(*checked), indent=2),
            "junit": lambda: view.junit(*checked),
            "markdown": lambda: "\n".join(view.markdown(report) for report in checked),
        },
    )


def _headed(report: CheckReport, count: int) -> str:
    return f"== {for_text(report.folder)}\n" if count > 1 else ""
