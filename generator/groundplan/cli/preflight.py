"""`groundplan preflight SPEC`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.cli import arguments
from groundplan.cli.common import FINDINGS, MISSING, OK, Outcome, reports
from groundplan.spec.elsewhere import Elsewhere
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.pipeline import Resolved
    from groundplan.diagnostics import Diagnostic
    from groundplan.preflight.model import Report
    from groundplan.spec.document import Document


@click.command()
@arguments.spec
@click.option("--offline", is_flag=True, help="Ask nothing; write the request for the account's administrator.")
@reports("markdown")
@arguments.elsewhere
def command(spec: Path, offline: bool, elsewhere: Elsewhere, console: Console) -> Outcome:
    """Ask the cloud account whether it has what a spec needs.

    Machine types per zone, quotas at full size, permissions of the caller, APIs, names of buckets: each is met,
    missing by so much, or unknown and why. Exit code 1 when something is missing that the environment cannot do
    without.

    Needs a network and the cloud's usual credentials, and changes nothing. Without them it writes the same list as a
    request to hand to the account's administrator, and ends with exit code 5; `--offline` writes it on purpose.
    """
    from groundplan.app.pipeline import resolve_spec
    from groundplan.views import preflight as view

    resolved = resolve_spec(spec, elsewhere=elsewhere)
    report, problems = _report(resolved, offline, console)
    exit_code = MISSING if problems else FINDINGS if report.stopping else OK
    return Outcome(
        text=view.text(report, color=console.color_out),
        data=view.as_json(report),
        diagnostics=[*resolved.notices, *_located([*problems, *_findings(report)], resolved.document)],
        exit_code=exit_code,
        documents={"markdown": lambda: view.markdown(report)},
    )


def _report(resolved: Resolved, offline: bool, console: Console) -> tuple[Report, list[Diagnostic]]:
    """What the account says, or what there is to ask and why it was not asked."""
    from datetime import UTC, datetime

    from groundplan import paths
    from groundplan.preflight.find import preflight_of
    from groundplan.preflight.findings import unreachable
    from groundplan.preflight.model import Report, UnreachableError, examine
    from groundplan.preflight.needs import needs_of

    cloud = resolved.cloud
    preflight = preflight_of(cloud)
    calls = [call for root in resolved.compose().roots for call in root.calls]
    needs = needs_of(resolved.stack, cloud.catalog, calls, paths.MODULES)
    wanted = tuple(preflight.requirements(needs))
    if offline:
        return Report(needs, cloud.name, wanted, why="--offline was given"), []
    try:
        with console.step(f"asking {cloud.title}"):
            return examine(preflight.connect(needs, datetime.now(UTC)), needs, cloud.name, wanted), []
    except UnreachableError as error:
        return Report(needs, cloud.name, wanted, why=str(error)), [unreachable(error, "cloud")]


def _findings(report: Report) -> list[Diagnostic]:
    from groundplan.preflight.findings import diagnostics_of

    return diagnostics_of(report)


def _located(diagnostics: list[Diagnostic], document: Document) -> list[Diagnostic]:
    """Pointing into the spec, those about a default that the spec does not write excepted."""
    from groundplan.app.pipeline import locate

    written = {str(path[0]) for path in document.places if path}
    return [
        found if found.path is None or found.path.split(".")[0] not in written else locate([found], document)[0]
        for found in diagnostics
    ]
