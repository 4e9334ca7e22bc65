"""`groundplan parity SPEC`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, Outcome, reports, today
from groundplan.clouds import CLOUDS
from groundplan.views.console import Console


def _names(_: click.Context, __: click.Parameter, value: str | None) -> tuple[str, ...]:
    """Names of clouds, each once; empty when none was given."""
    names = tuple(dict.fromkeys(name.strip() for name in value.split(","))) if value is not None else ()
    if unknown := [name for name in names if name not in CLOUDS]:
        raise click.BadParameter(f"{unknown[0]!r} is not one of {', '.join(map(repr, CLOUDS))}.")
    return names


@click.command()
@arguments.spec
@reports("markdown")
@click.option("--clouds", callback=_names, metavar="C,C...", help="Clouds to compare.  [default: all]")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Override the region on one of the clouds; repeatable.  [default: the spec's, or the nearest one]",
)
def command(spec: Path, clouds: tuple[str, ...], regions: Sequence[str], console: Console) -> Outcome:
    """Compare a spec side by side on each cloud: components, differences, cost.

    On its own cloud the spec keeps its region; on the others it gets the nearest one. What a cloud does not support is
    an error with its location, and the report is complete all the same. Exit code 1 when a cloud does not support the
    spec, 2 when the spec itself is wrong.
    """
    from groundplan.app.parity.use_case import parity
    from groundplan.app.target import AmbiguousTargetError
    from groundplan.views import parity as view

    try:
        report = parity(spec, clouds, regions)
    except AmbiguousTargetError as error:
        raise click.UsageError(str(error)) from None
    return Outcome(
        text=view.text(report, color=console.color_out),
        data=view.as_json(report),
        diagnostics=[*view.diagnostics(report), *report.old_prices(today())],
        exit_code=OK if report.complete else FINDINGS,
        documents={"markdown": lambda: view.markdown(report)},
    )
