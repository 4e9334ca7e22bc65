"""`groundplan preflight SPEC`."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, MISSING, OK, ConsoleProgress, Outcome, reports
from groundplan.views.console import Console


@click.command()
@arguments.spec
@click.option("--offline", is_flag=True, help="Query nothing; print the request for the account's administrator.")
@reports("markdown")
@arguments.target
def command(spec: Path, offline: bool, target: Target, console: Console) -> Outcome:
    """Check whether the cloud account meets a spec's requirements.

    Machine types per zone, quotas at full size, the caller's permissions, APIs, bucket names: each is met, missing (by
    how much) or unknown (why). Exit code 1 when something the environment cannot do without is missing.

    Needs network access and the cloud's usual credentials; read-only. Without them, prints the same list as a request
    for the account's administrator and ends with exit code 5; `--offline` prints it on purpose.
    """
    from groundplan.app.overrides import Overrides
    from groundplan.app.preflight import preflight
    from groundplan.views import preflight as view

    now = None if offline else datetime.now(UTC)
    found = preflight(spec, Overrides(target), now, ConsoleProgress(console))
    report = found.report
    return Outcome(
        text=view.text(report, color=console.color_out),
        data=view.as_json(report),
        diagnostics=found.diagnostics,
        exit_code=MISSING if not found.reached else FINDINGS if report.stopping else OK,
        documents={"markdown": lambda: view.markdown(report)},
    )
