"""Route (a): provider schemas from the generated bindings of the CDK for Terraform community fork (`cdktn`)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from javascript import Binding, Class, Entry, Member, Option, called_structure, entries, read_binding

Schema = dict[str, Any]

_KINDS = {
    "TerraformResource": "resource_schemas",
    "TerraformDataSource": "data_source_schemas",
    "TerraformEphemeralResource": "ephemeral_resource_schemas",
}
_PRIMITIVES = {"string": "string", "number": "number", "boolean": "bool", "any": "dynamic"}
_GETTERS = {
    "String": "string",
    "Number": "number",
    "Boolean": "bool",
    "List": ["list", "string"],
    "NumberList": ["list", "number"],
    "StringMap": ["map", "string"],
    "NumberMap": ["map", "number"],
    "BooleanMap": ["map", "bool"],
    "AnyMap": "dynamic",
}
_MAPS = {"StringMap": "string", "NumberMap": "number", "BooleanMap": "bool", "AnyMap": "dynamic"}

_GETTER = re.compile(r"return (?P<set>(?:cdktn\.Token\.\w+\()?cdktn\.Fn\.tolist\()?this\.get(?P<kind>\w+)Attribute\(")
_UNTYPED = re.compile(r"return (?P<set>cdktn\.Token\.asAny\(cdktn\.Fn\.tolist\()?this\.interpolationForAttribute\(")
_INITIAL = re.compile(r'_\w+ = new (?:cdktn\.)?(\w+)\(this, "\w+"(?:, (true|false))?\)')
_ELEMENT = re.compile(r"return new (\w+)\(this\.terraformResource")
_TYPE_NAME = re.compile(r'static (?:readonly )?tfResourceType = "([\w-]+)"')
_NULLABLE = re.compile(r"(?:struct|this)\.\w+ === undefined \? null : ")
_MAPPER = re.compile(r"cdktn\.(list|hash)MapperHcl\(")
_META = frozenset({"count", "for_each", "depends_on", "provider", "lifecycle", "connection", "provisioners"})
_RECURSION = 2
"""How often a structure may occur in itself. Providers unroll recursion to a fixed depth that bindings do not keep."""


class UnknownPatternError(Exception):
    """A binding that does not look as the generator is known to write it."""


def read_bindings(package: Path) -> tuple[str, str, Schema]:
    """Source address, version and schemas of the provider whose unpacked binding package is in `package`.

    The schemas have the shape of one provider of `terraform providers schema -json`.
    """
    document: Schema = {"provider": {"version": 0, "block": {"attributes": {}, "block_types": {}}}}
    document |= {key: {} for key in _KINDS.values()}
    identity: set[tuple[str, str]] = set()
    for script in sorted(package.glob("lib/*/index.js")):
        binding = read_binding(script.parent)
        if binding.provider:
            identity.add(binding.provider)
        for base, type_name, schema in _top_level(binding, script):
            if base == "TerraformProvider":
                schema["block"]["attributes"].pop("alias", None)
                document["provider"] = schema
            else:
                document[_KINDS[base]][type_name] = schema
    if len(identity) != 1:
        raise UnknownPatternError(f"{package}: documentation links name {sorted(identity)}, not one provider")
    source, version = identity.pop()
    return source, version, document


def _top_level(binding: Binding, script: Path) -> Iterator[tuple[str, str, Schema]]:
    for key, declared in binding.classes.items():
        if declared.base in _KINDS or declared.base == "TerraformProvider":
            named = _TYPE_NAME.search(declared.text)
            if not named:
                raise UnknownPatternError(f"{script}: {key} has no tfResourceType")
            try:
                block = _Reader(binding).resource(key, declared)
            except UnknownPatternError as error:
                raise UnknownPatternError(f"{script}: {error}") from error
            yield declared.base, named[1], {"version": 0, "block": block}


class _Reader:
    """Turns the declarations of one binding into blocks."""

    def __init__(self, binding: Binding) -> None:
        self._binding = binding

    def resource(self, key: str, declared: Class) -> Schema:
        """The block of a resource, data source, ephemeral resource or provider."""
        options = self._binding.interfaces.get(f"{key}config", {})
        members = {name: member for name, member in declared.members.items() if name not in _META}
        return self._block(members, declared.entries, options, ())

    def _structure(self, structure: str, stack: tuple[str, ...]) -> Schema:
        """The block of a nested structure."""
        declared = self._binding.classes.get(f"{structure}outputreference")
        options = self._binding.interfaces.get(structure, {})
        written = entries(self._binding.functions.get(structure, ""))
        members = declared.members if declared else {}
        if not members:  # structures of provider blocks have no class of their own
            members = {name: _member_from_option(options.get(name)) for name in written}
        return self._block(members, written, options, (*stack, structure))

    def _block(
        self,
        members: dict[str, Member],
        written: dict[str, Entry],
        options: dict[str, Option],
        stack: tuple[str, ...],
    ) -> Schema:
        attributes: Schema = {}
        blocks: Schema = {}
        for name, member in members.items():
            entry = written.get(name)
            structure = called_structure(entry.value) if entry else None
            if entry is None:
                attributes[name] = {"type": self._computed_type(name, member, stack), **_flags(member)}
            elif structure is None:
                attributes[name] = {"type": _argument_type(entry), **_flags(member, entry)}
            elif stack.count(structure) >= _RECURSION:
                continue
            elif name in options and options[name].is_block:
                blocks[name] = self._nested_block(member, entry, structure, stack)
            else:
                attributes[name] = {**self._nested_attribute(entry, structure, stack), **_flags(member, entry)}
        return {"attributes": attributes, "block_types": blocks}

    def _nested_block(self, member: Member, entry: Entry, structure: str, stack: tuple[str, ...]) -> Schema:
        nested: Schema = {
            "nesting_mode": "single" if entry.kind == "struct" else entry.kind,
            "block": self._structure(structure, stack),
        }
        if entry.kind in ("list", "set"):
            if member.required:
                nested["min_items"] = 1
            if not _MAPPER.search(entry.value):
                nested["max_items"] = 1
            if entry.kind == "set":
                _without_dynamic(nested["block"])
        return nested

    def _nested_attribute(self, entry: Entry, structure: str, stack: tuple[str, ...]) -> Schema:
        """An attribute made of objects: of object type when these must be complete, else with nested attributes."""
        block = self._structure(structure, stack)
        if _NULLABLE.search(self._binding.functions.get(structure, "")):
            return {"type": [entry.kind, _object_type(block)]}
        mode = "single" if entry.kind == "struct" else entry.kind
        attributes = {**block["attributes"], **{name: _as_attribute(b) for name, b in block["block_types"].items()}}
        if mode == "set":
            _without_dynamic({"attributes": attributes, "block_types": {}})
        return {"nested_type": {"attributes": attributes, "nesting_mode": mode}}

    def _computed_type(self, name: str, member: Member, stack: tuple[str, ...]) -> Any:
        """The type of an attribute that cannot be set, from its getter or its initial value."""
        getter = _GETTER.search(member.text)
        if getter and getter["kind"] in _GETTERS:
            kind = _GETTERS[getter["kind"]]
            return ["set", kind[1]] if getter["set"] and isinstance(kind, list) else kind
        untyped = _UNTYPED.search(member.text)
        if untyped:
            return ["set", ["list", "string"]] if untyped["set"] else ["list", ["map", "string"]]
        initial = _INITIAL.search(member.text)
        if not initial:
            raise UnknownPatternError(f"cannot tell the type of {name}")
        return self._complex_type(initial[1], initial[2] == "true", stack)

    def _complex_type(self, class_name: str, is_set: bool, stack: tuple[str, ...]) -> Any:
        if class_name in _MAPS:
            return ["map", _MAPS[class_name]]
        if class_name.removesuffix("List") in _MAPS:
            return ["set" if is_set else "list", ["map", _MAPS[class_name.removesuffix("List")]]]
        declared = self._binding.classes[class_name.lower()]
        if declared.base == "ComplexObject":
            return _object_type(self._structure(_structure_name(class_name), stack))
        element = _ELEMENT.search(declared.text)
        if not element:
            raise UnknownPatternError(f"cannot tell the elements of {class_name}")
        kind = "map" if declared.base == "ComplexMap" else "set" if is_set else "list"
        found = _object_type(self._structure(_structure_name(element[1]), stack))
        return [kind, _fixed(found) if is_set else found]


def _structure_name(class_name: str) -> str:
    return class_name.lower().removesuffix("outputreference")


def _member_from_option(option: Option | None) -> Member:
    required = option is not None and option.required
    return Member(computed=False, optional=not required, required=required, text="")


def _flags(member: Member, entry: Entry | None = None) -> dict[str, bool]:
    flags = {}
    if member.required:
        flags["required"] = True
    else:
        if member.optional:
            flags["optional"] = True
        if member.computed:
            flags["computed"] = True
    if entry and "markWriteOnlyAttribute(" in entry.value:
        flags["write_only"] = True
    return flags


def _argument_type(entry: Entry) -> Any:
    """The type of an argument from the functions that write it, the outermost named by the entry's kind."""
    found = _mapped_type(entry.value)
    if isinstance(found, list) and entry.kind in ("set", "list", "map"):
        found = [entry.kind, found[1]]
    if found == ["map", "dynamic"]:
        return "dynamic"  # how the generator writes a value of any type
    return _fixed(found) if entry.kind == "set" else found


def _mapped_type(value: str) -> Any:
    """`listMapperHcl(hashMapperHcl(stringToHclTerraform), false)` is a list of maps of strings."""
    outer = _MAPPER.search(value)
    if outer:
        return ["list" if outer[1] == "list" else "map", _mapped_type(value[outer.end() :])]
    primitive = re.search(r"cdktn\.(\w+)ToHclTerraform", value)
    if not primitive or primitive[1] not in _PRIMITIVES:
        raise UnknownPatternError(f"cannot tell the type written by {value}")
    return _PRIMITIVES[primitive[1]]


def _object_type(block: Schema) -> Any:
    fields = {name: _attribute_type(attribute) for name, attribute in block["attributes"].items()}
    fields |= {name: _attribute_type(_as_attribute(nested)) for name, nested in block["block_types"].items()}
    return ["object", fields]


def _attribute_type(attribute: Schema) -> Any:
    if "type" in attribute:
        return attribute["type"]
    nested = attribute["nested_type"]
    found = _object_type({"attributes": nested["attributes"], "block_types": {}})
    return found if nested["nesting_mode"] == "single" else [nested["nesting_mode"], found]


def _as_attribute(nested: Schema) -> Schema:
    """A nested block where only attributes may stand."""
    block = nested["block"]
    attributes = {**block["attributes"], **{name: _as_attribute(b) for name, b in block["block_types"].items()}}
    return {"nested_type": {"attributes": attributes, "nesting_mode": nested["nesting_mode"]}, "optional": True}


def _without_dynamic(block: Schema) -> None:
    """Terraform refuses a schema with a value of any type inside a set; such a value becomes a string."""
    for attribute in block["attributes"].values():
        if "type" in attribute:
            attribute["type"] = _fixed(attribute["type"])
        else:
            _without_dynamic({"attributes": attribute["nested_type"]["attributes"], "block_types": {}})
    for nested in block["block_types"].values():
        _without_dynamic(nested["block"])


def _fixed(kind: Any) -> Any:
    """A type with every `dynamic` in it replaced by `string`."""
    if isinstance(kind, list):
        return [_fixed(item) for item in kind]
    if isinstance(kind, dict):
        return {name: _fixed(item) for name, item in kind.items()}
    return "string" if kind == "dynamic" else kind
