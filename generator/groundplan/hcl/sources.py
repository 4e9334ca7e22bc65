"""All the Terraform source of a folder, and the way from an address to its block."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cached_property, reduce
from pathlib import Path

from groundplan.diagnostics import Place
from groundplan.hcl.blocks import Block
from groundplan.hcl.json_document import JsonSyntaxError
from groundplan.hcl.json_syntax import parse_json
from groundplan.hcl.read import NestingError, parse

MODULE_SUFFIXES = (".tf", ".tf.json")
SOURCE_SUFFIXES = (*MODULE_SUFFIXES, ".tfvars", ".tfvars.json")
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]')


def strip_indexes(address: str) -> str:
    """`module.a["x"].aws_b.c[0]` as `module.a.aws_b.c`."""
    return _INDEX.sub("", address)


class Sources:
    """The Terraform files of a folder; file names are relative to it."""

    def __init__(self, folder: Path, roots: tuple[str, ...]) -> None:
        self.folder = folder
        self.roots = roots

    @cached_property
    def files(self) -> Mapping[str, Block]:
        """Every file with Terraform source or values of variables, parsed; hidden folders stay out."""
        found: dict[str, Block] = {}
        for parent, folders, names in os.walk(self.folder):
            folders[:] = sorted(name for name in folders if not name.startswith("."))
            for name in sorted(names):
                path = Path(parent) / name
                if name.endswith(SOURCE_SUFFIXES) and path.is_file():
                    relative = path.relative_to(self.folder).as_posix()
                    found[relative] = parse_source(path.read_text(encoding="utf-8", errors="replace"), relative)
        return found

    @cached_property
    def _modules(self) -> Mapping[str, tuple[Block, ...]]:
        """The blocks of each folder; those of override files last, as Terraform reads them."""
        modules: dict[str, tuple[Block, ...]] = {}
        for name in sorted(self.files, key=lambda name: (is_override(name), name)):
            if name.endswith(MODULE_SUFFIXES):
                folder = os.path.dirname(name) or "."  # noqa: PTH120 a key, not a path of the machine
                modules[folder] = (*modules.get(folder, ()), *self.files[name].blocks)
        return modules

    def module(self, folder: str) -> tuple[Block, ...]:
        """The top-level blocks of one module folder."""
        return self._modules.get(folder, ())

    @property
    def uncalled(self) -> tuple[str, ...]:
        """Folders with Terraform source that are no root, and that no root reaches by the modules it calls."""
        reached, waiting = set(self.roots), list(self.roots)
        while waiting:
            called = self.calls(waiting.pop()) - reached
            reached |= called
            waiting += called
        return tuple(sorted(self._modules.keys() - reached))

    def calls(self, folder: str) -> set[str]:
        """The folders of the modules that a folder calls."""
        return {self._called(folder, block) for block in self.module(folder) if block.type == "module"}

    @staticmethod
    def _called(caller: str, call: Block) -> str:
        source = call.attributes.get("source")
        return os.path.normpath(f"{caller}/{source.value.strip(chr(34)) if source else ''}")

    def chain(self, root: str, address: str) -> tuple[Block, ...]:
        """The blocks on the way from the root's module call to the resource; empty if one is not there."""
        folder, blocks = root, []
        parts = strip_indexes(address).split(".")
        while len(parts) > 2 and parts[0] == "module":
            call = self._find(folder, ("module",), (parts[1],))
            if call is None or "source" not in call.attributes:
                return ()
            blocks.append(call)
            folder = self._called(folder, call)
            parts = parts[2:]
        mode = ("data",) if parts[0] == "data" else ("resource", "ephemeral")
        block = self._find(folder, mode, tuple(parts[-2:]))
        return (*blocks, block) if block else ()

    def place(self, root: str | None, address: str) -> Place | None:
        """Where the resource with this address is written."""
        chain = self.chain(root, address) if root is not None else ()
        return chain[-1].place if chain else None

    def roots_of(self, file: str, address: str) -> tuple[str, ...]:
        """The roots in which an address leads to this file: several when two roots call a module by the same name."""
        found = ((root, self.place(root, address)) for root in self.roots)
        return tuple(root for root, place in found if place is not None and place.file == file)

    def skips(self, root: str, address: str) -> Mapping[str, str | None]:
        """The checkov checks that comments skip for a resource, on itself or on a module call above it."""
        skips: dict[str, str | None] = {}
        for block in self.chain(root, address):
            skips |= block.skips
        return skips

    def _find(self, folder: str, types: tuple[str, ...], labels: tuple[str, ...]) -> Block | None:
        """The block with what override files replace in it."""
        found = [b for b in self.module(folder) if b.type in types and b.labels == labels]
        return reduce(_overridden, found) if found else None


def is_override(file: str) -> bool:
    """Whether Terraform lays the file's blocks over those of the other files of its folder."""
    stem = file.rpartition("/")[2].removesuffix(".json").removesuffix(".tf")
    return stem == "override" or stem.endswith("_override")


def _overridden(block: Block, override: Block) -> Block:
    attributes = {**block.attributes, **override.attributes}
    blocks, skips = [*block.blocks, *override.blocks], block.skips | override.skips
    return replace(block, attributes=attributes, blocks=blocks, skips=skips)


def parse_source(text: str, file: str) -> Block:
    """The file's blocks, in either syntax; none of one that cannot be read: Terraform or the screen before it tells."""
    try:
        return parse_json(text, file) if file.endswith(".json") else parse(text, file)
    except (JsonSyntaxError, NestingError):
        return Block("", (), Place(file, 1))
