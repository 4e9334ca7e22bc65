"""From the stack to the roots: which modules are called where, and which module folders that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from groundplan.clouds.base import Cloud
from groundplan.components.base import LAYERS, Component, ModuleCall, Output
from groundplan.components.wiring import module_calls
from groundplan.stack.model import Stack


@dataclass(frozen=True, slots=True)
class Root:
    """One folder that Terraform is run in."""

    layer: str
    calls: tuple[ModuleCall, ...]

    @property
    def outputs(self) -> tuple[Output, ...]:
        """What the root tells its operator, sorted by name."""
        return tuple(sorted((o for call in self.calls for o in call.outputs), key=lambda o: o.name))


@dataclass(frozen=True, slots=True)
class Composition:
    """The roots of one stack in the order in which they are applied."""

    stack: Stack
    roots: tuple[Root, ...]

    @property
    def modules(self) -> tuple[str, ...]:
        """Module folders that the roots call, below `modules/`, sorted."""
        return tuple(sorted({call.source for root in self.roots for call in root.calls}))


def compose(stack: Stack, cloud: Cloud, components: Sequence[Component]) -> Composition:
    """Every component's calls, gathered by layer in the components' order. A layer without calls has no root."""
    calls = module_calls(stack, cloud, components)
    roots = (Root(layer, tuple(call for call in calls if call.layer == layer)) for layer in LAYERS)
    return Composition(stack, tuple(root for root in roots if root.calls))
