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
@click.option("--offline", is_flag=True, help="Ask nothing; write the request for the account's administrator.")
@reports("markdown")
@arguments.target
def command(spec: Path, offline: bool, target: Target, console: Console) -> Outcome:
    """Ask the cloud account whether it has what a spec needs.

    Machine types per zone, quotas at full size, permissions of the caller, APIs, names of buckets: each is met,
    missing by so much, or unknown and why. Exit code 1 when something is missing that the environment cannot do
    without.

    Needs a network and the cloud's usual credentials, and changes nothing. Without them it writes the same list as a
    request to hand to the account's administrator, and ends with exit code 5; `--offline` writes it on purpose.
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
