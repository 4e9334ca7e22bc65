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
    found = list(_environments(top))
    return [one for one in found if not files or any(_belongs(file, one) for file in files)]


def specs_of(files: Sequence[Path], top: Path) -> list[Path]:
    """Specs of those environments, and specs among the files that nothing was rendered from yet."""
    known = [one.spec for one in environments_of(files, top)]
    new = [file for file in files if file.name == SPEC_FILE and _plain(file) not in set(map(_plain, known))]
    return [*known, *new]


def invalid(specs: Sequence[Path]) -> list[Diagnostic]:
    """What is wrong with the specs, all of it."""
    return [problem for spec in specs for problem in _problems(spec)]


def out_of_date(environments: Sequence[Environment]) -> list[Diagnostic]:
    """GP401 and GP404 for what is not as it would be rendered; places are named from the working directory."""
    return [_from_here(problem, one) for one in environments for problem in stale(one.folder, one.lock, rerender)[0]]


def _environments(top: Path) -> Iterator[Environment]:
    for name in environments_below(top):
        folder = top / name
        if (lock := read_lock(folder)) is not None:
            yield Environment(folder, folder / lock.spec.file, lock)


def _belongs(file: Path, to: Environment) -> bool:
    sources = [to.spec, *(to.folder / source.file for source in to.lock.spec.sources)]
    return _plain(file).is_relative_to(_plain(to.folder)) or _plain(file) in map(_plain, sources)


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
