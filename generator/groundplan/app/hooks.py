"""Hooks of pre-commit: from the files of a commit to the environments that they belong to."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan.app.pipeline import rerender, resolve_spec
from groundplan.app.repository import environments_below
from groundplan.check.freshness import stale
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.environment.files import SPEC_FILE
from groundplan.environment.lock import Lock, read_lock


@dataclass(frozen=True, slots=True)
class Environment:
    """A rendered environment, and where its spec is."""

    folder: Path
    spec: Path
    lock: Lock


def environments_of(files: Sequence[Path], top: Path) -> list[Environment]:
    """Those below `top` in whose folder a file lies, or whose spec a file is or is extended by; all without files."""
    named = set(map(_plain, files))
    above = named.union(*(file.parents for file in named))
    return [one for one in _environments(top) if not files or _plain(one.folder) in above or _sources(one) & named]


def specs_of(files: Sequence[Path], top: Path) -> list[Path]:
    """Specs of those environments, and specs among the files that nothing was rendered from yet."""
    specs = [one.spec for one in environments_of(files, top)]
    known = set(map(_plain, specs))
    return [*specs, *(file for file in files if file.name == SPEC_FILE and _plain(file) not in known)]


def invalid(specs: Sequence[Path]) -> list[Diagnostic]:
    """What is wrong with the specs, all of it."""
    return [problem for spec in specs for problem in _problems(spec)]


def out_of_date(environments: Sequence[Environment]) -> list[Diagnostic]:
    """GP401 and GP404 for what is not as it would be rendered; places are named from the working directory."""
    return [
        _from_here(problem, one) for one in environments for problem in stale(one.folder, one.lock.outline, rerender)[0]
    ]


def _environments(top: Path) -> Iterator[Environment]:
    for name in environments_below(top):
        folder = top / name
        if (lock := read_lock(folder)) is not None:
            yield Environment(folder, folder / lock.spec.file, lock)


def _sources(of: Environment) -> set[Path]:
    """Its spec, and what that extends."""
    return {_plain(path) for path in (of.spec, *(of.folder / source.file for source in of.lock.spec.sources))}


def _plain(path: Path) -> Path:
    return Path(os.path.normpath(path))


def _problems(spec: Path) -> Sequence[Diagnostic]:
    try:
        resolve_spec(spec)
    except DiagnosticsError as error:
        return error.diagnostics
    return ()


def _from_here(problem: Diagnostic, one: Environment) -> Diagnostic:
    place = problem.place
    return replace(problem, place=replace(place, file=os.path.normpath(one.folder / place.file))) if place else problem
