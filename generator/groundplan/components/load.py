"""The registered components, loaded."""

from __future__ import annotations

from functools import cache
from importlib import import_module

from groundplan.components import PACKAGES
from groundplan.components.base import AnyComponent


def components() -> tuple[AnyComponent, ...]:
    """Every registered component, in the registry's order."""
    return tuple(_load(package) for package in PACKAGES.values())


@cache
def _load(package: str) -> AnyComponent:
    component: AnyComponent = import_module(f"{package}.component").COMPONENT
    return component
