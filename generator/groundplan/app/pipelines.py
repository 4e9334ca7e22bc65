"""The pipelines of a repository: from the specs of all its environments to files at its top."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan import __version__
from groundplan.app.branches import missing_branches
from groundplan.app.pipeline import Resolved, resolve_spec
from groundplan.app.repository import environments_below, require_names_once
from groundplan.components.ci.component import COMPONENT
from groundplan.components.ci.part import Pipeline, pipeline_of
from groundplan.components.ci_identity.taken import APPLIED
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, has_errors
from groundplan.environment.apart import compared, out_of_date, owners_text, refused, write_apart
from groundplan.environment.files import FileSet
from groundplan.environment.lock import read_lock
from groundplan.environment.write import Changes, exclusive
from groundplan.render.pipelines.files import pipeline_files
from groundplan.render.pipelines.model import Target


@dataclass(frozen=True, slots=True)
class Pipelines:
    """What was written, or would be, and for which environments."""

    environments: Sequence[Target]
    files: FileSet
    changes: Changes
    notices: Sequence[Diagnostic] = ()


def pipelines(top: Path, environment: Mapping[str, str], *, overwrite: bool = False) -> Pipelines:
    """Writes the pipelines of all environments below `top`, which is the top of a repository.

    Raises `DiagnosticsError`, with nothing written, for specs that do not fit together and for files that were edited
    or are not groundplan's; `overwrite` gives those up.
    """
    targets = targets_of(top)
    absent = list(dict.fromkeys(missing_branches(top, targets, environment)))  # once, where a base says it for many
    if absent:
        raise DiagnosticsError(absent)
    files = pipeline_files(targets)
    with exclusive(top / ".groundplan"):
        problems = list(refused(files, top))
        if problems and not overwrite:
            raise DiagnosticsError(problems)
        changes = write_apart(files, owners_text(__version__, files), top)
    return Pipelines(targets, files, changes)


def check_pipelines(top: Path) -> Pipelines:
    """What would be written; its notices are errors where that is not what is there."""
    targets = targets_of(top)
    files = pipeline_files(targets)
    edited = list(refused(files, top))
    names = {one.place.file for one in edited if one.place}
    stale = [one for one in out_of_date(files, top) if one.place and one.place.file not in names]
    return Pipelines(targets, files, compared(files, top), [*edited, *stale])


def targets_of(top: Path) -> list[Target]:
    """The environments that have a pipeline, by folder. Raises `DiagnosticsError` where they do not fit together."""
    found = [one for folder in environments_below(top) if (one := _target(top, folder)) is not None]
    require_names_once([(one.name, one.places["name"]) for one in found])
    problems = list(_different(found))
    if problems:
        raise DiagnosticsError(problems)
    return found


def _target(top: Path, folder: str) -> Target | None:
    lock = read_lock(top / folder)
    if lock is None:
        return None
    spec = top / folder / lock.spec.file
    resolved = resolve_spec(spec, top / folder)
    pipeline = pipeline_of(resolved.stack)
    login = COMPONENT.on(resolved.cloud).login(resolved.stack, pipeline) if pipeline else None
    if pipeline is None or login is None:
        return None
    return Target(
        name=resolved.stack.name,
        folder=folder,
        spec=os.path.relpath(spec, top),
        places={key: _placed(resolved, top, key) for key in ("name", "ci", "ci.default_branch")},
        sources=_sources(resolved, top, folder),
        roots=tuple(root for root in APPLIED if root in lock.calls),
        cloud=resolved.cloud.name,
        pipeline=pipeline,
        login=login,
    )


def _placed(resolved: Resolved, top: Path, key: str) -> Place:
    """Where the spec, or what it extends, says it, as the repository names that."""
    place = resolved.document.place(tuple(key.split(".")))
    return replace(place, file=os.path.relpath(place.file, top))


def _sources(resolved: Resolved, top: Path, folder: str) -> tuple[str, ...]:
    """What the spec extends outside of its folder, as the repository names it."""
    names = (os.path.relpath(os.path.realpath(file), os.path.realpath(top)) for file in resolved.document.sources)
    return tuple(sorted(n for n in names if not n.startswith("..") and not Path(n).is_relative_to(folder)))


_SHARED: dict[str, Callable[[Pipeline], object]] = {
    "github": lambda one: (one.github, one.default_branch),
    "gitlab": lambda one: (one.gitlab, one.default_branch),
    "jenkins": lambda one: (one.jenkins, one.default_branch),
}
"""What environments that share a file of a system have to say alike."""


def _different(targets: Sequence[Target]) -> Iterator[Diagnostic]:
    for system, said in _SHARED.items():
        mine = [one for one in targets if system in one.pipeline.systems]
        for one in mine[1:]:
            if said(one.pipeline) != said(mine[0].pipeline):
                message = f"{one.name} and {mine[0].name} are in one repository and say different things about {system}"
                hint = "give them one block `ci` in a base that both extend"
                yield Diagnostic("GP951", message, hint=hint, place=one.places["ci"])


def fails(found: Pipelines) -> bool:
    """Whether anything is not as it would be rendered."""
    return has_errors(found.notices)
