"""What an argument of a planned resource refers to: all that a plan says about values it does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import Resource
from groundplan.hcl.sources import strip_indexes

_MODULES = re.compile(r'(?:module\.[^.\[]+(?:\["(?:[^"\\]|\\.)*"\]|\[\d+\])?\.)*')
_INDEX = re.compile(r'\[(?:"(?:[^"\\]|\\.)*"|\d+)\]$')


def referred(plan: Mapping[str, Any], resource: Resource, argument: str, kind: str) -> Iterator[str]:
    """Addresses of resources of a type, in the same module, that the argument may mean.

    A reference without an index, as that by `each.key`, may mean the resource itself and the one with the index of
    this resource.
    """
    prefix, index = _prefix(resource.address), _INDEX.search(resource.address)
    for reference in _references(plan, resource.address, argument):
        named = re.match(rf'{kind}\.[\w-]+(\["(?:[^"\\]|\\.)*"\]|\[\d+\])?', reference)
        if named:
            yield prefix + named.group()
            yield prefix + named.group() + (index.group() if index and not named.group(1) else "")


def _prefix(address: str) -> str:
    modules = _MODULES.match(address)
    return modules.group() if modules else ""


def _references(plan: Mapping[str, Any], address: str, argument: str) -> tuple[str, ...]:
    module = plan.get("configuration", {}).get("root_module", {})
    for name in strip_indexes(_prefix(address)).split(".")[1::2]:
        module = module.get("module_calls", {}).get(name, {}).get("module", {})
    own = strip_indexes(address).removeprefix(strip_indexes(_prefix(address)))
    for found in module.get("resources", ()):
        expression = found.get("expressions", {}).get(argument) if found.get("address") == own else None
        if isinstance(expression, dict):
            return tuple(expression.get("references", ()))
    return ()
