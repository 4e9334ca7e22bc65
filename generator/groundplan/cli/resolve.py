"""`groundplan resolve SPEC`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports, today
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.price_books
@reports()
@arguments.target
def command(spec: Path, price_books: tuple[Path, ...], target: Target, console: Console) -> Outcome:
    """Show everything decided for a spec: the value, who decided it, and why.

    `groundplan explain` adds the alternatives.
    """
    from groundplan.app.overrides import Overrides
    from groundplan.app.pipeline import resolve_spec
    from groundplan.views import stack as view

    resolved = resolve_spec(spec, overrides=Overrides(target, books=price_books))
    return Outcome(
        text=view.resolved(resolved.stack, color=console.color_out),
        data={"stack": view.as_json(resolved.stack), "decisions": view.decisions_json(resolved.stack.decisions)},
        diagnostics=[*resolved.notices, *resolved.dated_findings(today())],
    )
