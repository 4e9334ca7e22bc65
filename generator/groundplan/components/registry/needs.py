"""What image repositories need of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import Key
from groundplan.components.registry.part import repositories_of
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """A key."""
    if repositories_of(stack):
        yield Key("storage")
