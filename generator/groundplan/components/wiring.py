"""What a cloud adds to components: arguments and meters that have no meaning on another cloud."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from importlib import import_module

from groundplan.clouds.base import Cloud
from groundplan.components.base import PLATFORM, Component, Meter, ModuleCall
from groundplan.hcl.write import Expression, Value
from groundplan.stack.model import Stack

Arguments = Callable[[Stack, ModuleCall], Mapping[str, Value]]
"""The arguments that a cloud adds to a call, or puts in the place of the component's."""

Meters = Callable[[Stack], Iterable[Meter]]
"""The meters that a cloud adds to a component's."""

Adjust = Callable[[Stack, Meter], Meter]
"""A meter as this cloud bills it."""


@dataclass(frozen=True)
class Wiring:
    """Additions of one cloud: `arguments` by the name of a module call's module, `meters` by the component's.

    `included` are items that this cloud does not bill for, with the reason; `adjusted` changes meters by their item.
    `first` is the module call that all others of its root wait for: those that take nothing from another call get it
    as their dependency. `template_values` are further values for the cloud's own templates; `preparations` are commands
    that an administrator runs once, before the first apply, and `cautions` what an operator has to know about the
    environment's end and its neighbours.
    """

    arguments: Mapping[str, Arguments] = field(default_factory=dict)
    meters: Mapping[str, Meters] = field(default_factory=dict)
    included: Mapping[str, str] = field(default_factory=dict)
    adjusted: Mapping[str, Adjust] = field(default_factory=dict)
    first: str = ""
    template_values: Callable[[Stack], Mapping[str, Value]] = lambda _: {}
    preparations: Callable[[Stack], Sequence[str]] = lambda _: ()
    cautions: Callable[[Stack], Sequence[str]] = lambda _: ()


def wiring_of(cloud: Cloud) -> Wiring:
    """What the cloud adds; imported when a stack is composed or priced, not with the cloud's tables."""
    return _load(cloud.wiring)


@cache
def _load(place: str) -> Wiring:
    module, attribute = place.split(":")
    wiring: Wiring = getattr(import_module(module), attribute)
    return wiring


def module_calls(stack: Stack, cloud: Cloud, components: Sequence[Component]) -> list[ModuleCall]:
    """The calls of every component the cloud has a module for, with the cloud's own arguments, in components' order."""
    wanted = (component for component in components if component.name not in cloud.built_in)
    return [_completed(call, stack, cloud) for component in wanted for call in component.calls(stack)]


def meters(stack: Stack, cloud: Cloud, component: Component) -> list[Meter]:
    """What the component consumes on this cloud; nothing where the cloud needs no such component."""
    if component.name in cloud.built_in:
        return []
    wiring = wiring_of(cloud)
    own = wiring.meters.get(component.name)
    counted = [*component.meters(stack), *(own(stack) if own else ())]
    billed = [meter for meter in counted if meter.item not in wiring.included]
    return [wiring.adjusted.get(meter.item, _as_it_is)(stack, meter) for meter in billed]


def _as_it_is(_: Stack, meter: Meter) -> Meter:
    return meter


def _completed(call: ModuleCall, stack: Stack, cloud: Cloud) -> ModuleCall:
    wiring = wiring_of(cloud)
    if further := wiring.arguments.get(call.source.rpartition("/")[2]):
        call = replace(call, arguments={**call.arguments, **further(stack, call)})
    alone = not call.depends_on and not _refers(call.arguments)
    if wiring.first and alone and call.layer != PLATFORM and call.name != wiring.first:
        call = replace(call, depends_on=(f"module.{wiring.first}",))
    return call


def _refers(value: Value) -> bool:
    """Whether anything in `value` comes from another module call."""
    if isinstance(value, Expression):
        return "module." in value.text
    if isinstance(value, Mapping):
        return any(map(_refers, value.values()))
    return isinstance(value, Sequence) and not isinstance(value, str) and any(map(_refers, value))
