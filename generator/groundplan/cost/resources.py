"""The resources of a Terraform plan: each with its module, and with what its arguments refer to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.clouds.planned import Planned
from groundplan.hcl.read import strip_indexes

DEEPEST_MODULE = 100


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
        self._configuration = plan.get("configuration")
        self._found = {one.address: one for one in found}
        self.all = tuple(Planned(f.address, f.type, region_of(f.type, f.values), f.values, self) for f in found)
        self._beside: dict[tuple[str, str], list[Planned]] = {}
        for one, planned in zip(found, self.all, strict=True):
            self._beside.setdefault((one.module, one.type), []).append(planned)

    def beside(self, resource: Planned, type_: str) -> Sequence[Planned]:
        """Resources of the type in the same module."""
        return self._beside.get((self._found[resource.address].module, type_), ())

    def referred(self, resource: Planned, path: Sequence[str]) -> Planned | None:
        """The resource of the same module that the argument at `path` refers to: of several instances the one with
        the same index, or none."""
        own = self._found[resource.address]
        for reference in self._references(own, path):
            name = strip_indexes(reference)
            instances = [one for one in self.beside(resource, name.partition(".")[0]) if self._name(one) == name]
            same = [one for one in instances if self._found[one.address].index == own.index]
            if len(chosen := same or instances) == 1:
                return chosen[0]
        return None

    def _name(self, resource: Planned) -> str:
        return self._found[resource.address].name

    def _references(self, own: _Found, path: Sequence[str]) -> list[str]:
        module = _get(self._configuration, "root_module")
        for name in strip_indexes(own.module).split(".")[1::2]:
            module = _get(module, "module_calls", name, "module")
        resources = _get(module, "resources")
        written = [r for r in resources if _get(r, "address") == own.name] if isinstance(resources, list) else []
        found = _get(written[0], "expressions", *path, "references") if written else None
        return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _get(value: Any, *keys: str) -> Any:
    """The value at the place, None when there is none; a block, which a plan writes as a list, is its first entry."""
    for key in keys:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(key) if isinstance(value, Mapping) else None
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
        if not isinstance(address, str) or not isinstance(type_, str) or not isinstance(values, Mapping):
            raise ValueError("a resource without address, type or values")
        yield _Found(name, address, type_, values)
    for child in module.get("child_modules", ()):
        yield from _resources(child, depth + 1)
