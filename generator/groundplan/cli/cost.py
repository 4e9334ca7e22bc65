"""`groundplan cost SPEC`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.cli import arguments
from groundplan.cli.common import OK, OVER_BUDGET, Outcome, reports
from groundplan.spec.elsewhere import Elsewhere
from groundplan.views.console import Console


@click.command()
@arguments.spec
@reports()
@arguments.elsewhere
def command(spec: Path, elsewhere: Elsewhere, console: Console) -> Outcome:
    """Estimate what a spec costs a month.

    Every line has a price with its date and source, a quantity, and the assumption behind it; what has no price is
    listed and never counted as zero. Exit code 3 when the expected total is above the spec's budget.
    """
    from groundplan.cli.pipeline import resolve_spec
    from groundplan.views import cost as view

    resolved = resolve_spec(spec, elsewhere=elsewhere)
    report = resolved.estimate()
    return Outcome(
        text=view.text(report, color=console.color_out),
        data=view.as_json(report),
        diagnostics=[*resolved.notices, *resolved.cost_findings(report)],
        exit_code=OVER_BUDGET if report.over_budget else OK,
    )
