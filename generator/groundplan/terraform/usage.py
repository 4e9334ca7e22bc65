"""Which types, providers, versions and module folders a configuration names, read from its text.

This is a scan, not a parse: it may name too much (a block in a comment), never too little. Terraform judges the text.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from groundplan.terraform.requirements import Requirement, required_in

_BLOCK = re.compile(r'(?<![\w.-])(resource|data|ephemeral)[ \t]+"?([A-Za-z][\w-]*)"?[ \t]+"?[A-Za-z_]')
_MODULE_SOURCE = re.compile(r'^[ \t]*source[ \t]*=[ \t]*"(\.\.?/[^"]*|\.\.?)"', re.MULTILINE)
_SUFFIXES = (".tf", ".tf.json", ".tofu", ".tofu.json", ".tftest.hcl", ".tftest.json")
IGNORED_FOLDERS = frozenset({".terraform", ".git", "__pycache__", "node_modules", ".venv"})


@dataclass(slots=True)
class Folder:
    """What the files directly in one folder name."""

    types: set[tuple[str, str]] = field(default_factory=set)
    """Kind and name of the types."""
    requirements: set[Requirement] = field(default_factory=set)
    modules: set[Path] = field(default_factory=set)
    """Local module folders named as a source."""


@dataclass(frozen=True, slots=True)
class Usage:
    """Type names by kind (`resource`, `data`, `ephemeral`) and the local module folders named as a source."""

    types: dict[str, frozenset[str]]
    module_folders: frozenset[Path]
    folders: dict[Path, Folder] = field(default_factory=dict)
    """By real path, every folder that was read."""

    def reached(self, folder: Path) -> list[Folder]:
        """What a folder and the local modules it calls, directly or not, name."""
        waiting, seen = [folder], {folder}
        for one in waiting:
            new = self.folders.get(one, Folder()).modules - seen
            seen |= new
            waiting += sorted(new)
        return [self.folders[one] for one in waiting if one in self.folders]


def configuration_files(folder: Path) -> Iterator[Path]:
    """Every Terraform file in a folder and below it, in any order; downloaded and hidden folders are left out."""
    for path in folder.iterdir():
        if path.is_dir():
            if path.name not in IGNORED_FOLDERS and not is_loop(path):
                yield from configuration_files(path)
        elif path.name.endswith(_SUFFIXES) and path.is_file():
            yield path


def is_loop(folder: Path) -> bool:
    """Whether it is a link to a folder it stands in."""
    return folder.is_symlink() and Path(os.path.realpath(folder.parent)).is_relative_to(folder.resolve())


def scan(folders: Iterable[Path]) -> Usage:
    """What the configurations in these folders, and the local modules they call wherever those are, name."""
    found: dict[Path, Folder] = {}
    modules: set[Path] = set()
    read: set[Path] = set()
    waiting = [folder.resolve() for folder in folders]
    while waiting:
        folder = waiting.pop()
        for path in configuration_files(folder):
            if path in read:
                continue
            read.add(path)
            called = _scan_file(path, found.setdefault(path.parent.resolve(), Folder()))
            new = {module for module in called - modules if module.is_dir()}
            modules |= new
            waiting.extend(new)
    types: dict[str, set[str]] = {"resource": set(), "data": set(), "ephemeral": set()}
    for one in found.values():
        for kind, name in one.types:
            types[kind].add(name)
    return Usage({kind: frozenset(names) for kind, names in types.items()}, frozenset(modules), found)


def _scan_file(path: Path, folder: Folder) -> set[Path]:
    """Adds what the file names to its folder; gives the module folders it calls."""
    text = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix == ".json":
        types, sources = _scan_json(text)
    else:
        types, sources = [(kind, name) for kind, name in _BLOCK.findall(text)], _MODULE_SOURCE.findall(text)
    called = {(path.parent / source).resolve() for source in sources}
    folder.types.update(types)
    folder.requirements.update(required_in(text, json=path.suffix == ".json"))
    folder.modules |= called
    return called


def _scan_json(text: str) -> tuple[list[tuple[str, str]], list[str]]:
    try:
        document = json.loads(text)
    except ValueError:
        return [], []  # Terraform reports it, with the place
    types = [
        (kind, name)
        for part in _objects(document)
        for kind in ("resource", "data", "ephemeral")
        for block in _objects(part.get(kind))
        for name in block
    ]
    sources = [
        module["source"]
        for part in _objects(document)
        for block in _objects(part.get("module"))
        for body in block.values()
        for module in _objects(body)
        if str(module.get("source", "")).startswith(".")
    ]
    return types, sources


def _objects(value: Any) -> list[dict[str, Any]]:
    """The objects of a value that Terraform's JSON syntax lets be one object or a list of them."""
    return [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, dict)]
