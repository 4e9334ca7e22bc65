"""From a spec to its environment on the disk, or to what would change there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_for
from groundplan.app.progress import Progress
from groundplan.diagnostics import Diagnostic
from groundplan.environment.files import FileSet
from groundplan.environment.write import Changes, compare, refusals, write


@dataclass(frozen=True, slots=True)
class Output:
    """The folder of an environment, and whether files there are given up that groundplan would not replace."""

    folder: Path
    overwrite: bool = False


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written, or would be. `refusals` is why it would not; empty when it was written."""

    files: FileSet
    changes: Changes
    notices: Sequence[Diagnostic]
    refusals: Sequence[Diagnostic] = ()


def render(spec: Path, output: Output, overrides: Overrides, progress: Progress, today: date) -> Rendered:
    """The environment of the spec, written; raises `DiagnosticsError` when that gives up what must stay."""
    resolved = resolve_for(spec, output.folder, overrides)
    cost = resolved.estimate()
    files = resolved.render(output.folder, cost)
    with progress.replacing_folder():
        changes = write(files, output.folder, overwrite=output.overwrite)
    return Rendered(files, changes, [*resolved.notices, *resolved.dated_findings(today, cost)])


def preview(spec: Path, output: Output, overrides: Overrides, today: date) -> Rendered:
    """What `render` would write; nothing is written."""
    resolved = resolve_for(spec, output.folder, overrides)
    cost = resolved.estimate()
    files = resolved.render(output.folder, cost)
    problems = refusals(files, output.folder, overwrite=output.overwrite)
    notices = [*resolved.notices, *resolved.dated_findings(today, cost)]
    return Rendered(files, compare(files, output.folder), notices, problems)
