"""Values on the wire and walks over them along a schema."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Any

import msgpack

from groundplan.terraform.archive import Schema

UNKNOWN = msgpack.ExtType(0, b"\0")
"""A value Terraform will only know after apply."""

Path = tuple[str, ...]
Make = Callable[[Path, Schema], Any]
"""(attribute names from the resource inwards, the attribute in the schema) -> a value of its type."""


def decode(value: Any) -> Any:
    """The Python value of a `DynamicValue`: dicts, lists, scalars, None and `UNKNOWN`."""
    if value.msgpack:
        return msgpack.unpackb(value.msgpack, ext_hook=lambda _code, _data: UNKNOWN, strict_map_key=False)
    return json.loads(value.json) if value.json else None


def encode(value: Any) -> bytes:
    """The msgpack form of a value that `decode` gave or that was built the same way."""
    return bytes(msgpack.packb(value))


def is_unknown(value: Any) -> bool:
    """Whether this very value is unknown (not whether it contains one)."""
    return isinstance(value, msgpack.ExtType)


def has_unknown(value: Any) -> bool:
    """Whether the value is or contains something unknown."""
    if isinstance(value, dict):
        return any(has_unknown(item) for item in value.values())
    if isinstance(value, list):
        return any(has_unknown(item) for item in value)
    return is_unknown(value)


def mark_computed(block: Schema, value: dict[str, Any]) -> None:
    """Makes every computed attribute that has no value unknown, in nested blocks and attributes too."""
    for name, attribute in block.get("attributes", {}).items():
        current = value.get(name)
        if current is None:
            if attribute.get("computed") and not attribute.get("write_only"):
                value[name] = UNKNOWN
        elif "nested_type" in attribute:
            for item in _items(attribute["nested_type"]["nesting_mode"], current):
                mark_computed(attribute["nested_type"], item)
    for nested, item in _nested_values(block, value):
        mark_computed(nested, item)


def fill_unknown(block: Schema, value: dict[str, Any], make: Make, path: Path = ()) -> None:
    """Replaces everything unknown by what `make` gives for it."""
    for name, attribute in block.get("attributes", {}).items():
        current = value.get(name)
        if is_unknown(current):
            value[name] = make((*path, name), attribute)
        elif "nested_type" in attribute and current is not None:
            for item in _items(attribute["nested_type"]["nesting_mode"], current):
                fill_unknown(attribute["nested_type"], item, make, (*path, name))
    for name, nested in block.get("block_types", {}).items():
        for item in _items(nested["nesting_mode"], value.get(name)):
            fill_unknown(nested["block"], item, make, (*path, name))


def take_write_only(block: Schema, value: dict[str, Any]) -> Iterator[Any]:
    """Sets every write-only argument to null; gives the values they had."""
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("write_only"):
            if value.get(name) is not None:
                yield value[name]
            value[name] = None
        elif "nested_type" in attribute and value.get(name) is not None:
            for item in _items(attribute["nested_type"]["nesting_mode"], value[name]):
                yield from take_write_only(attribute["nested_type"], item)
    for nested, item in _nested_values(block, value):
        yield from take_write_only(nested, item)


def strings_in(value: Any) -> Iterator[str]:
    """Every string a value is or contains (keys of maps left out)."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from strings_in(item)
    elif isinstance(value, list):
        for item in value:
            yield from strings_in(item)


def attribute_type(attribute: Schema) -> Any:
    """The type of an attribute as Terraform writes types in JSON; nested attributes become objects."""
    if "type" in attribute:
        return attribute["type"]
    nested = attribute["nested_type"]
    fields = {name: attribute_type(inner) for name, inner in nested["attributes"].items()}
    mode = nested["nesting_mode"]
    return ["object", fields] if mode == "single" else [mode, ["object", fields]]


def _nested_values(block: Schema, value: dict[str, Any]) -> Iterator[tuple[Schema, dict[str, Any]]]:
    for name, nested in block.get("block_types", {}).items():
        for item in _items(nested["nesting_mode"], value.get(name)):
            yield nested["block"], item


def _items(mode: str, value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a nested block or attribute; none when it is null or unknown."""
    if mode in ("single", "group"):
        candidates = [value]
    elif mode == "map":
        candidates = list(value.values()) if isinstance(value, dict) else []
    else:
        candidates = value if isinstance(value, list) else []
    yield from (item for item in candidates if isinstance(item, dict))
