"""Every key of the full spec dropped, renamed and retyped: each mutant is valid or rejected at the right place."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from pathlib import Path as FilePath
from typing import Any

import pytest
import yaml

from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.spec import shape
from groundplan.spec.base import Model
from groundplan.spec.document import Document, Path, dotted
from groundplan.spec.load import load
from groundplan.spec.parse import parse
from groundplan.spec.yaml_file import parse_yaml

VALID = FilePath(__file__).resolve().parents[2] / "specs/valid"
NAMES = ("full", "existing-network", "serverless-tracking", "managed-monitoring")
TEXTS = {name: (VALID / f"{name}.yaml").read_text() for name in NAMES}
DOCUMENTS = {name: parse_yaml(text, "spec.yaml") for name, text in TEXTS.items()}
KEYS = [(name, path) for name, document in DOCUMENTS.items() for path in document.places]
MODEL_KEYS = [(name, path) for name, path in KEYS if shape.is_model(shape.type_at(path[:-1]))]
RELATIONS = {"GP202", "GP207", "GP208"}
"""Also of keys that the value of another one makes necessary."""
ids = {"ids": lambda value: dotted(value) if isinstance(value, tuple) else str(value)}


def problems(document: Document) -> tuple[Diagnostic, ...]:
    try:
        parse(document)
    except DiagnosticsError as error:
        return error.diagnostics
    return ()


def changed(name: str, path: Path, value: Any, *, drop: bool = False) -> Document:
    """The spec with another value at `path`, or without it."""
    values = copy.deepcopy(dict(DOCUMENTS[name].values))
    around: Any = values
    for part in path[:-1]:
        around = around[part]
    if drop:
        del around[path[-1]]
    else:
        around[path[-1]] = value
    return parse_yaml(yaml.dump(values, Dumper=yaml.CSafeDumper, sort_keys=False), "spec.yaml")


def declared(owner: type[Model], key: str) -> tuple[str, str]:
    """The class that declares the field, of `owner` and its bases, and the field."""
    return next(base.__name__ for base in owner.__mro__ if key in vars(base).get("__annotations__", {})), key


def misspelled(key: str) -> Iterator[str]:
    middle = len(key) // 2
    yield key[:middle] + key[middle] + key[middle:]
    yield key + "s"
    if len(key) > 2:
        yield key[:-1]
    if len(key) > 3:
        yield key[:1] + key[2] + key[1] + key[3:]
        yield key.upper()
    if "_" in key:
        yield key.replace("_", "-")
        head, *tail = key.split("_")
        yield head + "".join(part.title() for part in tail)


def test_the_specs_use_every_key_of_the_model() -> None:
    used = {declared(shape.type_at(path[:-1]), str(path[-1])) for _, path in MODEL_KEYS}
    assert {declared(owner, path[-1]) for path, owner in shape.walk()} - used == set()


@pytest.mark.parametrize(("name", "path"), KEYS, **ids)
def test_drop(name: str, path: Path) -> None:
    document = changed(name, path, None, drop=True)
    found = problems(document)
    owner = shape.type_at(path[:-1])
    if shape.is_model(owner) and str(path[-1]) in shape.required_keys(owner):
        (missing,) = [problem for problem in found if problem.path == dotted(path)]
        assert missing.code == "GP202"
        assert missing.message.startswith(f"`{path[-1]}` is missing")
        assert missing.place == (document.places[path[:-1]].key if path[:-1] else missing.place)
        found = tuple(problem for problem in found if problem is not missing)
    assert {problem.code for problem in found} <= RELATIONS | {"GP204"}
    emptied = [problem for problem in found if problem.code == "GP204"]
    assert all(problem.path == dotted(path[:-1]) for problem in emptied)


@pytest.mark.parametrize(("name", "path"), MODEL_KEYS, **ids)
def test_rename(name: str, path: Path) -> None:
    entry, key = DOCUMENTS[name].places[path], str(path[-1])
    siblings = shape.keys_at(path[:-1])
    for typo in misspelled(key):
        if typo in siblings:
            continue
        lines = TEXTS[name].splitlines(keepends=True)
        line, start = lines[entry.key.line - 1], entry.key.column - 1
        lines[entry.key.line - 1] = line[:start] + typo + line[start + len(key) :]
        found = problems(parse_yaml("".join(lines), "spec.yaml"))
        (unknown,) = [problem for problem in found if problem.code == "GP201"]
        assert unknown.place == entry.key
        assert unknown.snippet is not None
        assert unknown.snippet.length == len(typo)
        assert (unknown.hint or "").splitlines()[0] == f"did you mean `{key}`?"
        assert {problem.code for problem in found} <= {"GP201"} | RELATIONS


@pytest.mark.slow
@pytest.mark.parametrize("value", ["zzz", "", 7, -1, 2.5, True, None, [], ["zzz"], {}, {"zzz": 1}], ids=repr)
@pytest.mark.parametrize("name", list(TEXTS))
def test_retype(name: str, value: Any) -> None:
    for path in DOCUMENTS[name].places:
        document = changed(name, path, value)
        found = problems(document)
        about = [problem for problem in found if _inside(problem.path or "", dotted(path))]
        if found and not about:
            assert {problem.code for problem in found} <= RELATIONS, dotted(path)
        for problem in about:
            assert problem.place is not None
            assert problem.place.line in (document.places[path].key.line, document.places[path].value.line)
        if not found:
            wanted = shape.type_at(path)
            assert isinstance(value, _accepted(wanted)), dotted(path)


def _inside(path: str, outer: str) -> bool:
    return path == outer or path.startswith((f"{outer}.", f"{outer}["))


def _accepted(wanted: Any) -> tuple[type, ...]:
    if shape.is_model(wanted) or shape.get_origin(wanted) is dict:
        return (dict,)
    if shape.get_origin(wanted) is list:
        return (list,)
    values = shape.values_of(wanted)
    return tuple({type(item) for item in values}) if values else (int, float) if wanted is float else (wanted,)


def test_the_originals_are_valid() -> None:
    for name in TEXTS:
        assert problems(load(VALID / f"{name}.yaml")) == ()
