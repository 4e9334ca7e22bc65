"""`groundplan explain SPEC [PATH]`."""

from __future__ import annotations

import difflib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.prices.book import PurchaseOption
from groundplan.stack.model import Decision
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.pipeline import Resolved


@click.command()
@arguments.spec
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--capacity",
    type=click.Choice(["on_demand", "spot", "commit_1y", "commit_3y"]),
    help="Buy all machines that way, and choose them by that price.",
)
@arguments.price_books
@reports()
@arguments.target
def command(
    spec: Path,
    path: str | None,
    capacity: PurchaseOption | None,
    price_books: tuple[Path, ...],
    target: Target,
    console: Console,
) -> Outcome:
    """Show why it was decided, and what else there was.

    PATH is a place in the spec, such as `training.pools.finetune`; without it everything is explained.
    """
    from groundplan.app.overrides import Overrides
    from groundplan.app.pipeline import resolve_spec
    from groundplan.views import stack as view

    resolved = resolve_spec(spec, overrides=Overrides(target, capacity, price_books))
    decisions = _below(resolved, path)
    return Outcome(
        text=view.explained(decisions, color=console.color_out),
        data={"decisions": view.decisions_json(decisions)},
        diagnostics=resolved.notices,
    )


def _below(resolved: Resolved, path: str | None) -> tuple[Decision, ...]:
    """The decisions at `path` and below; GP207 says where else to look."""
    decisions = resolved.stack.decisions
    if path is None:
        return decisions
    found = tuple(d for d in decisions if d.path == path or d.path.startswith((f"{path}.", f"{path}[")))
    if not found:
        raise DiagnosticsError([_nothing(resolved, path)])
    return found


def _nothing(resolved: Resolved, path: str) -> Diagnostic:
    from groundplan.spec.document import dotted

    document = resolved.document
    said = next((keys for keys in document.places if dotted(keys) == path), None)
    if said is not None:
        message = f"nothing had to be decided at `{path}`: it is taken as the spec says"
        return replace(document.diagnostic("GP207", message, said), hint="run without PATH to see what was decided")
    near = difflib.get_close_matches(path, [d.path for d in resolved.stack.decisions], n=3, cutoff=0.5)
    hint = f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "run without PATH to see them all"
    return Diagnostic("GP207", f"nothing was decided at `{path}`", hint=hint)
