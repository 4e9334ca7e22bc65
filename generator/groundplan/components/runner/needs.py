"""What the machines need of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import Key
from groundplan.components.runner.part import runners_of
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """A key for the secret; their disks have that of the nodes."""
    if runners_of(stack):
        yield Key("database")
