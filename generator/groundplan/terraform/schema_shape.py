"""A schema as `terraform providers schema -json` prints it, or what is wrong with it: a file may say anything.

https://developer.hashicorp.com/terraform/cli/commands/providers/schema
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Any

DEEPEST = 50
"""Blocks in blocks; the deepest provider has a fifth of it."""
MOST_ITEMS = 1_000_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_-]{0,127}")
_NESTINGS = ("single", "list", "set", "map", "group")
_FLAGS = ("required", "optional", "computed", "sensitive", "write_only", "deprecated")
_PRIMITIVES = ("string", "number", "bool", "dynamic")


class MisshapenError(Exception):
    """What is wrong in a schema, with the way to it."""


def shaped(schema: Any, way: str) -> dict[str, Any]:
    """The schema with all that is read of it, keys left out as empty included; raises MisshapenError."""
    known = _mapping(schema, way)
    version = known.get("version", 0)
    if not _is_count(version):
        raise MisshapenError(f"{way}.version is no count")
    return {"version": version, "block": _block(known.get("block", {}), f"{way}.block", 0)}


def _block(block: Any, way: str, depth: int) -> dict[str, Any]:
    known = _mapping(block, way)
    return {
        "attributes": _each(known, "attributes", way, depth, _attribute),
        "block_types": _each(known, "block_types", way, depth, _nested),
    }


def _each(
    block: Mapping[str, Any], key: str, way: str, depth: int, make: Callable[[Any, str, int], Any]
) -> dict[str, Any]:
    if depth > DEEPEST:
        raise MisshapenError(f"blocks more than {DEEPEST} deep")
    entries = _mapping(block.get(key) or {}, f"{way}.{key}")
    return {name: make(entry, f"{way}.{key}.{_named(name, way)}", depth + 1) for name, entry in entries.items()}


def _nested(nested: Any, way: str, depth: int) -> dict[str, Any]:
    known = _mapping(nested, way)
    counts = {key: known.get(key, 0) for key in ("min_items", "max_items")}
    if not all(map(_is_count, counts.values())):
        raise MisshapenError(f"{way}: a number of items is none")
    return {
        "nesting_mode": _nesting(known, way),
        "block": _block(known.get("block", {}), f"{way}.block", depth),
        **counts,
    }


def _attribute(attribute: Any, way: str, depth: int) -> dict[str, Any]:
    known = _mapping(attribute, way)
    flags = {flag: True for flag in _FLAGS if known.get(flag) is True}
    if "nested_type" not in known:
        _check_type(known.get("type"), f"{way}.type", depth)
        return {"type": known["type"], **flags}
    nested = _mapping(known["nested_type"], f"{way}.nested_type")
    attributes = _each(nested, "attributes", f"{way}.nested_type", depth, _attribute)
    return {"nested_type": {"attributes": attributes, "nesting_mode": _nesting(nested, way)}, **flags}


def _check_type(type_: Any, way: str, depth: int) -> None:
    if depth > DEEPEST:
        raise MisshapenError(f"types more than {DEEPEST} deep")
    if type_ in _PRIMITIVES:
        return
    kind, inner = type_[:2] if isinstance(type_, list) and len(type_) in (2, 3) else (None, None)
    if kind in ("list", "set", "map"):
        _check_type(inner, way, depth + 1)
    elif kind == "tuple" and isinstance(inner, list):
        for one in inner:
            _check_type(one, way, depth + 1)
    elif kind == "object":
        for name, one in _mapping(inner, way).items():
            _check_type(one, f"{way}.{_named(name, way)}", depth + 1)
    else:
        raise MisshapenError(f"{way} is no type")


def _nesting(known: Mapping[str, Any], way: str) -> str:
    mode = known.get("nesting_mode")
    if mode not in _NESTINGS:
        raise MisshapenError(f"{way}.nesting_mode is none of {', '.join(_NESTINGS)}")
    return str(mode)


def _mapping(value: Any, way: str) -> Mapping[str, Any]:
    if not isinstance(value, dict):
        raise MisshapenError(f"{way} is no object")
    return value


def _named(name: str, way: str) -> str:
    if not _NAME.fullmatch(name):
        raise MisshapenError(f"{way} has a name that no argument has")
    return name


def _is_count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= MOST_ITEMS
