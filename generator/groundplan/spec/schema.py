"""The format of the spec for editors and readers, made from the same models that check it."""

from __future__ import annotations

import json
from typing import Any

from groundplan.spec import shape
from groundplan.spec.base import Model
from groundplan.spec.model import Spec, root

SCHEMA_ID = "urn:groundplan:schema:v1"
PART_ID = "urn:groundplan:schema:v1:part"

_EXTENDS = {
    "description": "Files this spec builds on, later ones winning; see decisions/extends.md.",
    "anyOf": [
        {"type": "string", "pattern": r"\.ya?ml$"},
        {"type": "array", "items": {"type": "string", "pattern": r"\.ya?ml$"}, "minItems": 1},
    ],
}


def schema(*, part: bool = False) -> dict[str, Any]:
    """JSON Schema (2020-12) of a whole spec; `part`: of a base or overlay, where keys may be missing or null."""
    whole = root().model_json_schema()
    definitions = whole.pop("$defs")
    owners = {owner.__name__: owner for _, owner in shape.walk()}
    for name, definition in [(Spec.__name__, whole), *definitions.items()]:
        _finish(definition, owners[name], part)
    whole["properties"] = {"extends": _EXTENDS, **whole["properties"]}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": PART_ID if part else SCHEMA_ID,
        **whole,
        "title": "groundplan spec, base or overlay" if part else "groundplan spec",
        "$defs": definitions,
    }


def _finish(definition: dict[str, Any], owner: type[Model], part: bool) -> None:
    """Descriptions in; pydantic's titles and, in a whole spec, its nulls out."""
    definition.pop("title", None)
    if part:
        definition.pop("required", None)
    for key, found in definition["properties"].items():
        plain = _plain(found)
        if part and "patternProperties" in plain:
            named = {pattern: _or_null(value) for pattern, value in plain["patternProperties"].items()}
            plain["patternProperties"] = named
        definition["properties"][key] = {
            "description": shape.meaning(owner, key),
            **(_or_null(plain) if part else plain),
        }


def _or_null(found: dict[str, Any]) -> dict[str, Any]:
    return {"anyOf": [found, {"type": "null"}]}


def _plain(found: dict[str, Any]) -> dict[str, Any]:
    """The property for a value that is there: no null, no title, no default that only repeats other defaults."""
    options = [option for option in found.get("anyOf", []) if option != {"type": "null"}]
    rest = {key: value for key, value in found.items() if key not in ("anyOf", "title", "default")}
    default = found.get("default")
    if default is not None and not isinstance(default, dict):
        rest["default"] = default
    result: dict[str, Any] = {**(options[0] if options else {}), **rest}
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result


def schema_text(*, part: bool = False) -> str:
    """The schema as the text of a file."""
    return json.dumps(schema(part=part), indent=2, ensure_ascii=False) + "\n"


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
