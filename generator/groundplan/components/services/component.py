"""The cloud's APIs that an environment calls, turned on before anything else."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import FOUNDATION, STATE, Meter, ModuleCall
from groundplan.stack.model import Stack


class Services:
    """The services module, first in each root that makes something in the account; the cloud names the APIs."""

    name = "services"

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        """One call in the root of the state bucket, when groundplan makes that, and one in the foundation."""
        for layer in (STATE, FOUNDATION) if stack.state.managed else (FOUNDATION,):
            yield ModuleCall(
                component=self.name,
                name="services",
                source=f"{stack.provider}/services",
                layer=layer,
                arguments={},
                path="cloud",
            )

    def meters(self, stack: Stack) -> Iterable[Meter]:
        """Nothing: an API that is on costs nothing."""
        return ()


COMPONENT = Services()
