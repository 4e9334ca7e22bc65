"""What a change may do: nothing of it is in any root, and every cloud takes it alike."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import Aspects, CloudPart, Component, ModuleCall
from groundplan.stack.model import Stack


class ChangesPart(CloudPart):
    """The same on every cloud."""

    def gives(self, stack: Stack) -> Aspects:
        """What stands in the parity report."""
        return {"what a change may do": "what the spec allows until a day"}


class ChangesComponent(Component[ChangesPart]):
    """No module."""

    name = "changes"
    anywhere = ChangesPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """None: it is read when a change is rehearsed."""
        return ()


COMPONENT = ChangesComponent()
