"""The types of the resources in a module."""

from __future__ import annotations

from pathlib import Path

from groundplan.hcl.read import read_folder


def resource_types(module: Path) -> list[str]:
    """The types of the resources that a module makes and, after `data`, of those it reads, once for each block."""
    prefixes = {"resource": "", "data": "data "}
    blocks = read_folder(module, outline=True)
    return [f"{prefixes[block.type]}{block.labels[0]}" for block in blocks if block.type in prefixes]
