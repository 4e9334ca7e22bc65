"""`extends`: follow the base files a spec builds on, and merge them, remembering where each value came from.

Rules (docs/decisions/extends.md): a base is a relative `.yaml` file in the spec's folder, below it, or one folder up
and below that; symlinks are judged by where they lead. Mappings merge, everything else replaces, `null` removes.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import reduce
from pathlib import Path as FilePath
from typing import Any

from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean
from groundplan.reading import is_file
from groundplan.spec.document import Document, KeyPlace, Path
from groundplan.spec.yaml_file import decode, parse_yaml

MAX_CHAIN = 5
"""Bases above a spec, one extending the next."""
MAX_FILES = 20

ReadFile = Callable[[FilePath], bytes]
"""Content of a file; raises `DiagnosticsError` when it is unavailable."""

_RULE = "a base is a relative path to a .yaml file in the spec's folder, below it, or one folder up"


def follow(path: FilePath, read: ReadFile, exists: Callable[[FilePath], bool] = is_file) -> Document:
    """The spec at `path` merged over its bases; raises `DiagnosticsError` with the problems of all files together."""
    boundary = _boundary(path.parent)
    walk = _Walk(read, exists, boundary)
    document = walk.load(path, ())
    if walk.problems:
        problems = {*walk.problems, *document.problems}
        raise DiagnosticsError(sorted(problems, key=lambda d: (d.place is None, d.place)))
    return document


def may_lie_at(file: FilePath, folder: FilePath) -> bool:
    """Whether a file, links followed, is where the bases of a spec in `folder` may be."""
    return file.suffix in (".yaml", ".yml") and file.is_relative_to(_boundary(folder))


def _boundary(folder: FilePath) -> FilePath:
    """The folder above, except at the top of the file system."""
    real = FilePath(os.path.realpath(folder))
    return real.parent if real.parent != real.parent.parent else real


@dataclass
class _Walk:
    read: ReadFile
    exists: Callable[[FilePath], bool]
    boundary: FilePath
    problems: list[Diagnostic] = field(default_factory=list)
    files: int = 0

    def load(self, path: FilePath, above: tuple[str, ...]) -> Document:
        file = str(path)
        try:
            own = parse_yaml(decode(self.read(path), file), file)
        except DiagnosticsError as error:
            self.problems += error.diagnostics
            return Document(file, {}, {}, {})
        if "extends" not in own.values:
            return own
        chain = (*above, os.path.realpath(path))
        wanted = [self._base(own, where, name, path, chain) for where, name in self._names(own)]
        layers = [self.load(base, chain) for base in wanted if base is not None]
        return reduce(merge, [*layers, _without_extends(own)])

    def _names(self, own: Document) -> list[tuple[Path, str]]:
        given = own.values["extends"]
        names = list(enumerate(given)) if isinstance(given, list) else [(None, given)]
        result: list[tuple[Path, str]] = []
        for index, name in names:
            where: Path = ("extends",) if index is None else ("extends", index)
            if isinstance(name, str) and name:
                result.append((where, name))
            else:
                message = "`extends` takes a path or a list of paths"
                self.problems.append(own.diagnostic("GP106", message, where, hint=_RULE))
        return result

    def _base(self, own: Document, where: Path, name: str, path: FilePath, chain: tuple[str, ...]) -> FilePath | None:
        """The file to read next, or None after saying why not."""
        base = FilePath(os.path.normpath(path.parent / name))
        real = os.path.realpath(path.parent / name) if "\0" not in name else ""
        problem, hint = None, _RULE
        if not name.endswith((".yaml", ".yml")) or "\0" in name:
            problem = f"`{name}` does not name a .yaml file"
        elif FilePath(name).is_absolute() or name.startswith("~"):
            problem = f"`{name}` is not a relative path"
        elif not FilePath(real).is_relative_to(self.boundary):
            problem = f"`{name}` leads out of the folders a spec may build on"
        elif real in chain:
            problem = f"`{name}` extends this file in turn"
            hint = "remove one of the `extends`"
        elif len(chain) > MAX_CHAIN or self.files >= MAX_FILES:
            problem = f"`{name}` is one base too many"
            hint = f"at most {MAX_CHAIN} files extend one another, and {MAX_FILES} in all"
        elif not self.exists(base):
            problem = f"`{name}` is not there"
            hint = near(FilePath(real)) or "paths start from the folder of the file that names them"
        if problem is not None:
            self.problems.append(own.diagnostic("GP106", problem, where, hint=hint))
            return None
        self.files += 1
        return base


def near(path: FilePath) -> str:
    """`did you mean …?` with a file of a similar name beside `path`; empty where there is none."""
    try:
        names = sorted(p.name for p in path.parent.iterdir() if p.suffix in (".yaml", ".yml"))
    except OSError:
        return ""
    return did_you_mean(path.name, names)


def merge(base: Document, over: Document) -> Document:
    """`over` laid on `base`: mappings merge, other values replace, and a null in `over` removes what `base` has."""
    places = dict(base.places)
    values = _merge(base.values, over.values, (), places, over.places)
    problems = tuple(dict.fromkeys((*base.problems, *over.problems)))
    return Document(over.file, values, places, {**base.sources, **over.sources}, problems)


def _merge(
    base: Mapping[str, Any],
    over: Mapping[str, Any],
    path: Path,
    places: dict[Path, KeyPlace],
    over_places: Mapping[Path, KeyPlace],
) -> dict[str, Any]:
    result = dict(base)
    for key, value in over.items():
        inner = (*path, key)
        below = result.get(key)
        if value is None and key in base:
            del result[key]
            _forget(places, inner, below)
        elif isinstance(value, dict) and isinstance(below, dict):
            places[inner] = over_places[inner]
            result[key] = _merge(below, value, inner, places, over_places)
        else:
            result[key] = value
            _forget(places, inner, below)
            places.update({path: over_places[path] for path in _paths(inner, value)})
    return result


def _forget(places: dict[Path, KeyPlace], path: Path, value: Any) -> None:
    for inner in _paths(path, value):
        places.pop(inner, None)


def _paths(path: Path, value: Any) -> Iterator[Path]:
    """The path of a value and those of everything in it."""
    yield path
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from _paths((*path, key), inner)


def _without_extends(document: Document) -> Document:
    values = {key: value for key, value in document.values.items() if key != "extends"}
    places = {path: place for path, place in document.places.items() if path[0] != "extends"}
    return replace(document, values=values, places=places)
