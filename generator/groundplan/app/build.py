"""From a spec to a checked and priced environment on the disk: the main job."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundplan.app.changes import gate, refused, told
from groundplan.app.denied import denied_by
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_for
from groundplan.app.progress import Progress
from groundplan.app.render import Output
from groundplan.app.tools import Tools
from groundplan.change.model import Change
from groundplan.check.allow import with_unused
from groundplan.check.report import CheckReport
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.write import Changes, compare, exclusive, refusals, write_held
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
    change: Change | None = None
    """What it did to the environment that was rendered there before; None where there was nothing to rehearse."""


@dataclass(frozen=True, slots=True)
class Held:
    """A build that wrote nothing, because of what that would do to the environment there."""

    folder: str
    changes: Changes
    change: Change
    notices: Sequence[Diagnostic]
    problems: Sequence[Diagnostic]
    """Why nobody knows what it would do; empty where that is known, and needs the operator's word."""


def build(  # noqa: PLR0913, PLR0917 - what a build is told, and what it is done with
    spec: Path, output: Output, overrides: Overrides, tools: Tools, progress: Progress, today: date
) -> Build | Held:
    """Resolve, price and render the spec into the output's folder, and check what stands there then.

    Nothing is written where that does what needs a word that was not given.
    """
    folder = output.folder
    with tools.checker() as checker, exclusive(folder):
        resolved = resolve_for(spec, folder, overrides)
        cost = resolved.estimate()
        files = resolved.render(folder, cost)
        notices = [*resolved.notices, *resolved.cost_findings(cost), *resolved.dated_findings(today, cost)]
        if problems := refusals(files, folder, overwrite=output.overwrite):
            raise DiagnosticsError(problems)
        change = gate(files, folder, resolved, tools, progress, today, forget=overrides.forget)
        unknown = refused(change, tools, output.gives_up(files))
        if change and (unknown or change.stopped):
            return Held(str(folder), compare(files, folder), change, notices, unknown)
        with progress.replacing_folder():
            changes = write_held(files, folder, overwrite=output.overwrite)
        with progress.step(f"checking {folder}"):
            report = checker.check(folder, rerender=lambda _: files, inspect=denied_by(resolved, folder))
    [report] = with_unused([report], [one for one in tools.allowances if not one.of_change])
    return Build(resolved.stack, str(folder), changes, report, cost, [*notices, *told(change)], change)
