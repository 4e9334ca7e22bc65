"""Who must not be able to do what, as it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class Denial:
    """One line of `access.deny`."""

    who: str
    action: str
    resource: str


@dataclass(frozen=True, slots=True)
class Denials(Part):
    """The lines, in the order of the spec."""

    component: ClassVar[str] = "access"
    deny: tuple[Denial, ...]


def denials_of(stack: Stack) -> tuple[Denial, ...]:
    """Those of the stack."""
    part = stack.part(Denials)
    return part.deny if part else ()
