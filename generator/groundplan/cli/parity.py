"""`groundplan parity SPEC`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, OK, Outcome, reports
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
@click.option("--clouds", callback=_names, metavar="C,C...", help="Clouds to lay side by side.  [default: all]")
@click.option(
    "--region",
    "regions",
    multiple=True,
    metavar="REGION",
    help="Region of one of the clouds, instead of the spec's own or the one nearest to that; may be given for each.",
)
def command(spec: Path, clouds: tuple[str, ...], regions: Sequence[str], console: Console) -> Outcome:
    """Lay a spec side by side on the clouds: what each gives, what differs, what it costs.

    The spec's own `cloud` block holds on its own cloud; on the others it is the nearest region. What a cloud cannot
    express is an error with its place, and the report is complete all the same. Exit code 1 when a cloud cannot
    express the spec, 2 when the spec itself is wrong.
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
        diagnostics=view.diagnostics(report),
        exit_code=OK if report.complete else FINDINGS,
        documents={"markdown": lambda: view.markdown(report)},
    )
