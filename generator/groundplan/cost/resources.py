"""The resources of a Terraform plan: each with its module, and with what its arguments refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.clouds.planned import Planned
from groundplan.hcl.sources import strip_indexes

DEEPEST_MODULE = 100
LONGEST_ADDRESS = 4_000
"""Characters of an address or a type: a hundred modules with keys fit."""
MOST_REFERENCES = 100
"""An argument refers to a handful of things; what a plan lists beyond is not read, for each instance reads it."""


@dataclass(frozen=True, slots=True)
class _Found:
    """A managed resource as the plan has it."""

    module: str
    address: str
    type: str
    values: Mapping[str, Any]

    @property
    def name(self) -> str:
        """The address within its module, without the index of an instance."""
        return strip_indexes(self.address.removeprefix(f"{self.module}."))

    @property
    def index(self) -> str:
        """The index of an instance with its brackets; empty where there is none."""
        rest = self.address.removeprefix(f"{self.module}.")
        return rest[rest.index("[") :] if "[" in rest else ""


class PlanResources:
    """The managed resources of a plan in its order. `region_of` says where one of a type and with values will be.

    Raises AttributeError, KeyError, TypeError or ValueError when the plan is not of the form that Terraform writes.
    """

    def __init__(self, plan: Mapping[str, Any], region_of: Callable[[str, Mapping[str, Any]], str]) -> None:
        found = list(_resources(plan["planned_values"].get("root_module", {}), 0))
        self._expressions = dict(_expressions(_get(plan.get("configuration"), "root_module"), (), 0))
        self._found = {one.address: one for one in found}
        self.all = tuple(Planned(f.address, f.type, region_of(f.type, f.values), f.values, self) for f in found)
        self._instances: dict[tuple[str, str], dict[str, Planned]] = {}
        self._types: dict[tuple[str, str], list[Planned]] = {}
        for one, planned in zip(found, self.all, strict=True):
            self._instances.setdefault((one.module, one.name), {})[one.index] = planned
            self._types.setdefault((one.module, one.type), []).append(planned)
        self._referring: dict[tuple[str, str, tuple[str, ...]], dict[str, list[Planned]]] = {}

    def referred(self, resource: Planned, path: tuple[str, ...]) -> Planned | None:
        """The resource of the same module that the argument at `path` refers to: of several instances the one with
        the same index, or none."""
        return next(self._targets(resource, path), None)

    def referring(self, resource: Planned, type_: str, path: tuple[str, ...]) -> Sequence[Planned]:
        """Resources of the type in the same module whose argument at `path` refers to the resource."""
        module = self._found[resource.address].module
        if (module, type_, path) not in self._referring:
            by_target: dict[str, list[Planned]] = {}
            for one in self._types.get((module, type_), ()):
                for target in dict.fromkeys(target.address for target in self._targets(one, path)):
                    by_target.setdefault(target, []).append(one)
            self._referring[module, type_, path] = by_target
        return self._referring[module, type_, path].get(resource.address, ())

    def _targets(self, resource: Planned, path: tuple[str, ...]) -> Iterator[Planned]:
        own = self._found[resource.address]
        calls = tuple(strip_indexes(own.module).split(".")[1::2])
        references = _get(self._expressions.get((calls, own.name)), *path, "references")
        for reference in references[:MOST_REFERENCES] if isinstance(references, list) else ():
            name = strip_indexes(reference) if isinstance(reference, str) else ""
            instances = self._instances.get((own.module, name), {})
            if own.index in instances:
                yield instances[own.index]
            elif len(instances) == 1:
                yield from instances.values()


def _expressions(
    module: Any, calls: tuple[str, ...], depth: int
) -> Iterator[tuple[tuple[tuple[str, ...], str], Mapping[str, Any]]]:
    """The arguments of each resource as the configuration writes them, by the calls that lead to it and its name."""
    if depth > DEEPEST_MODULE:
        raise ValueError(f"modules are nested more than {DEEPEST_MODULE} deep")
    resources, children = _get(module, "resources"), _get(module, "module_calls")
    for resource in resources if isinstance(resources, list) else ():
        name, written = _get(resource, "address"), _get(resource, "expressions")
        if isinstance(name, str) and isinstance(written, dict):
            yield (calls, name), written
    for name, call in children.items() if isinstance(children, dict) else ():
        yield from _expressions(_get(call, "module"), (*calls, name), depth + 1)


def _get(value: Any, *keys: str) -> Any:
    """The value at the place, None when there is none; a block, which a plan writes as a list, is its first entry."""
    for key in keys:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _resources(module: Mapping[str, Any], depth: int) -> Iterator[_Found]:
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
        yield _Found(name, address, type_, values)
    for child in module.get("child_modules", ()):
        yield from _resources(child, depth + 1)
