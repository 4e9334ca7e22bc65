"""What of drift is looked away from, as it was decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groundplan.stack.model import Part


@dataclass(frozen=True, slots=True)
class Line:
    """One line of `drift.ignore`."""

    name: str
    at: str
    attributes: tuple[str, ...]
    kind: str
    """Class that it lets pass; empty for none."""
    until: str
    reason: str

    @property
    def path(self) -> str:
        """Its path in the spec."""
        return f"drift.ignore.{self.name}"


@dataclass(frozen=True, slots=True)
class Ignoring(Part):
    """The lines, in the order of the spec."""

    component: ClassVar[str] = "drift"
    ignore: tuple[Line, ...]
