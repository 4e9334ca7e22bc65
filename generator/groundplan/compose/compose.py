"""From the stack to the roots: which modules are called where, and which module folders that takes."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from groundplan import __version__
from groundplan.clouds.base import Cloud
from groundplan.components.base import AnyComponent, Arguments, ModuleCall, Output
from groundplan.compose.check import check_calls
from groundplan.compose.moves import NONE, Makers, Moves, moves_of
from groundplan.hcl.interface import read_interface
from groundplan.hcl.references import Ref, references
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.layers import HOST, IDENTITY, LAYERS, PLATFORM, RUNNER
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
    moves: Moves = NONE

    @property
    def modules(self) -> tuple[str, ...]:
        """Module folders that the roots call, below `modules/`, sorted."""
        return tuple(sorted({call.source for root in self.roots for call in root.calls}))


def compose(
    stack: Stack, cloud: Cloud, components: Sequence[AnyComponent], modules: Path, kept: Kept = NOTHING
) -> Composition:
    """Every component's calls, gathered by layer in the components' order. A layer without calls has no root.

    `modules` is the folder that the module sources stand in, `kept` what the last render left to go on from. Raises
    `CompositionError` when a component gives a module what that does not declare, or refers to what it does not give.
    """
    shared = {k: v for component in components for k, v in component.on(cloud).everywhere(stack).items()}
    made = [
        (component, _given(call, shared, modules))
        for component in components
        for call in _calls(component, stack, cloud)
    ]
    roots = []
    for layer in sorted((*LAYERS, HOST, IDENTITY, RUNNER)):
        here = [(component, call) for component, call in made if call.layer == layer]
        first = next((call for component, call in here if component.precedes), None)
        roots.append(Root(layer, tuple(_after(call, first) for _, call in here)))
        check_calls(roots[-1].calls, modules)
    calls = [call for root in roots for call in root.calls]
    moves = moves_of(Makers(stack, cloud, components), calls, modules, kept, __version__)
    return Composition(stack, tuple(root for root in roots if root.calls), moves)


def _calls(component: AnyComponent, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
    """The component's calls; none where the cloud needs no module for it."""
    return () if component.on(cloud).built_in else component.calls(stack, cloud)


def _given(call: ModuleCall, shared: Arguments, modules: Path) -> ModuleCall:
    """The call with those of the shared arguments that its module declares."""
    if not shared:
        return call
    declared = read_interface(modules / call.source).variables
    return replace(call, arguments={**call.arguments, **{k: v for k, v in shared.items() if k in declared}})


def _after(call: ModuleCall, first: ModuleCall | None) -> ModuleCall:
    """The call, waiting for the first of its root unless it takes something from another call, which waits already."""
    if first is None or call is first or call.layer == PLATFORM or call.depends_on or any(references(call.arguments)):
        return call
    return replace(call, depends_on=(Ref(first.name),))
