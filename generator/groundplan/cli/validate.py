"""`groundplan validate SPEC`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.escaping import for_text
from groundplan.views.console import Console


@click.command()
@arguments.spec
@reports()
@arguments.target
def command(spec: Path, target: Target, console: Console) -> Outcome:
    """Check a spec, without rendering anything.

    Reports all errors in one pass, each with file, line, column and what is allowed, including those that need the
    cloud's catalog: regions, instance types, names, addresses.
    """
    from groundplan.app.overrides import Overrides
    from groundplan.app.pipeline import resolve_spec

    resolved = resolve_spec(spec, overrides=Overrides(target))
    stack = resolved.stack
    data = {"name": stack.name, "cloud": {"provider": stack.provider, "region": stack.region}}
    return Outcome(text=f"{for_text(spec)}: valid\n", data=data, diagnostics=resolved.notices)
