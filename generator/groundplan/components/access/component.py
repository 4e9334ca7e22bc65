"""Who must not be able to do what: nothing of it is in any root; it is read when an environment is checked."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.clouds.base import Cloud
from groundplan.components.access.part import Denial, Denials
from groundplan.components.access.spec import Access
from groundplan.components.base import Aspects, CloudPart, Component, ModuleCall
from groundplan.stack.model import Part, Stack
from groundplan.stack.work import Work


class AccessPart(CloudPart):
    """The same on every cloud."""

    def gives(self, stack: Stack) -> Aspects:
        """What stands in the parity report."""
        return {"access that is denied": "held to trusts, policies and bindings by `check`"}


class AccessComponent(Component[AccessPart]):
    """No module."""

    name = "access"
    anywhere = AccessPart()

    def resolve(self, work: Work) -> Part | None:
        """The lines, as they stand in the spec."""
        said = work.spec.block(Access)
        return Denials(tuple(Denial(one.who, one.action, one.resource) for one in said.deny)) if said else None

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """None."""
        return ()


COMPONENT = AccessComponent()
