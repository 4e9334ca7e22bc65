"""Types of resources in an environment, for what a plan reads and an apply calls."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache

from groundplan.clouds.base import Cloud
from groundplan.components.base import ModuleCall
from groundplan.components.load import components
from groundplan.hcl.resources import resource_types
from groundplan.paths import MODULES
from groundplan.preflight.model import PHASES
from groundplan.preflight.permissions import Permissions
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import Stack

APPLIED = (FOUNDATION, PLATFORM)
"""The roots that the pipeline applies; the others are a person's."""


def calls_of(stack: Stack, cloud: Cloud, but: str) -> list[ModuleCall]:
    """The calls of every component but one that the cloud has no built-in for."""
    others = (one for one in components() if one.name != but and not one.on(cloud).built_in)
    return [call for component in others for call in component.calls(stack, cloud)]


def types_of(calls: Iterable[ModuleCall]) -> list[str]:
    """Types of what the modules make and, after `data`, read, sorted."""
    return sorted({name for call in calls for name in _types(call.source)})


@cache
def _types(source: str) -> tuple[str, ...]:
    return tuple(resource_types(MODULES / source))


def permissions_for(types: Iterable[str], table: dict[str, Permissions]) -> list[str]:
    """What the types take in all phases, sorted."""
    known = [table[name] for name in types if name in table]
    return sorted({name for one in known for phase in PHASES for name in one.of(phase)})
