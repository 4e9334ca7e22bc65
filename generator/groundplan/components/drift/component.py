"""What drift is looked away from: nothing of it is in any root, and every cloud takes it alike."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.base import Aspects, CloudPart, Component, ModuleCall
from groundplan.components.drift.part import Ignoring, Line
from groundplan.components.drift.spec import Drift
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work


class DriftPart(CloudPart):
    """The same on every cloud."""

    def gives(self, stack: Stack) -> Aspects:
        """What stands in the parity report."""
        return {"drift that is known": "what the spec ignores until a day"}


class DriftComponent(Component[DriftPart]):
    """No module."""

    name = "drift"
    anywhere = DriftPart()

    def resolve(self, work: Work) -> Part | None:
        """The lines, as they stand in the spec."""
        said = work.spec.block(Drift)
        if said is None:
            return None
        return Ignoring(
            tuple(
                Line(name, one.at, tuple(one.attributes), one.kind or "", one.until, one.reason)
                for name, one in said.ignore.items()
            )
        )

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """None: it is read when drift is looked for."""
        return ()


COMPONENT = DriftComponent()
