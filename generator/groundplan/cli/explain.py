"""`groundplan explain SPEC [PATH]`."""

from __future__ import annotations

import difflib
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.stack.model import Decision
from groundplan.views.console import Console


@click.command()
@arguments.spec
@click.argument("path", required=False, metavar="[PATH]")
@reports()
def command(spec: Path, path: str | None, console: Console) -> Outcome:
    """Show why it was decided, and what else there was.

    PATH is a place in the spec, such as `training.pools.finetune`; without it everything is explained.
    """
    from groundplan.cli.pipeline import resolve_spec
    from groundplan.views import stack as view

    resolved = resolve_spec(spec)
    decisions = _below(resolved.stack.decisions, path)
    return Outcome(
        text=view.explained(decisions, color=console.color_out),
        data={"decisions": view.decisions_json(decisions)},
        diagnostics=resolved.notices,
    )


def _below(decisions: tuple[Decision, ...], path: str | None) -> tuple[Decision, ...]:
    if path is None:
        return decisions
    found = tuple(d for d in decisions if d.path == path or d.path.startswith((f"{path}.", f"{path}[")))
    if not found:
        known = [d.path for d in decisions]
        near = difflib.get_close_matches(path, known, n=3, cutoff=0.5)
        hint = (
            f"did you mean {' or '.join(f'`{name}`' for name in near)}?" if near else "run without PATH to see them all"
        )
        raise DiagnosticsError([Diagnostic(code="GP207", message=f"nothing was decided at `{path}`", hint=hint)])
    return found
