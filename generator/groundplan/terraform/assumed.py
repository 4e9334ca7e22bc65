"""Schemas for providers of which nobody has any: every argument that the source sets is taken as it stands.

What else is read from such resources is known only after apply; data sources give made-up texts. Nothing about their
arguments is proven: that the rest of the root plans is.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from typing import Any

from groundplan.hcl.blocks import Block
from groundplan.hcl.sources import Sources
from groundplan.terraform.archive import KINDS, full_address
from groundplan.terraform.requirements import required_in

Schema = dict[str, Any]

_META = frozenset({"count", "for_each", "depends_on", "provider", "alias", "version"})
_META_BLOCKS = frozenset({"lifecycle", "provisioner", "connection"})
_ANY: Schema = {"type": "dynamic", "optional": True, "computed": True}
_DEEPEST = 20


def assumed_schemas(sources: Sources, root: str, missing: Collection[str]) -> Mapping[str, Any]:
    """What a file of `terraform providers schema -json` would say of the missing providers, by full address."""
    providers: dict[str, Any] = {
        address: {"provider": _schema([]), **{key: {} for key in KINDS.values()}} for address in missing
    }
    found: defaultdict[tuple[str, str, str], list[Block]] = defaultdict(list)
    texts: list[str] = []
    for folder in _reached(sources, root):
        blocks = sources.module(folder)
        texts += (f"{one.name} = {one.value}\n" for block in blocks for one in _values(block))
        for address, kind, name, block in _uses(blocks):
            if address in missing:
                found[address, kind, name].append(block)
    read = _reads("".join(texts))
    for (address, kind, name), used in found.items():
        if kind == "provider":
            providers[address]["provider"] = _schema(used)
        else:
            providers[address][KINDS[kind]][name] = _with_read(_schema(used), kind, read.get(name, {}))
    return {"format_version": "1.0", "provider_schemas": providers}


def users(sources: Sources, root: str, address: str) -> Iterator[Block]:
    """The requirements, blocks of the provider and its resources, data sources and the like in a root's modules."""
    for folder in _reached(sources, root):
        yield from (block for found, _, _, block in _uses(sources.module(folder)) if found == address)


def _uses(blocks: Iterable[Block]) -> Iterator[tuple[str, str, str, Block]]:
    """Provider, kind and type of each block that one provider has to do with."""
    blocks = tuple(blocks)
    named = dict(_named(blocks))
    for block in blocks:
        if block.type not in (*KINDS, "provider") or not block.labels:
            continue
        name = block.labels[0]
        by = block.attributes.get("provider")
        local = by.value.strip('" ').partition(".")[0] if by else name if block.type == "provider" else ""
        local = local or name.partition("_")[0]
        yield named.get(local, full_address(local).lower()), block.type, name, block


def _named(blocks: Iterable[Block]) -> Iterator[tuple[str, str]]:
    """Addresses by local name."""
    for block in blocks:
        for inner in block.blocks if block.type == "terraform" else ():
            if inner.type == "required_providers":
                body = "\n".join(f"{name} = {one.value}" for name, one in inner.attributes.items())
                for one in required_in(f"required_providers {{\n{body}\n}}", json=False):
                    yield one.name, full_address(one.source or one.name).lower()


def _reached(sources: Sources, root: str) -> list[str]:
    waiting = [root]
    for folder in waiting:
        waiting += [called for called in sources.calls(folder) if called not in waiting]
    return waiting


def _schema(blocks: Iterable[Block]) -> Schema:
    return {"version": 0, "block": _block(blocks, 0)}


def _block(blocks: Iterable[Block], depth: int) -> Schema:
    """Arguments and nested blocks of all of the blocks together."""
    attributes: Schema = {}
    nested: defaultdict[str, list[Block]] = defaultdict(list)
    for block in blocks:
        names = block.attributes.keys() - (_META if depth == 0 else ())
        attributes |= dict.fromkeys(sorted(names), _ANY if depth == 0 else {"type": "dynamic", "optional": True})
        for name, inner in _inner(block):
            nested[name].append(inner)
    block_types = {
        name: {"nesting_mode": "list", "block": _block(inner, depth + 1)}
        for name, inner in sorted(nested.items())
        if depth < _DEEPEST and name not in attributes
    }
    return {"attributes": attributes, "block_types": block_types}


def _inner(block: Block) -> Iterator[tuple[str, Block]]:
    for inner in block.blocks:
        if inner.type == "dynamic" and inner.labels:
            yield from ((inner.labels[0], content) for content in inner.blocks if content.type == "content")
        elif inner.type not in _META_BLOCKS:
            yield inner.type, inner


def _with_read(schema: Schema, kind: str, read: Mapping[str, Sequence[Use]]) -> Schema:
    """The schema with what other expressions read of the type; a data source has to give it, so its type is guessed."""
    block = schema["block"]
    for attribute, uses in {"id": (), **read}.items():
        if attribute not in block["attributes"] and attribute not in block["block_types"]:
            guess = _guess(uses) if kind == "data" else "dynamic"
            block["attributes"][attribute] = {"type": guess, "computed": True}
    return schema


_STEP = re.compile(r'\[(?:(\d+|\*|count\.index)|"([\w-]+)"|[^\]"]*)\]|\.(?:(\d+|\*)|([A-Za-z_][\w-]*))')
"""A step into a value: by number, by name in quotes, by number or name behind a dot."""
_OF_LISTS = frozenset({"in ", "toset(", "tolist(", "length(", "element(", "join(", "concat(", "flatten(", "distinct("})


_READ = re.compile(
    r"(for_each = |\bin |(?<!\w)\w{1,40}\()?(?<![\w.-])(?:data\.)?(?!data\.)([A-Za-z][\w-]{0,127})"
    r"\.[\w-]{1,127}(?:\[[^\]\n]{0,127}\])?\.([A-Za-z_][\w-]{0,127})"
    r"((?:\[[^\]\n]{0,127}\]|\.\*|\.[\w-]{1,127}){0,20})"
)
"""What is before it, a type, an attribute that is read of it, and the steps into that; in linear time on any text."""
Use = tuple[str, str]
"""What is before an attribute and the steps into it."""


def _reads(text: str) -> Mapping[str, Mapping[str, list[Use]]]:
    """The uses of each attribute that expressions read, by type."""
    found: defaultdict[str, defaultdict[str, list[Use]]] = defaultdict(lambda: defaultdict(list))
    for before, name, attribute, after in _READ.findall(text):
        found[name][attribute].append((before, after))
    return found


def _guess(uses: Sequence[Use]) -> Any:
    """A type that all of the expressions can use: texts, in lists and objects where they step into them."""
    befores = {before for before, _ in uses}
    steps = [list(_STEP.findall(after)) for _, after in uses]
    found = _guess_steps([one for one in steps if one])
    if found == "string" and befores & _OF_LISTS:
        return ["list", "string"]
    return ["map", "string"] if found == "string" and "for_each = " in befores else found


def _guess_steps(uses: Sequence[list[tuple[str, ...]]]) -> Any:
    if not uses:
        return "string"
    if any(number or dotted for (number, _, dotted, _), *_ in uses):
        return ["list", _guess_steps([rest for _, *rest in uses if rest])]
    fields: defaultdict[str, list[list[tuple[str, ...]]]] = defaultdict(list)
    for (_, quoted, _, named), *rest in uses:
        fields[quoted or named].append(rest)
    if "" in fields:  # by a key that is not in the text
        return ["map", "string"]
    return ["object", {name: _guess_steps([one for one in rest if one]) for name, rest in sorted(fields.items())}]


def _values(block: Block) -> Iterator[Any]:
    return (attribute for one in block.walk() for attribute in one.attributes.values())
