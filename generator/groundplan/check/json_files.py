"""checkov's scan of Terraform's JSON syntax, which it does not read: it is shown the same in the language."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from groundplan.check.checkov import Record, Scan
from groundplan.hcl.blocks import Block
from groundplan.hcl.sources import Sources, strip_indexes
from groundplan.hcl.write import hcl

_SUFFIX = ".tf.json"
_SHOWN = ".tf"
"""What is put behind the name of a JSON file."""
_WITH_BLOCKS = frozenset({"resource", "data", "ephemeral", "provider", "terraform", "check"})
_VALUES = frozenset({"annotations", "environment_variables", "keepers", "labels", "tags", "triggers", "variables"})
"""Arguments that are maps wherever they occur; other objects are taken for blocks, as they mostly are."""


def scan_json_too(scan: Callable[[Path], Scan], sources: Sources) -> Scan:
    """What `scan` finds in the folder of the sources, as if its JSON files were written in the language."""
    names = [name for name in sources.files if name.endswith(_SUFFIX)]
    if not names:
        return scan(sources.folder)
    folder = sources.folder.with_name("scan")
    shutil.copytree(sources.folder, folder, symlinks=True)
    for name in names:
        (folder / f"{name}{_SHOWN}").write_text("".join(_blocks(sources.files[name].blocks, 0)), encoding="utf-8")
    found = scan(folder)
    return replace(
        found,
        records=tuple(_back(record, sources) for record in found.records),
        resources=tuple(resource.replace(f"{_SUFFIX}{_SHOWN}:", f"{_SUFFIX}:") for resource in found.resources),
        unread=tuple(_json_name(file) for file in found.unread),
    )


def _json_name(file: str) -> str:
    return file.removesuffix(_SHOWN) if file.endswith(f"{_SUFFIX}{_SHOWN}") else file


def _back(record: Record, sources: Sources) -> Record:
    name = _json_name(record.file)
    if name == record.file:
        return record
    words = tuple(strip_indexes(record.address).split("."))
    blocks = sources.files[name].blocks
    lines = (block.place.line for block in blocks if block.labels and block.labels == words[-len(block.labels) :])
    return replace(record, file=name, line=next(lines, 1))


def _blocks(blocks: list[Block], indent: int) -> Iterator[str]:
    pad = "  " * indent
    for block in blocks:
        labels = "".join(f" {hcl(label)}" for label in block.labels)
        yield f"{pad}{block.type}{labels} {{\n"
        inner = [one for one in block.blocks if one.type not in _VALUES] if _has_blocks(block, indent) else []
        written = {one.type for one in inner}
        for attribute in block.attributes.values():
            if attribute.name not in written and attribute.name.isidentifier():
                yield f"{pad}  {attribute.name} = {attribute.value}\n"
        yield from _blocks(inner, indent + 1)
        yield f"{pad}}}\n"


def _has_blocks(block: Block, indent: int) -> bool:
    return indent > 0 or block.type in _WITH_BLOCKS
