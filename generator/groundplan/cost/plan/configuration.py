"""The configuration in a plan: what arguments refer to, through the calls of modules, and what is known of them.

https://developer.hashicorp.com/terraform/internals/json-format#configuration-representation. Local values are not in
it, nor what an expression does with what it refers to.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

DEEPEST_MODULE = 100
MOST_REFERENCES = 100
"""An argument refers to a handful of things; what a plan lists beyond is not read, for each instance reads it."""
LONGEST_REFERENCE = 1_000
_STEP = re.compile(r'\.?([A-Za-z_][\w-]*)|\["((?:[^"\\]|\\.)*)"\]|\[([0-9]+)\]|\.([0-9]+|\*)|\[\*\]|\.?([^.\[\]"]+)')

Calls = tuple[str, ...]
"""Names of the module calls that lead to a module; the root module is none."""
UNKNOWN: Any = object()
"""The value of what a plan does not say."""
_NOTHING: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Step:
    """A name of a reference with the index behind it, as `["a"]` or `[0]`."""

    name: str
    index: str = ""


@lru_cache(maxsize=10_000)
def steps(reference: str) -> tuple[Step, ...]:
    """`module.a["x"].id` as `module`, `a` with its index, and `id`."""
    found: list[Step] = []
    for match in _STEP.finditer(reference[:LONGEST_REFERENCE]):
        name, key, number = match[1] or match[5], match[2], match[3]
        if name is not None:
            found.append(Step(name))
        elif found and (key is not None or number is not None) and not found[-1].index:
            found[-1] = Step(found[-1].name, match[0])
    return tuple(found)


class Configuration:
    """The configuration of a plan. Raises ValueError for modules that are nested without end."""

    def __init__(self, plan: Mapping[str, Any]) -> None:
        if not isinstance(plan.get("configuration", {}), dict):
            raise TypeError("configuration")
        self._modules = dict(_modules(get(plan.get("configuration"), "root_module"), (), 0))
        self._resources = {
            (calls, one["address"]): one for calls, module in self._modules.items() for one in _listed(module)
        }
        self.variables: Mapping[str, Any] = dict(_variables(plan))
        self._data: dict[str, Any] = {}
        self._settled: dict[tuple[Calls, str, tuple[str, ...]], bool] = {}
        self._values: dict[tuple[Calls, str], Any] = {}
        """Values of variables of modules, to which much refers through many calls."""
        for values in ("prior_state", "planned_values"):
            self._data.update(_read_data(plan, values))

    def resource(self, calls: Calls, name: str) -> Mapping[str, Any]:
        """The block of a resource by its module and its address there; empty where the plan has none."""
        return self._resources.get((calls, name), _NOTHING)

    def argument(self, calls: Calls, name: str, path: Sequence[str]) -> Any:
        """The expression of an argument; None where it is not written, or made by a `dynamic` block."""
        return get(self.resource(calls, name).get("expressions"), *path)

    def call(self, calls: Calls) -> Mapping[str, Any]:
        """The block that calls the module; empty for the root module."""
        found = get(self._modules.get(calls[:-1]), "module_calls", calls[-1]) if calls else None
        return found if isinstance(found, dict) else _NOTHING

    def output(self, calls: Calls, name: str) -> Any:
        """The expression of an output of the module; None where there is none."""
        return get(self._modules.get(calls), "outputs", name, "expression")

    def value(self, calls: Calls, expression: Any, depth: int = 0) -> Any:
        """The value of an expression that is a constant, or one reference to something whose value the plan says.

        UNKNOWN for anything else: what is done with several references, a plan does not say.
        """
        if not isinstance(expression, dict) or depth > DEEPEST_MODULE:
            return UNKNOWN
        if "constant_value" in expression:
            return expression["constant_value"]
        found = heads(expression)
        return self._referred_value(calls, steps(found[0]), depth) if len(found) == 1 else UNKNOWN

    def settled(self, calls: Calls, name: str, path: Sequence[str]) -> bool:
        """Whether the plan says the value of everything that an argument refers to, or the argument is not written."""
        key = (calls, name, tuple(path))
        if key not in self._settled:
            self._settled[key] = self._is_settled(calls, name, path)
        return self._settled[key]

    def _is_settled(self, calls: Calls, name: str, path: Sequence[str]) -> bool:
        block = self.resource(calls, name)
        every = heads(self.argument(calls, name, path))
        if any(one.partition(".")[0] == "each" for one in every):
            every += heads(block.get("for_each_expression"))
        known = (self._referred_value(calls, steps(one), 0) for one in every if not one.startswith(("each.", "count.")))
        return all(value is not UNKNOWN for value in known)

    def _referred_value(self, calls: Calls, path: Sequence[Step], depth: int) -> Any:
        match path:
            case (Step("var"), name, *rest):
                value = self._variable(calls, name.name, depth) if depth else self._remembered(calls, name.name)
                return _walk(value, (name.index, *_names(rest)))
            case (Step("module"), call, output, *rest):
                inside = (*calls, call.name)
                value = self.value(inside, self.output(inside, output.name), depth + 1)
                return _walk(value, (output.index, *_names(rest)))
            case (Step("data"), type_, name, *rest) if not calls:
                return _walk(self._data.get(f"{type_.name}.{name.name}{name.index}", UNKNOWN), _names(rest))
        return UNKNOWN

    def _remembered(self, calls: Calls, name: str) -> Any:
        if (calls, name) not in self._values:
            self._values[calls, name] = self._variable(calls, name, 0)
        return self._values[calls, name]

    def _variable(self, calls: Calls, name: str, depth: int) -> Any:
        if not calls:
            return self.variables.get(name, UNKNOWN)
        if (expression := get(self.call(calls), "expressions", name)) is not None:
            return self.value(calls[:-1], expression, depth + 1)
        variable = get(self._modules.get(calls), "variables", name)
        return variable.get("default", UNKNOWN) if isinstance(variable, dict) else UNKNOWN


def heads(expression: Any) -> list[str]:
    """What an expression refers to: Terraform lists `var.a.b` as `var.a.b` and, right after it, `var.a`."""
    references = expression.get("references") if isinstance(expression, dict) else None
    found: list[str] = []
    for one in references[:MOST_REFERENCES] if isinstance(references, list) else ():
        if isinstance(one, str) and not (found and f"{found[-1]}.".startswith((f"{one}.", f"{one}["))):
            found.append(one)
    return found


def get(value: Any, *keys: str) -> Any:
    """The value at the place, None when there is none; a block, which a plan writes as a list, is its first entry."""
    for key in keys:
        if isinstance(value, list):
            value = value[0] if value else None
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _names(path: Sequence[Step]) -> Iterator[str]:
    for step in path:
        yield step.name
        yield step.index


def _walk(value: Any, path: Iterator[str] | Sequence[str]) -> Any:
    """The value behind names and indexes; empty names are none. UNKNOWN where there is no such value."""
    for name in path:
        if not name or value is UNKNOWN:
            continue
        key = name[1:-1].strip('"') if name.startswith("[") else name
        if isinstance(value, list) and key.isascii() and key.isdigit() and len(key) < 10:
            value = value[int(key)] if int(key) < len(value) else UNKNOWN
        else:
            value = value.get(key, UNKNOWN) if isinstance(value, dict) else UNKNOWN
    return value


def _modules(module: Any, calls: Calls, depth: int) -> Iterator[tuple[Calls, Mapping[str, Any]]]:
    if depth > DEEPEST_MODULE:
        raise ValueError(f"modules are nested more than {DEEPEST_MODULE} deep")
    if not isinstance(module, dict):
        return
    yield calls, module
    children = module.get("module_calls")
    for name, call in children.items() if isinstance(children, dict) else ():
        yield from _modules(get(call, "module"), (*calls, name), depth + 1)


def _listed(module: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    resources = module.get("resources")
    for one in resources if isinstance(resources, list) else ():
        if isinstance(one, dict) and isinstance(one.get("address"), str):
            yield one


def _variables(plan: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """Defaults, then what was given: Terraform before 1.2 lists only what was given."""
    declared = get(plan.get("configuration"), "root_module", "variables")
    for name, variable in declared.items() if isinstance(declared, dict) else ():
        if isinstance(variable, dict) and "default" in variable:
            yield name, variable["default"]
    given = plan.get("variables")
    for name, variable in given.items() if isinstance(given, dict) else ():
        if isinstance(variable, dict) and "value" in variable:
            yield name, variable["value"]


def _read_data(plan: Mapping[str, Any], values: str) -> Iterator[tuple[str, Any]]:
    """What data sources of the root module have read, by their address without `data.`."""
    root = (
        get(plan.get(values), "values", "root_module") if values == "prior_state" else get(plan[values], "root_module")
    )
    for one in _listed(root) if isinstance(root, dict) else ():
        if one.get("mode") == "data" and isinstance(one.get("values"), dict):
            yield one["address"].removeprefix("data."), one["values"]
