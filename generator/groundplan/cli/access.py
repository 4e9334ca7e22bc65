"""`groundplan access DIR`."""

from __future__ import annotations

import os
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import ConsoleProgress, Outcome, reports, require_temporary_folder
from groundplan.views.console import Console


@click.command()
@arguments.folder
@click.option(
    "--as",
    "who",
    multiple=True,
    type=arguments.NamedText(),
    metavar="WHO",
    help="pr, fork, main, environment, drift, branch:NAME or tag:NAME for a job of the pipeline; pod:POOL, node:POOL, "
    "role:NAME or account:NAME; repeatable. Default: everybody.",
)
@click.option(
    "--can",
    nargs=2,
    type=(arguments.NamedText(), arguments.NamedText()),
    default=None,
    metavar="ACTION RESOURCE",
    help="Action of the cloud, and a resource by its whole name, as bucket:, key:, secret:, on AWS database: or role:, "
    "on GCP account: with a name of the environment, or `*` for any. In the cluster k8s:VERB, and a kind of objects "
    "such as secrets, secrets/NAMESPACE, deployments.apps or pods:exec.",
)
@arguments.provider_schemas
@arguments.terraform_bin
@arguments.var_files
@reports("markdown")
def command(
    folder: Path,
    who: tuple[str, ...],
    can: tuple[str, str] | None,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    var_files: tuple[Path, ...],
    console: Console,
) -> Outcome:
    """Show who can do what in an environment, and which statement decides.

    Evaluates trusts, policies, boundaries and bindings of the cloud and of the cluster as they are rendered, offline;
    what a plan leaves open is rehearsed. The answer is allowed, denied, not granted, or depends on what is not known
    here.
    """
    require_temporary_folder()
    from groundplan.app.access import Question, access
    from groundplan.app.tools import Tools
    from groundplan.views import access as view

    tools = Tools(provider_schemas, terraform_bin, var_files, os.environ)
    found = access(folder, Question(who, can), tools, ConsoleProgress(console))
    return Outcome(
        text=view.text(found, color=console.color_out),
        data=view.as_json(found),
        documents={"markdown": lambda: view.markdown(found)},
    )
