"""Which permissions an environment takes, from the Terraform types in it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from groundplan.preflight.model import PHASES, Phase, Requirement


@dataclass(frozen=True, slots=True)
class Permissions:
    """What one Terraform type takes: to make and read it back, further to change and to destroy it."""

    make: tuple[str, ...] = ()
    change: tuple[str, ...] = ()
    destroy: tuple[str, ...] = ()

    def of(self, phase: Phase) -> tuple[str, ...]:
        """Those of a phase that the phases before it do not take."""
        return {"make": self.make, "change": self.change, "destroy": self.destroy}[phase]


@dataclass(frozen=True, slots=True)
class Cause:
    """What a permission is needed for first, and the spec path that causes it."""

    phase: Phase
    path: str


def needed(taken: Iterable[tuple[Permissions, str]]) -> dict[str, Cause]:
    """Every permission of things and their spec paths, sorted, with its first cause."""
    things = list(taken)
    found: dict[str, Cause] = {}
    for phase in PHASES:
        for permissions, path in things:
            for name in permissions.of(phase):
                found.setdefault(name, Cause(phase, path))
    return dict(sorted(found.items()))


def of_types(types: Mapping[str, str], table: Mapping[str, Permissions]) -> Iterable[tuple[Permissions, str]]:
    """What the types in a table take, with the spec path of each."""
    return ((table[name], path) for name, path in types.items() if name in table)


def required(permission: str, cause: Cause, where: str, service: str) -> Requirement:
    """The permission as something that an account must allow."""
    name = permission if cause.phase == "make" else f"to {cause.phase}"
    return Requirement("permission", name, permission, where, cause.path, service, phase=cause.phase)
