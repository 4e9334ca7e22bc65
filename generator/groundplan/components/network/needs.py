"""What the network needs of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.needs import Key
from groundplan.components.network.part import Network
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """A key for flow logs."""
    if stack.part(Network):
        yield Key("logs")
