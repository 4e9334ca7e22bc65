"""Values on the wire and walks over them along a schema."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import msgpack

from groundplan.terraform.archive import Schema

UNKNOWN = msgpack.ExtType(0, b"\0")
"""A value Terraform will only know after apply."""

_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][-+]?\d+)?")
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
            for item in nested_items(attribute["nested_type"]["nesting_mode"], current):
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
            for item in nested_items(attribute["nested_type"]["nesting_mode"], current):
                fill_unknown(attribute["nested_type"], item, make, (*path, name))
    for name, nested in block.get("block_types", {}).items():
        for item in nested_items(nested["nesting_mode"], value.get(name)):
            fill_unknown(nested["block"], item, make, (*path, name))


def take_write_only(block: Schema, value: dict[str, Any]) -> Iterator[Any]:
    """Sets every write-only argument to null; gives the values they had."""
    for name, attribute in block.get("attributes", {}).items():
        if attribute.get("write_only"):
            if value.get(name) is not None:
                yield value[name]
            value[name] = None
        elif "nested_type" in attribute and value.get(name) is not None:
            for item in nested_items(attribute["nested_type"]["nesting_mode"], value[name]):
                yield from take_write_only(attribute["nested_type"], item)
    for nested, item in _nested_values(block, value):
        yield from take_write_only(nested, item)


def conformed(block: Schema, state: Mapping[str, Any]) -> dict[str, Any]:
    """A state in the shape of a schema: what it does not know is left out, what does not fit it is missing."""
    found = {
        name: conformed_value(_kind(attribute), state.get(name))
        for name, attribute in block.get("attributes", {}).items()
    }
    for name, nested in block.get("block_types", {}).items():
        if _holds_dynamic(nested["block"]):  # written with its type, as one value
            found[name] = state.get(name)
            continue
        mode, kind = nested["nesting_mode"], ["block", nested["block"]]
        value = conformed_value(kind if mode in ("single", "group") else [mode, kind], state.get(name))
        found[name] = _NO_BLOCKS[mode](nested["block"]) if value is None else value
    return found


def _holds_dynamic(block: Schema) -> bool:
    attributes, nested = block.get("attributes", {}).values(), block.get("block_types", {}).values()
    return any(_is_dynamic(one.get("type")) for one in attributes) or any(
        _holds_dynamic(one["block"]) for one in nested
    )


def _is_dynamic(kind: Any) -> bool:
    if isinstance(kind, list | dict):
        return any(map(_is_dynamic, kind.values() if isinstance(kind, dict) else kind))
    return bool(kind == "dynamic")


_NO_BLOCKS: Mapping[str, Callable[[Schema], Any]] = {
    "single": lambda _block: None,
    "group": lambda block: conformed(block, {}),
    "list": lambda _block: [],
    "set": lambda _block: [],
    "map": lambda _block: {},
}


def conformed_value(kind: Any, value: Any) -> Any:
    """A value as one of a type of a schema; None where it is none of them."""
    if value is None or kind == "dynamic":
        return value
    if isinstance(kind, str):
        return _conformed_scalar(kind, value)
    shape, inner = kind[0], kind[1]
    if shape in ("list", "set"):
        items = value if isinstance(value, list) else [value]
        return [item for one in items if (item := conformed_value(inner, one)) is not None or one is None]
    fields = value[0] if isinstance(value, list) and len(value) == 1 else value  # what was a block of at most one
    return _conformed_fields(shape, inner, fields) if isinstance(fields, dict) else None


def _conformed_fields(shape: str, inner: Any, value: Mapping[str, Any]) -> dict[str, Any]:
    if shape == "map":
        return {name: conformed_value(inner, one) for name, one in value.items()}
    if shape == "block":
        return conformed(inner, value)
    return {name: conformed_value(one, value.get(name)) for name, one in inner.items()}


def _conformed_scalar(kind: str, value: Any) -> Any:
    if isinstance(value, dict | list):
        return None
    if kind == "string":
        return json.dumps(value) if isinstance(value, bool | int | float) else value
    if kind == "bool":
        return value if isinstance(value, bool) else {"true": True, "false": False}.get(str(value))
    if isinstance(value, bool):
        return None
    return value if isinstance(value, int | float) or _NUMBER.fullmatch(value) else None


def _kind(attribute: Schema) -> Any:
    """The type of an attribute, with nested attributes as a block."""
    if "type" in attribute:
        return attribute["type"]
    mode = attribute["nested_type"]["nesting_mode"]
    kind = ["block", attribute["nested_type"]]
    return kind if mode == "single" else [mode, kind]


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
        for item in nested_items(nested["nesting_mode"], value.get(name)):
            yield nested["block"], item


def nested_items(mode: str, value: Any) -> Iterator[dict[str, Any]]:
    """The objects of a nested block or attribute; none when it is null or unknown."""
    if mode in ("single", "group"):
        candidates = [value]
    elif mode == "map":
        candidates = list(value.values()) if isinstance(value, dict) else []
    else:
        candidates = value if isinstance(value, list) else []
    yield from (item for item in candidates if isinstance(item, dict))
