"""From a spec to its environment on the disk, or to what would change there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from groundplan.app.changes import gate, refused, told
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import Resolved, resolve_for
from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.change.model import Change
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.files import FileSet
from groundplan.environment.write import Changes, compare, edited, exclusive, refusals, write_held


@dataclass(frozen=True, slots=True)
class Output:
    """The folder of an environment, and whether files there are given up that groundplan would not replace."""

    folder: Path
    overwrite: bool = False

    def gives_up(self, files: FileSet) -> Sequence[str]:
        """Rendered files that were edited by hand, where writing gives that up."""
        return edited(files, self.folder) if self.overwrite else ()


@dataclass(frozen=True, slots=True)
class Rendered:
    """What was written, or would be."""

    files: FileSet
    changes: Changes
    notices: Sequence[Diagnostic]
    refusals: Sequence[Diagnostic] = ()
    """Why nothing was written, or would be; empty also where an entry of the change is stopped."""
    change: Change | None = None
    """What it does to the environment that was rendered there before; None where there is nothing to rehearse."""
    written: bool = False

    @property
    def needs_word(self) -> bool:
        """Whether it takes the operator's word."""
        return bool(self.change and self.change.stopped)


def render(  # noqa: PLR0913, PLR0917 - what a render is told, and what it is done with
    spec: Path, output: Output, overrides: Overrides, tools: Tools, progress: Progress, today: date
) -> Rendered:
    """The environment of the spec, written; nothing where that does what needs a word that was not given.

    Raises `DiagnosticsError` when writing gives up what must stay.
    """
    folder = output.folder
    with exclusive(folder):
        resolved, files, notices = _made(spec, folder, overrides, today)
        if problems := refusals(files, folder, overwrite=output.overwrite):
            raise DiagnosticsError(problems)
        change = gate(files, folder, resolved, tools, progress, today, forget=overrides.forget)
        unknown = refused(change, tools, output.gives_up(files))
        if unknown or (change and change.stopped):
            return Rendered(files, compare(files, folder), notices, unknown, change)
        with progress.replacing_folder():
            changes = write_held(files, folder, overwrite=output.overwrite)
    return Rendered(files, changes, [*notices, *told(change)], change=change, written=True)


def preview(  # noqa: PLR0913, PLR0917 - as above
    spec: Path, output: Output, overrides: Overrides, tools: Tools, progress: Progress, today: date
) -> Rendered:
    """What `render` would write; nothing is written."""
    folder = output.folder
    resolved, files, notices = _made(spec, folder, overrides, today)
    problems = refusals(files, folder, overwrite=output.overwrite)
    change = None if problems else gate(files, folder, resolved, tools, progress, today, forget=overrides.forget)
    unknown = refused(change, tools, output.gives_up(files))
    found = [*notices, *(() if unknown else told(change))]
    return Rendered(files, compare(files, folder), found, [*problems, *unknown], change)


def _made(
    spec: Path, folder: Path, overrides: Overrides, today: date
) -> tuple[Resolved, FileSet, Sequence[Diagnostic]]:
    resolved = resolve_for(spec, folder, overrides)
    cost = resolved.estimate()
    notices = [*resolved.notices, *resolved.dated_findings(today, cost)]
    return resolved, resolved.render(folder, cost), notices
