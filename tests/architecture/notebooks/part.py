"""The notebooks that were decided."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class NotebookServers(Part):
    """Servers of notebooks."""

    component: ClassVar[str] = "notebooks"
    image: str
    bucket: str


def notebooks_of(stack: Stack) -> NotebookServers | None:
    """The stack's notebooks; None without any."""
    return stack.part(NotebookServers)
