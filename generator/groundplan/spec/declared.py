"""What the registered components declare about the spec, gathered from their `spec.py` and `rules.py`.

Nothing of a component is imported before somebody asks, and then only these two modules of its package:

| in `spec.py` | is |
| --- | --- |
| `KEYS` | the keys that it adds at the top of the spec |
| `PATTERNS` | what to write instead of text that does not match, by pattern |
| `wants_cluster(at)` | whether it needs the Kubernetes cluster in the spec at hand |
| `wants_network(at)` | whether it needs a network although nothing runs on the cluster |
| `system_memory_gib(at)` | the memory that its pods ask for on a node of the system pool |

`RULES` of `rules.py` are functions from a `Document` to findings about it. All are optional. A component with a
`meters.py` is one that something is billed for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Literal

from groundplan.components import PACKAGES
from groundplan.diagnostics import Diagnostic
from groundplan.spec.base import Key
from groundplan.spec.document import Document, Lookup

Rule = Callable[[Document], Iterator[Diagnostic]]
"""What is wrong with a spec beyond single values, found in the raw values."""


def keys() -> tuple[Key, ...]:
    """The keys at the top of the spec, in the registry's order."""
    return tuple(key for keys in each("spec", "KEYS") for key in keys)


def keys_of(package: str) -> tuple[Key, ...]:
    """Those that the component in `package` brings."""
    module = _module(f"{package}.spec")
    found: tuple[Key, ...] = getattr(module, "KEYS", ())
    return found


def patterns() -> dict[str, str]:
    """What to write instead of text that does not match, by pattern."""
    return {pattern: words for patterns in each("spec", "PATTERNS") for pattern, words in patterns.items()}


def rules() -> tuple[Rule, ...]:
    """The rules of every component, in the registry's order."""
    return tuple(rule for rules in each("rules", "RULES") for rule in rules)


def billed() -> tuple[str, ...]:
    """The names of components that something is billed for, in the registry's order."""
    return tuple(name for name, package in PACKAGES.items() if find_spec(f"{package}.meters"))


def wants_cluster(at: Lookup) -> bool:
    """Whether anything of the spec runs on Kubernetes."""
    return any(wants(at) for wants in each("spec", "wants_cluster"))


def wants_network(at: Lookup) -> bool:
    """Whether anything of the spec is in a network of the cloud."""
    return wants_cluster(at) or any(wants(at) for wants in each("spec", "wants_network"))


def system_memory_gib(at: Lookup) -> float:
    """The memory in GiB that all components together ask for on a node of the system pool."""
    return sum(float(takes(at)) for takes in each("spec", "system_memory_gib"))


def each(part: Literal["spec", "rules"], name: str) -> Iterator[Any]:
    """What every component declares under `name`, if it does."""
    modules = [_module(f"{package}.{part}") for package in PACKAGES.values()]
    return (getattr(module, name) for module in modules if hasattr(module, name))


@cache
def _module(name: str) -> ModuleType | None:
    return import_module(name) if find_spec(name) else None
