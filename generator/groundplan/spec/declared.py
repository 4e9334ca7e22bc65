"""What the registered components declare about the spec, gathered from their `spec.py` and `rules.py`.

Nothing of a component is imported before somebody asks, and then only these two modules of its package.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType
from typing import Literal

from groundplan.components import PACKAGES
from groundplan.spec.base import Key


def keys() -> tuple[Key, ...]:
    """The keys at the top of the spec (`KEYS`), in the registry's order."""
    return tuple(key for module in _modules("spec") for key in getattr(module, "KEYS", ()))


def patterns() -> dict[str, str]:
    """What to write instead of text that does not match, by pattern (`PATTERNS`)."""
    return {key: words for module in _modules("spec") for key, words in getattr(module, "PATTERNS", {}).items()}


def _modules(part: Literal["spec", "rules"]) -> Iterator[ModuleType]:
    found = (_module(f"{package}.{part}") for package in PACKAGES.values())
    return (module for module in found if module is not None)


@cache
def _module(name: str) -> ModuleType | None:
    return import_module(name) if find_spec(name) else None
