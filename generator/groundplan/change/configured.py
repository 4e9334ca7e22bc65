"""What of a module's variables an argument is made of, as far as the configuration in a plan tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.change.planned import call_of
from groundplan.hcl.sources import strip_indexes

Path = tuple[str, ...]
"""A variable and the attributes on the way to a value in it; `*` for the element that an instance is made of."""

_EACH, _VARIABLE = "each.value", "var"
_FOLLOWED = (_VARIABLE, "each")
_ANY = "*"
_DEPTH = 12


@dataclass(frozen=True)
class Configured:
    """The module calls of a root and the resources in them, from the configuration of its plan."""

    calls: Mapping[str, Any]

    @classmethod
    def of(cls, plan: Mapping[str, Any]) -> Configured:
        """What the plan says; nothing of one that has no configuration."""
        return cls(plan.get("configuration", {}).get("root_module", {}).get("module_calls") or {})

    def variables(self, address: str, arguments: Sequence[str]) -> set[Path]:
        """Paths in variables of the module that the arguments of a resource name; of `for_each` what it goes over.

        Locals and other resources are not followed, so what is named there is missing: see `names_others`.
        """
        goes_over = list(_variables(self._named_in(address, ["for_each"])))
        found: set[Path] = set()
        for argument in arguments or ("for_each",):
            references = self._named_in(address, [argument])
            if argument == "for_each":
                found |= {(*path, _ANY) for path in goes_over}
            else:
                found |= _paths(references, goes_over)
        return found

    def names_others(self, address: str, arguments: Sequence[str]) -> bool:
        """Whether the arguments name locals or other resources, or an element of what is made of some."""
        references = self._named_in(address, arguments)
        goes_over = self._named_in(address, ["for_each"]) if any(one.startswith(_EACH) for one in references) else []
        return not all(one.partition(".")[0] in _FOLLOWED for one in (*references, *goes_over))

    def _named_in(self, address: str, arguments: Sequence[str]) -> list[str]:
        """Every reference in these arguments."""
        resource = self._resource(address)
        found = []
        for argument in arguments:
            if argument in ("for_each", "count"):
                found += _references(resource.get(f"{argument}_expression"))
            else:
                found += _references(_under(resource.get("expressions"), _steps(argument)))
        return found

    def upstream(self, address: str, variables: Iterable[Path]) -> Iterator[str]:
        """Names of the calls whose outputs these variables are given."""
        expressions = self.calls.get(_name(address), {}).get("expressions") or {}
        for variable in sorted({path[0] for path in variables}):
            for reference in _references(expressions.get(variable)):
                parts = reference.split(".")
                if parts[0] == "module" and len(parts) > 1:
                    yield ".".join(parts[:2])

    def _resource(self, address: str) -> Mapping[str, Any]:
        own = ".".join(strip_indexes(address).split(".")[2:])
        module = self.calls.get(_name(address), {}).get("module", {})
        return next((one for one in module.get("resources", ()) if one.get("address") == own), {})


def _name(address: str) -> str:
    """The name of the module call that the address lies under."""
    return call_of(address).partition(".")[2]


def _steps(argument: str) -> Path:
    """The names in a path as Terraform writes it, without indexes."""
    return tuple(strip_indexes(argument).replace("[*]", "").split("."))


def _under(expressions: Any, names: Path) -> Any:
    """The expressions at a path of blocks, as deep as it leads."""
    for name in names:
        blocks = expressions if isinstance(expressions, list) else [expressions]
        inner = [block[name] for block in blocks if isinstance(block, dict) and name in block]
        if not inner:
            return expressions
        expressions = [one for value in inner for one in (value if isinstance(value, list) else [value])]
    return expressions


def _references(expressions: Any) -> list[str]:
    """Every reference in expressions."""
    found, front = [], [(expressions, 0)]
    while front:
        value, depth = front.pop()
        if isinstance(value, dict):
            found += [one for one in value.get("references", ()) if isinstance(one, str)]
            front += [(inner, depth + 1) for name, inner in value.items() if name != "references" and depth < _DEPTH]
        elif isinstance(value, list):
            front += [(inner, depth + 1) for inner in value if depth < _DEPTH]
    return found


def _variables(references: Iterable[str]) -> Iterator[Path]:
    for reference in references:
        first, *rest = strip_indexes(reference).split(".")
        if first == _VARIABLE and rest:
            yield tuple(rest)


def _paths(references: list[str], goes_over: Sequence[Path]) -> set[Path]:
    """The variables named, those by way of the element of `for_each` included; the longest of each way alone."""
    each = [tuple(strip_indexes(one).split(".")[2:]) for one in references if one.startswith(_EACH)]
    found = {*_variables(references), *((*path, _ANY, *rest) for path in goes_over for rest in each)}
    return {path for path in found if not any(other[: len(path)] == path and other != path for other in found)}


def meet(path: Path, other: Path) -> bool:
    """Whether one leads to the other or into it."""
    return all(_ANY in (one, two) or one == two for one, two in zip(path, other, strict=False))
