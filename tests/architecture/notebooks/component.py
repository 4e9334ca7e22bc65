"""Notebooks make nothing yet: they are here for what a component says of the spec."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.stack.model import Stack


class NotebooksComponent(Component[CloudPart]):
    """No calls."""

    name = "notebooks"
    anywhere = CloudPart()

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        return ()


COMPONENT = NotebooksComponent()
