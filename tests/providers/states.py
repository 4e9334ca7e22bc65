"""Configurations and states of a type from its schema, with made-up values, and what Terraform proposes of them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

from groundplan.hcl.blocks import Block
from groundplan.hcl.read import parse
from groundplan.terraform.archive import Schema
from groundplan.terraform.effects import Pattern
from groundplan.terraform.plugin.values import UNKNOWN, is_unknown

Words = Mapping[str, tuple[Any, Any]]
"""Values of arguments by name, for both turns, where made-up ones are refused."""

META = {"lifecycle", "count", "for_each", "depends_on", "provider", "connection", "provisioner", "timeouts"}


def arguments(modules: Path) -> Mapping[str, frozenset[Pattern]]:
    """Every argument that the modules set, by resource type; blocks without names for what repeats."""
    found: dict[str, set[Pattern]] = {}
    for file in sorted(modules.rglob("*.tf")):
        for block in parse(file.read_text("utf-8"), file.name).blocks:
            if block.type == "resource":
                found.setdefault(block.labels[0], set()).update(_set_in(block, ()))
    return {type_: frozenset(paths) for type_, paths in found.items()}


def empty(block: Schema) -> dict[str, Any]:
    """A block in which nothing is set."""
    nested = block.get("block_types", {}).items()
    return {
        **dict.fromkeys(block.get("attributes", {})),
        **{name: None if each["nesting_mode"] in ("single", "group") else [] for name, each in nested},
    }


def filled(block: Schema, paths: frozenset[Pattern], words: Words, turn: int = 0) -> dict[str, Any]:
    """A block in which the arguments of the paths are set; another `turn` gives other values."""
    config = empty(block)
    for name, attribute in block.get("attributes", {}).items():
        if any(path[0] == name for path in paths):
            config[name] = made(name, attribute, words, turn)
    for name, nested in block.get("block_types", {}).items():
        inner = frozenset(path[1:] for path in paths if path[0] == name and len(path) > 1)
        if inner or (name,) in paths:
            item = filled(nested["block"], inner, words, turn)
            config[name] = item if nested["nesting_mode"] in ("single", "group") else [item]
    return config


def made(name: str, attribute: Schema, words: Words, turn: int) -> Any:
    """A value for an argument."""
    if name in words:
        return words[name][turn]
    if "nested_type" in attribute:
        nested = attribute["nested_type"]
        item = {key: made(key, inner, words, turn) for key, inner in nested["attributes"].items()}
        return {"single": item, "map": {"a": item}}.get(nested["nesting_mode"], [item])
    return _typed(name, attribute["type"], turn)


def proposed(block: Schema, prior: Mapping[str, Any] | None, config: Mapping[str, Any]) -> dict[str, Any]:
    """What Terraform proposes: the configuration, and the value before of what is computed and not configured.

    https://github.com/hashicorp/terraform/blob/main/docs/resource-instance-change-lifecycle.md
    """
    result = dict(config)
    for name, attribute in block.get("attributes", {}).items():
        if config[name] is None and attribute.get("computed"):
            result[name] = UNKNOWN if prior is None else prior[name]
    for name, nested in block.get("block_types", {}).items():
        if isinstance(config[name], list):
            before = prior[name] if prior else []
            result[name] = [
                proposed(nested["block"], before[index] if index < len(before or []) else None, item)
                for index, item in enumerate(config[name])
            ]
    return result


def applied(block: Schema, planned: Any, words: Words) -> Any:
    """The state after an apply: what was unknown gets a value."""
    state = deepcopy(planned)
    for name, attribute in block.get("attributes", {}).items():
        if is_unknown(state[name]):
            state[name] = made(name, attribute, words, 0)
    for name, nested in block.get("block_types", {}).items():
        items = state[name] if isinstance(state[name], list) else []
        if not isinstance(state[name], dict):
            state[name] = (
                None
                if nested["nesting_mode"] in ("single", "group")
                else [applied(nested["block"], item, words) for item in items]
            )
    return state


def leaves(
    block: Schema, config: Mapping[str, Any], path: tuple[str | int, ...] = ()
) -> Iterator[tuple[str | int, ...]]:
    """Where a configuration sets something: arguments, and blocks as a whole."""
    for name in block.get("attributes", {}):
        if config[name] is not None:
            yield (*path, name)
    for name, nested in block.get("block_types", {}).items():
        items = config[name] if isinstance(config[name], list) else []
        if items:
            yield (*path, name)
        for index, item in enumerate(items):
            yield from leaves(nested["block"], item, (*path, name, index))


def put(config: Mapping[str, Any], path: tuple[str | int, ...], value: Any) -> dict[str, Any]:
    """A copy with another value at the path."""
    changed = deepcopy(dict(config))
    holder: Any = changed
    for step in path[:-1]:
        holder = holder[step]
    holder[path[-1]] = value
    return changed


def at(value: Any, path: tuple[str | int, ...]) -> Any:
    """The value at a path."""
    for step in path:
        value = value[step]
    return value


def _set_in(block: Block, path: Pattern) -> Iterator[Pattern]:
    yield from ((*path, name) for name in block.attributes if name not in META)
    for inner in block.blocks:
        if inner.type == "dynamic":
            yield (*path, inner.labels[0])
            yield from (found for each in inner.blocks for found in _set_in(each, (*path, inner.labels[0])))
        elif inner.type not in META:
            yield (*path, inner.type)
            yield from _set_in(inner, (*path, inner.type))


def _typed(name: str, kind: Any, turn: int) -> Any:
    if isinstance(kind, str):
        return _scalar(name, kind, turn)
    mode, inner = kind
    if mode == "object":
        return {key: _typed(key, each, turn) for key, each in inner.items()}
    item = _typed(name, inner, turn)
    return {"a": item} if mode == "map" else [item]


def _scalar(name: str, kind: str, turn: int) -> Any:
    if kind == "number":
        return 10 + turn
    if kind == "bool":
        return turn % 2 == 0
    return next((form.format(turn) for part, form in _TEXTS.items() if part in name), f"{name}-{turn}")


_TEXTS = {
    "policy_arn": "arn:aws:iam::123456789012:policy/p{0}",
    "policy_type": "TargetTrackingScaling{0}",
    "policy_name": "policy{0}",
    "policy": json.dumps({"Version": "2012-10-17", "Id": "p{0}"})
    .replace("{", "{{")
    .replace("}", "}}")
    .replace("{{0}}", "{0}"),
    "container_definitions": '[{{"name": "c{0}", "image": "i", "essential": true}}]',
    "configuration_values": '{{"a": {0}}}',
    "definition": "groups: [{0}]",
    "document": '{{"Version": "2012-10-17", "Id": "p{0}"}}',
    "cidr_ipv6": "fd0{0}::/64",
    "ipv6_cidr_block": "fd0{0}::/64",
    "cidr": "10.{0}.0.0/16",
    "arn": "arn:aws:iam::123456789012:role/r{0}",
    "engine_version": "16.{0}",
}
"""Values that providers parse, by a part of the argument's name; the first that fits."""
