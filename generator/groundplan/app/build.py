"""From a spec to a checked and priced environment on the disk: the main job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundplan.app.check import Tools
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_for
from groundplan.app.progress import Progress
from groundplan.app.render import Output
from groundplan.check.allow import with_unused
from groundplan.check.report import CheckReport
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Diagnostic
from groundplan.environment.write import Changes, exclusive, write_held
from groundplan.stack.model import Stack


@dataclass(frozen=True, slots=True)
class Build:
    """Everything that a build did."""

    stack: Stack
    folder: str
    changes: Changes
    check: CheckReport
    cost: CostReport
    notices: Sequence[Diagnostic]
    """About the spec and its cost; what the check found is in its report."""


def build(  # noqa: PLR0913, PLR0917 - what a build is told, and what it is done with
    spec: Path, output: Output, overrides: Overrides, tools: Tools, progress: Progress, today: date
) -> Build:
    """Resolve, price and render the spec into the output's folder, and check what stands there then."""
    folder = output.folder
    with tools.checker() as checker, exclusive(folder):
        resolved = resolve_for(spec, folder, overrides)
        cost = resolved.estimate()
        files = resolved.render(folder, cost)
        with progress.replacing_folder():
            changes = write_held(files, folder, overwrite=output.overwrite)
        with progress.step(f"checking {folder}"):
            report = checker.check(folder, rerender=lambda _: files)
    [report] = with_unused([report], tools.allowances)
    notices = [*resolved.notices, *resolved.cost_findings(cost), *resolved.dated_findings(today, cost)]
    return Build(resolved.stack, str(folder), changes, report, cost, notices)
