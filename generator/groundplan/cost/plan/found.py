"""What a plan holds: its managed resources with the modules that they are in, and what of them is not known yet."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from groundplan.cost.plan.configuration import DEEPEST_MODULE, Calls, get
from groundplan.hcl.sources import strip_indexes

LONGEST_ADDRESS = 4_000
"""Characters of an address or a type: a hundred modules with keys fit."""


@dataclass(slots=True)
class Found:
    """A managed resource as the plan has it."""

    module: str
    address: str
    type: str
    values: Mapping[str, Any]
    provider: str
    name: str = field(init=False)
    """The address within its module, without the index of an instance."""
    index: str = field(init=False)
    """The index of an instance with its brackets; empty where there is none."""

    def __post_init__(self) -> None:
        rest = self.address.removeprefix(f"{self.module}.")
        start = rest.find("[")
        self.name, self.index = (rest, "") if start < 0 else (strip_indexes(rest), rest[start:])


@lru_cache(maxsize=1_000)
def calls_of(module: str) -> Calls:
    """The names of the calls that lead to an instance of a module."""
    return tuple(strip_indexes(module).split(".")[1::2]) if module else ()


def last_call(module: str) -> tuple[str, str, str]:
    """The module that calls this one, this one without the index of its instance, and its last name with it."""
    bare_name = strip_indexes(module).rpartition(".")[2]
    start = module.rfind(f"module.{bare_name}")
    call = module[start + len("module.") :]
    return module[: max(start - 1, 0)], module[: start + len("module.") + len(bare_name)], call


def marked(unknown: Any, path: Sequence[str]) -> bool:
    """Whether the value at the path, or what it is in, is known only after apply."""
    if isinstance(unknown, list):
        return any(marked(one, path) for one in unknown if not isinstance(one, list))
    if unknown is True or not path:
        return unknown is True
    return isinstance(unknown, dict) and marked(unknown.get(path[0]), path[1:])


def after_unknown(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is known only after apply, by address, in the shape of the values."""
    changes = plan.get("resource_changes")
    return {
        change["address"]: get(change, "change", "after_unknown")
        for change in (changes if isinstance(changes, list) else ())
        if isinstance(change, dict) and isinstance(change.get("address"), str)
    }


def managed(module: Mapping[str, Any], depth: int) -> Iterator[Found]:
    """The managed resources of the module and of those it calls."""
    if depth > DEEPEST_MODULE:
        raise ValueError(f"modules are nested more than {DEEPEST_MODULE} deep")
    name = module.get("address", "")
    if not isinstance(name, str):
        raise TypeError(name)
    for resource in module.get("resources", ()):
        if resource.get("mode", "managed") != "managed":
            continue
        address, type_, values = resource["address"], resource["type"], resource.get("values") or {}
        if not isinstance(address, str) or not isinstance(type_, str) or not isinstance(values, dict):
            raise ValueError("a resource without address, type or values")
        if len(address) > LONGEST_ADDRESS or len(type_) > LONGEST_ADDRESS:
            raise ValueError(f"an address or a type of more than {LONGEST_ADDRESS:,} characters")
        provider = resource.get("provider_name")
        yield Found(name, address, type_, values, provider if isinstance(provider, str) else "")
    for child in module.get("child_modules", ()):
        yield from managed(child, depth + 1)
