"""`groundplan comment FILE...`."""

from __future__ import annotations

import os
import re
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.views.console import Console

_NAME = re.compile(r"[a-z][a-z0-9-]{1,23}")


@click.command()
@click.argument("files", type=arguments.NamedPath(), metavar="FILE...", nargs=-1, required=True)
@click.option("--environment", "name", required=True, type=arguments.NamedText(), help="Name of the environment.")
@click.option("--issue", "is_issue", is_flag=True, help="The issue about drift, closed where the files are empty.")
@reports()
def command(files: tuple[Path, ...], name: str, is_issue: bool, console: Console) -> Outcome:
    """Write files as the one comment about an environment on a pull or merge request.

    Runs in a job of GitHub Actions or GitLab CI, or in a build of Jenkins with `ci.jenkins.comments`: variables say
    where and with which token. The comment of an earlier run is replaced. Files that are not there are left out; what
    the system does not take is cut.
    """
    from groundplan.app.comment import comment, issue
    from groundplan.views import comment as view

    if not _NAME.fullmatch(name):
        raise click.UsageError("--environment takes the name of an environment, such as fraud-prod.")
    told = issue(os.environ, name, files) if is_issue else comment(os.environ, name, files)
    return Outcome(text=view.text(told), data=view.as_json(told))
