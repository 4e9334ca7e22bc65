"""Which attributes of resources only the provider sets, from the schemas of the package."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from typing import Any

from groundplan.terraform.archive import SchemaSource, schema_sources
from groundplan.terraform.providers import newest


class Schemas:
    """Schemas of the types that plans have; each provider's are read when a type of it is asked for."""

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], Mapping[str, Any]] = {}

    @cached_property
    def _sources(self) -> Mapping[str, SchemaSource]:
        return {_short(source.about.source): source for source in newest(schema_sources()).sources}

    def block(self, provider: str, type_: str) -> Mapping[str, Any]:
        """The block of a type; an empty one for what no schema of the package has."""
        key = (_short(provider), type_)
        if key not in self._read:
            source = self._sources.get(key[0])
            found = source.load({"resource": [type_]}).types["resource"].get(type_, {}) if source else {}
            self._read[key] = found.get("block") or {}
        return self._read[key]


def _short(source: str) -> str:
    """`hashicorp/aws`, from any registry."""
    return "/".join(source.lower().split("/")[-2:])


def step(block: Mapping[str, Any], name: str) -> tuple[Mapping[str, Any], bool, bool]:
    """What is below a name of a block, whether the provider alone sets it, and whether its elements have no order."""
    attribute = (block.get("attributes") or {}).get(name)
    if attribute is not None:
        only = bool(attribute.get("computed")) and not attribute.get("optional")
        nested = attribute.get("nested_type") or {}
        type_ = attribute.get("type")
        unordered = nested.get("nesting_mode") == "set" or (isinstance(type_, list) and type_[:1] == ["set"])
        return nested, only, unordered
    inner = (block.get("block_types") or {}).get(name) or {}
    return inner.get("block") or {}, False, inner.get("nesting_mode") == "set"
