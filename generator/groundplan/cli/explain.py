"""`groundplan explain SPEC [PATH]`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import Outcome, reports, today
from groundplan.prices.book import PurchaseOption
from groundplan.views.console import Console


@click.command()
@arguments.spec
@click.argument("path", required=False, metavar="[PATH]")
@click.option(
    "--capacity",
    type=click.Choice(["on_demand", "spot", "commit_1y", "commit_3y"]),
    help="Purchase option for all machines, which are then chosen by its price.",
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
    """Show why something was decided, and the alternatives.

    PATH is a key of the spec, such as `training.pools.finetune`; without it, every decision is explained.
    """
    from groundplan.app.explain import explain
    from groundplan.app.overrides import Overrides
    from groundplan.views import stack as view

    explanation = explain(spec, path, Overrides(target, capacity, price_books), today())
    return Outcome(
        text=view.explained(explanation.decisions, color=console.color_out),
        data={"decisions": view.decisions_json(explanation.decisions)},
        diagnostics=explanation.notices,
    )
