"""What becomes of a resource that is there already, in a plan: as its provider would plan it.

What is not studied (`groundplan.terraform.effects`) is planned as an update in place.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from groundplan.terraform.archive import Schema
from groundplan.terraform.effects import effects, keep_blocks
from groundplan.terraform.plugin.values import UNKNOWN, is_unknown, mark_computed, nested_items

Place = tuple[str | int, ...]
"""Names and indexes from the resource inwards."""
_EACH = frozenset({"*", "#"})
"""In a pattern of the tables: every element."""
_NOTHING: tuple[Any, ...] = (None, "", [], {})
"""Providers do not tell these apart."""


@dataclass(frozen=True, slots=True)
class Update:
    """The planned state, and the places whose change makes a new resource of it."""

    state: dict[str, Any]
    replacing: tuple[Place, ...] = ()


def make_new(type_name: str, block: Schema, proposed: dict[str, Any], config: dict[str, Any]) -> None:
    """Makes of the proposed state of something new the planned one: what is computed is unknown, or has its default."""
    mark_computed(block, proposed)
    for path, default in effects().defaults(type_name).items():
        for holder, arguments in _given(proposed, config, path):
            if is_unknown(holder.get(path[-1])) and arguments.get(path[-1]) is None:
                holder[path[-1]] = deepcopy(default)


def update(
    type_name: str, block: Schema, prior: dict[str, Any], proposed: dict[str, Any], config: dict[str, Any]
) -> Update:
    """The plan for a resource of this type, whose arguments are given in `config`.

    The prior state itself where nothing changes: arguments left out have their defaults, and empty is as good as
    left out.
    """
    studied = effects()
    defaults = studied.defaults(type_name)
    keep_blocks(studied.kept(type_name), prior, proposed)
    if proposed == prior and not defaults:
        return Update(prior)
    before = deepcopy(prior)
    for path, default in defaults.items():
        _default(before, before, path, default)
        _default(proposed, config, path, default)
    planned = _as_before(prior, before, proposed)
    if planned == prior:
        return Update(prior)
    anew = studied.recomputed(type_name, before, planned)
    _mark_new(block, planned, prior)
    for path in anew:
        _forget(planned, prior, path)
    return Update(planned, tuple(studied.replacing(type_name, before, planned)))


def place_steps(block: Schema, place: Place) -> Iterator[Mapping[str, str | int]]:
    """The steps of an `AttributePath`, to the outermost set on the way: elements of sets have no place."""
    kind: Any = ("block", block)
    for name in place:
        step, kind = _step(kind, name)
        if step is None:
            return
        yield step


def _step(kind: Any, name: str | int) -> tuple[Mapping[str, str | int] | None, Any]:
    """One step into a kind of value, and what is there; None where there is no way in."""
    shape, inner = kind if isinstance(kind, list | tuple) else (kind, None)
    if shape == "block":
        return _into_block(inner, name)
    if shape == "object":
        return ({"attribute_name": name}, inner[name]) if name in inner else (None, None)
    if shape == "list" and isinstance(name, int):
        return {"element_key_int": name}, inner
    if shape == "map" and isinstance(name, str):
        return {"element_key_string": name}, inner
    return None, None


def _into_block(block: Schema, name: str | int) -> tuple[Mapping[str, str | int] | None, Any]:
    attribute, nested = block.get("attributes", {}).get(name), block.get("block_types", {}).get(name)
    if attribute is None and nested is None:
        return None, None
    step = {"attribute_name": name}
    if attribute is None:
        return step, _nested(nested["nesting_mode"], nested["block"])
    if "nested_type" in attribute:
        return step, _nested(attribute["nested_type"]["nesting_mode"], attribute["nested_type"])
    return step, attribute["type"]


def _nested(mode: str, block: Schema) -> Any:
    inner = ("block", block)
    return inner if mode in ("single", "group") else (mode, inner)


def _default(state: Any, config: Any, path: Sequence[str], default: Any) -> None:
    """Sets what `config` leaves out at the places that a pattern names; a block that is not there has no arguments."""
    name = path[-1]
    for holder, arguments in _given(state, config, path):
        if name in holder and arguments.get(name) is None:
            holder[name] = deepcopy(default)


def _given(state: Any, config: Any, path: Sequence[str]) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """What holds the value at a pattern, each with the same of the configuration; with itself where that is not sure.

    Elements of sets may stand in another order.
    """
    holders, given = list(_holders([state], path[:-1])), list(_holders([config], path[:-1]))
    alike = len(holders) == len(given) and "#" not in path
    yield from zip(holders, given if alike else holders, strict=True)


def _holders(values: Iterable[Any], path: Sequence[str]) -> Iterator[dict[str, Any]]:
    for name in path:
        values = [inner for value in values for inner in _inner(value, name)]
    yield from (value for value in values if isinstance(value, dict))


def _inner(value: Any, name: str) -> Iterable[Any]:
    if name in _EACH:
        return value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    if isinstance(value, list):  # of blocks that a pattern passes over without a word for their elements
        return [item[name] for item in value if isinstance(item, dict) and name in item]
    return [value[name]] if isinstance(value, dict) and name in value else ()


def _as_before(prior: Any, before: Any, after: Any) -> Any:
    """`after`, with all that is as `before` in the words of `prior`, from which `before` differs by defaults alone."""
    if before == after or (before in _NOTHING and after in _NOTHING):
        return prior
    if isinstance(after, dict) and isinstance(before, dict):
        return {name: _as_before(prior.get(name), before.get(name), value) for name, value in after.items()}
    if isinstance(after, list) and isinstance(before, list):
        if len(after) == len(before):
            kept = [_as_before(*three) for three in zip(prior, before, after, strict=True)]
            return prior if kept == prior else kept
        known = {_key(old): prior[number] for number, old in enumerate(before)}
        return [known.get(_key(item), item) for item in after]
    return after


def _key(value: Any) -> str:
    """Text that is the same for equal values."""
    return json.dumps(value, sort_keys=True, default=repr)


def _mark_new(block: Schema, value: dict[str, Any], prior: Any) -> None:
    """Makes computed attributes unknown in blocks that are new; elsewhere they stay as they are, null too."""
    if not isinstance(prior, dict):
        mark_computed(block, value)
        return
    for name, nested, mode in _parts(block):
        for item, old in _pairs(mode, value.get(name), prior.get(name)):
            _mark_new(nested, item, old)


def _parts(block: Schema) -> Iterator[tuple[str, Schema, str]]:
    for name, attribute in block.get("attributes", {}).items():
        if "nested_type" in attribute:
            yield name, attribute["nested_type"], attribute["nested_type"]["nesting_mode"]
    for name, nested in block.get("block_types", {}).items():
        yield name, nested["block"], nested["nesting_mode"]


def _pairs(mode: str, value: Any, prior: Any) -> Iterator[tuple[dict[str, Any], Any]]:
    """The objects of a nested block or attribute, each with the one that it was."""
    if mode == "map":
        old_by_key = prior if isinstance(prior, dict) else {}
        named = value.items() if isinstance(value, dict) else ()
        yield from ((item, old_by_key.get(key)) for key, item in named if isinstance(item, dict))
        return
    olds = list(nested_items(mode, prior))
    known = {_key(old): old for old in olds} if mode == "set" else {}
    for number, item in enumerate(nested_items(mode, value)):
        if mode == "set":
            yield item, known.get(_key(item))
        else:
            yield item, olds[number] if number < len(olds) else None


def _forget(planned: dict[str, Any], prior: dict[str, Any], path: Sequence[str]) -> None:
    """Makes what is computed anew at every update unknown, where nobody has set it to another value."""
    holders = zip(_holders([planned], path[:-1]), _holders([prior], path[:-1]), strict=False)
    for holder, old in holders:
        name = path[-1]
        if name in holder and not is_unknown(holder[name]) and holder[name] == old.get(name):
            holder[name] = UNKNOWN
