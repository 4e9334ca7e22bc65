"""Rehearsing a folder: applied, planned again and destroyed, offline."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.app.check import Tools
from groundplan.app.progress import Progress
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.terraform.offline import offline_session
from groundplan.terraform.results import RehearsalResult


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What each root showed."""

    results: Sequence[RehearsalResult]
    diagnostics: Sequence[Diagnostic]
    """Their findings, with files named from where the process stands."""


def rehearse(folder: Path, tools: Tools, progress: Progress) -> Rehearsal:
    """Every root of the folder, one after the other; raises GP101 where there is none."""
    if not folder.is_dir():
        raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
    results = []
    with offline_session(folder, schema_files=tools.schema_files, terraform_bin=tools.terraform_bin) as session:
        if not session.roots:
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} holds no Terraform root")])
        for root in session.roots:
            with progress.step(f"rehearsing {root}"):
                results.append(session.rehearse(root))
    found = [_from_here(diagnostic, folder) for result in results for diagnostic in result.diagnostics]
    return Rehearsal(results, found)


def _from_here(diagnostic: Diagnostic, folder: Path) -> Diagnostic:
    """The same, with its file named from where the command runs and not from `folder`."""
    place = diagnostic.place
    return replace(diagnostic, place=replace(place, file=os.path.normpath(folder / place.file)) if place else None)
