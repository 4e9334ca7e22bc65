"""The format of the spec for editors, made from the same models that check it."""

from __future__ import annotations

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
    one = options[0] if len(options) == 1 else {"anyOf": options} if options else {}
    result: dict[str, Any] = {**one, **rest}
    if "patternProperties" in result:
        result["additionalProperties"] = False
    return result
