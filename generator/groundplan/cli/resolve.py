"""`groundplan resolve SPEC`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.spec.elsewhere import Elsewhere
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.price_books
@reports()
@arguments.elsewhere
def command(spec: Path, price_books: tuple[Path, ...], elsewhere: Elsewhere, console: Console) -> Outcome:
    """Show everything decided for a spec: the value, who decided it, and why.

    `groundplan explain` adds what else there was.
    """
    from groundplan.app.pipeline import resolve_spec
    from groundplan.views import stack as view

    resolved = resolve_spec(spec, elsewhere=elsewhere, books=price_books)
    return Outcome(
        text=view.resolved(resolved.stack, color=console.color_out),
        data={"stack": view.as_json(resolved.stack), "decisions": view.decisions_json(resolved.stack.decisions)},
        diagnostics=resolved.notices,
    )
