"""Rehearsing a folder: applied, planned again and destroyed, offline."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.diagnostics import Diagnostic, DiagnosticsError, has_errors
from groundplan.sandbox.sandbox import sandbox_for
from groundplan.sandbox.walls import Walls
from groundplan.terraform.intake import take_in
from groundplan.terraform.offline import check_roots, find_roots, offline_session
from groundplan.terraform.results import RehearsalResult
from groundplan.terraform.screen import screen
from groundplan.terraform.workspace import throwaway_folder


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What each root showed."""

    results: Sequence[RehearsalResult]
    diagnostics: Sequence[Diagnostic]
    """Their findings, with files named from where the process stands."""
    walls: Walls
    """What stood around Terraform."""


def rehearse(folder: Path, tools: Tools, progress: Progress, roots: Sequence[str] = ()) -> Rehearsal:
    """Every root of the folder, or those named, one after the other; none of a folder that Terraform must not read.

    Raises GP101 where there is no root.
    """
    if not folder.is_dir():
        raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
    with throwaway_folder() as base:
        intake = take_in(folder, base / "folder")
        wanted = check_roots(intake.top, roots) or find_roots(intake.top)
        if not wanted:
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} holds no Terraform root")])
        refused = [*intake.problems, *screen(intake.top)]
        results = [] if has_errors(refused) else list(_rehearsed(intake.top, wanted, tools, progress))
    found = [*refused, *(diagnostic for result in results for diagnostic in result.diagnostics)]
    walls = sandbox_for(tools.environment).walls
    return Rehearsal(results, [_from_here(diagnostic, folder) for diagnostic in found], walls)


def _rehearsed(folder: Path, roots: Sequence[str], tools: Tools, progress: Progress) -> Iterator[RehearsalResult]:
    with offline_session(folder, roots, **vars(tools.inputs)) as session:
        for root in session.roots:
            with progress.step(f"rehearsing {root}"):
                yield session.rehearse(root)


def _from_here(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    """The same, with its file named from where the command runs and not from `folder`."""
    place = diagnostic.place
    return replace(diagnostic, place=replace(place, file=os.path.normpath(folder / place.file)) if place else None)
