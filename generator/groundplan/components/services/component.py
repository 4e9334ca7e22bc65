"""The cloud's APIs that an environment calls, turned on before anything else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.clouds.base import Cloud
from groundplan.components.base import Arguments, CloudPart, Component, ModuleCall
from groundplan.components.ci.part import pipeline_of
from groundplan.components.load import components
from groundplan.components.state_store.part import state_of
from groundplan.stack.layers import FOUNDATION, IDENTITY, STATE
from groundplan.stack.model import Stack


class ServicesPart(CloudPart):
    """How a cloud turns APIs on."""

    def turn_on(self, apis: Sequence[str]) -> Arguments:
        """The module's arguments that turn these APIs on."""
        return {}

    def record(self, stack: Stack) -> Arguments:
        """The module's arguments in the first root, for what the account records of those who use it."""
        return {}


class Services(Component[ServicesPart]):
    """The services module, first in each root that makes something in the account; components name the APIs."""

    name = "services"
    anywhere = ServicesPart()
    precedes = True

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One in the root of the state bucket, when groundplan makes that, in that of identities, in the foundation."""
        layers = (
            *((STATE,) if state_of(stack).managed else ()),
            *((IDENTITY,) if pipeline_of(stack) and state_of(stack).bucket else ()),
            FOUNDATION,
        )
        for layer in layers:
            apis = {api for component in components() for api in component.on(cloud).apis(stack, layer)}
            yield ModuleCall(
                component=self.name,
                name="services",
                source=f"{stack.provider}/services",
                layer=layer,
                arguments={
                    **self.on(cloud).turn_on(sorted(apis)),
                    **(self.on(cloud).record(stack) if layer == layers[0] else {}),
                },
                path="cloud",
            )


COMPONENT = Services()
