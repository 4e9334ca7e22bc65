"""docs/spec.md: the reference of the spec, made from the models that check it."""

from __future__ import annotations

import json
from typing import Any

from groundplan.spec import shape
from groundplan.spec.base import Model
from groundplan.spec.model import Spec, root
from groundplan.spec.schema import schema

_HEAD = """\
# The spec, key by key

Made from each component's `spec.py` and from `spec/model.py`; `pytest tests/unit/spec --update-golden` rewrites it.
`<name>` stands for a name you choose: lower-case letters, digits and hyphens, 32 characters at most.
An empty default means that the tool decides and says why (`groundplan explain`).

`extends: base.yaml`, or a list of paths, lays the spec over other files:
[decisions/extends.md](decisions/extends.md) has the rules.
"""


def reference() -> str:
    """Markdown tables of every key: path, type, default, meaning; one table per key at the top."""
    whole = schema()
    text = _HEAD + "\n## At the top\n\n" + _TABLE
    for key in root().model_fields:
        text += _row((key,), root(), whole)
    section = ""
    for path, owner in shape.walk():
        if len(path) > 1:
            if path[0] != section:
                section = path[0]
                text += f"\n## `{section}`\n\n{_TABLE}"
            text += _row(path, owner, whole)
    return text


_TABLE = "| key | type | default | meaning |\n| --- | --- | --- | --- |\n"


def _row(path: tuple[str, ...], owner: type[Model], whole: dict[str, Any]) -> str:
    definition = whole if issubclass(owner, Spec) else whole["$defs"][owner.__name__]
    key = path[-1]
    found = definition["properties"][key]
    required = key in definition.get("required", [])
    default = "required" if required else f"`{json.dumps(found['default'])}`" if "default" in found else ""
    return f"| `{'.'.join(path)}` | {_type_words(found)} | {default} | {found['description']} |\n"


def _type_words(found: dict[str, Any]) -> str:
    if "const" in found:
        return f"`{found['const']}`"
    if "enum" in found:
        return ", ".join(f"`{value}`" for value in found["enum"])
    if "$ref" in found:
        return "keys"
    if "anyOf" in found:
        return ", or ".join(_type_words(option) for option in found["anyOf"])
    words = {
        "string": "text",
        "boolean": "true or false",
        "integer": "whole number",
        "number": "number",
        "object": "names",
        "array": "list",
    }[found["type"]]
    words += _range_words(found)
    return f"{words}; each: {_type_words(found['items'])}" if "items" in found else words


def _range_words(found: dict[str, Any]) -> str:
    for least, most, unit in (
        ("minimum", "maximum", ""),
        ("exclusiveMinimum", "maximum", ""),
        ("minItems", "maxItems", ""),
        ("minProperties", "maxProperties", ""),
        ("minLength", "maxLength", " characters"),
    ):
        low, high = found.get(least), found.get(most)
        if low is not None and high is not None:
            low = f"over {low:g}" if least == "exclusiveMinimum" else f"{low:,}"
            return f", {low} to {high:,}{unit}"
        if high is not None and least != "minimum":
            return f", up to {high:,}{unit}"
    return ""
