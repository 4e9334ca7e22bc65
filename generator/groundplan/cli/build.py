"""`groundplan build SPEC -o DIR`."""

from __future__ import annotations

from pathlib import Path

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import OVER_BUDGET, Outcome, reports, working_folder
from groundplan.views.console import Console


@click.command()
@arguments.spec
@arguments.output
@arguments.overwrite
@arguments.upgrade
@arguments.provider_schemas
@arguments.terraform_bin
@reports("markdown")
@arguments.target
def command(
    spec: Path,
    output: Path,
    overwrite: bool,
    upgrade: bool,
    provider_schemas: tuple[Path, ...],
    terraform_bin: str | None,
    target: Target,
    console: Console,
) -> Outcome:
    """Validate, resolve, render, check and price a spec: the main job.

    One summary at the end. The exit code is that of the check; when that is fine and the expected cost is above the
    spec's budget, it is 3.
    """
    from groundplan.app.overrides import Overrides
    from groundplan.app.pipeline import resolve_spec
    from groundplan.check.report import exit_code
    from groundplan.check.run import Checker
    from groundplan.environment.write import write
    from groundplan.views import build as view

    with Checker(schema_files=provider_schemas, terraform_bin=terraform_bin) as checker:
        resolved = resolve_spec(spec, output, Overrides(target, upgrade=upgrade))
        cost = resolved.estimate()
        files = resolved.render(output, cost)
        with working_folder(console):
            changes = write(files, output, overwrite=overwrite)
        with console.step(f"checking {output}"):
            report = checker.check(output, rerender=lambda _: files)
    summary = view.Summary(resolved.stack, str(output), changes, report, cost)
    notices = [*resolved.notices, *resolved.cost_findings(cost)]
    code = exit_code(report)
    return Outcome(
        text=view.text(summary, color=console.color_out),
        data=view.as_json(summary, notices),
        diagnostics=notices,
        exit_code=OVER_BUDGET if code == 0 and cost.over_budget else code,
        documents={"markdown": lambda: view.markdown(summary)},
    )
