"""The spec model seen as a tree of keys: what is allowed where. Read from the models: there is no second table."""

from __future__ import annotations

import ast
import inspect
import sys
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from types import NoneType
from typing import Annotated, Any, Literal, get_args, get_origin

from groundplan.spec.base import Model
from groundplan.spec.document import Path
from groundplan.spec.model import Spec, keys, root

NAME = "<name>"
"""Stands for a key that the user chooses, such as a pool's name."""


def unwrap(annotation: Any) -> Any:
    """The type itself, without `Annotated[…]` and `… | None`."""
    while True:
        if get_origin(annotation) is Annotated:
            annotation = get_args(annotation)[0]
        elif NoneType in get_args(annotation):
            annotation = next(arg for arg in get_args(annotation) if arg is not NoneType)
        else:
            return annotation


def type_at(path: Path) -> Any:
    """The type the model wants at `path`; None where it knows no such path."""
    current: Any = root()
    for part in path:
        origin, args = get_origin(current), get_args(current)
        if origin is dict:
            current = unwrap(args[1])
        elif origin is list:
            current = unwrap(args[0])
        elif is_model(current) and part in current.model_fields:
            current = unwrap(current.model_fields[part].annotation)
        else:
            return None
    return current


def is_model(annotation: Any) -> bool:
    """Whether the type is one of the spec's models."""
    return isinstance(annotation, type) and issubclass(annotation, Model)


def keys_at(path: Path) -> list[str]:
    """Keys the model allows in the mapping at `path`, in alphabetical order; empty where the user chooses them."""
    found = type_at(path)
    allowed = sorted(found.model_fields) if is_model(found) else []
    return allowed if path else sorted([*allowed, "extends"])


def required_keys(owner: type[Model]) -> list[str]:
    """Keys without which the mapping is incomplete, in the model's order."""
    return [key for key, info in owner.model_fields.items() if info.is_required()]


def values_of(annotation: Any) -> list[Any]:
    """The allowed values of a closed set; empty for every other type."""
    return list(get_args(annotation)) if get_origin(annotation) is Literal else []


Field = tuple[tuple[str, ...], type[Model]]
"""A path of keys, and the model that declares the last of them."""


def walk() -> Iterator[Field]:
    """Every path of the spec with the model that declares its last key; user-chosen keys are `<name>`."""
    return _walk(root(), ())


def _walk(annotation: Any, path: tuple[str, ...]) -> Iterator[Field]:
    if not is_model(annotation):
        return
    for key, info in annotation.model_fields.items():
        here = (*path, key)
        yield here, annotation
        inner = unwrap(info.annotation)
        if get_origin(inner) is dict:
            yield from _walk(unwrap(get_args(inner)[1]), (*here, NAME))
        elif get_origin(inner) is list:
            yield from _walk(unwrap(get_args(inner)[0]), here)
        else:
            yield from _walk(inner, here)


def blocks_of_one_cloud(said: Any, path: str = "") -> Iterator[tuple[str, str]]:
    """Dotted paths of the blocks that a part of a spec has for one cloud only, each with that cloud."""
    if isinstance(said, dict):
        for key, value in said.items():
            yield from blocks_of_one_cloud(value, f"{path}.{key}")
    elif isinstance(said, Model):
        if said.only_on:
            yield path.lstrip("."), said.only_on
        for key in type(said).model_fields:
            yield from blocks_of_one_cloud(getattr(said, key), f"{path}.{key}")


def homes(key: str) -> list[tuple[str, ...]]:
    """Paths of the mappings in which `key` is allowed, those nearest the top first."""
    return _homes(root()).get(key, [])


@cache
def _homes(whole: type[Spec]) -> dict[str, list[tuple[str, ...]]]:
    found: dict[str, list[tuple[str, ...]]] = {}
    for path, _ in sorted(_walk(whole, ()), key=lambda field: len(field[0])):
        found.setdefault(path[-1], []).append(path[:-1])
    return found


def meaning(owner: type[Model], key: str) -> str:
    """What the field means: the docstring under it, or for a key at the top what its component says of it."""
    for base in owner.__mro__:
        if issubclass(base, Model) and (text := _docstrings(base.__module__).get((base.__name__, key))):
            return text
    return next((one.meaning for one in keys() if one.name == key), "") if issubclass(owner, Spec) else ""


@cache
def _docstrings(module: str) -> dict[tuple[str, str], str]:
    """`(class, field)` to the text under the field in the source of the module."""
    texts: dict[tuple[str, str], str] = {}
    for statement in ast.parse(inspect.getsource(sys.modules[module])).body:
        if not isinstance(statement, ast.ClassDef):
            continue
        for field, text in pairwise(statement.body):
            if not (isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)):
                continue
            if isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant):
                texts[statement.name, field.target.id] = " ".join(str(text.value.value).split())
    return texts
