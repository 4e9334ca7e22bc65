"""`groundplan charts list|pull`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, ConsoleProgress, Outcome, exit_code_of, reports, require_temporary_folder
from groundplan.views.console import Console


@click.group()
def command() -> None:
    """Show the Helm charts of an environment, and fetch them from their repositories."""


@command.command("list")
@arguments.folder
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.var_files
@reports()
def listed(
    folder: Path,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    var_files: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Show the charts of a folder's releases, and where their archives are.

    DIR is a rendered environment or any folder of Terraform; its roots are planned offline. An archive is of the
    folder, vendored in it, in the user's cache, or missing.
    """
    require_temporary_folder()
    from groundplan.app.charts import list_charts
    from groundplan.app.tools import Tools
    from groundplan.views import charts as view

    tools = Tools(provider_schemas, terraform_bin, var_files, os.environ)
    found = list_charts(folder, tools, ConsoleProgress(console))
    return Outcome(
        text=view.text(found, color=console.color_out),
        data=view.as_json(found),
        diagnostics=found.diagnostics,
        exit_code=exit_code_of(found.diagnostics) if found.diagnostics else OK,
    )


@command.command()
@arguments.folder
@click.option("--vendor", is_flag=True, help="Put the archives into DIR/charts, for who has no network.")
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.var_files
@reports()
def pull(
    folder: Path,
    vendor: bool,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    var_files: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Fetch the charts of a folder's releases from their repositories.

    Asks the repositories that the folder names, over HTTPS or the protocol of OCI registries, without credentials,
    through the proxy of HTTPS_PROXY. Archives go into the user's cache, their digests into DIR/groundplan.charts.json,
    which belongs into version control: from then on a version is that archive and no other.
    """
    require_temporary_folder()
    from groundplan.app.charts import pull_charts
    from groundplan.app.tools import Tools
    from groundplan.views import charts as view

    tools = Tools(provider_schemas, terraform_bin, var_files, os.environ)
    pulled = pull_charts(folder, tools, ConsoleProgress(console), vendor=vendor)
    return Outcome(
        text=view.pulled_text(pulled),
        data=view.pulled_json(pulled),
        diagnostics=pulled.diagnostics,
        exit_code=exit_code_of(pulled.diagnostics) if pulled.diagnostics else OK,
    )
