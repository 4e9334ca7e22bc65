"""The image repositories that were decided."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import ClassVar

from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class Repository:
    """One container image repository."""

    name: str
    repository: str
    keep_images: int
    keeps_only: bool
    """Whether the spec says how many images stay."""
    size_gib: Decimal
    first_name: str = ""
    """Name that the spec gave it first; empty where it always had the one it has."""
    existing: bool = False
    """Whether it was in the cloud before the environment."""
    lacks: tuple[str, ...] = ()
    """Settings that it did not have then, in the words of the spec."""


@dataclass(frozen=True, slots=True)
class Repositories(Part):
    """The image repositories."""

    component: ClassVar[str] = "registry"
    key: ClassVar[str] = ""
    repositories: tuple[Repository, ...]


def repositories_of(stack: Stack) -> tuple[Repository, ...]:
    """Every image repository of the stack."""
    part = stack.part(Repositories)
    return part.repositories if part else ()
