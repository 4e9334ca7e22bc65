"""What a cloud adds to components and takes from them, on a cloud made for the purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal

import pytest

from groundplan.components.base import FOUNDATION, PLATFORM, Meter, ModuleCall
from groundplan.components.wiring import Wiring, meters, module_calls, wiring_of
from groundplan.hcl.write import Expression, Value
from groundplan.quantities import Band
from groundplan.stack.model import Stack
from tests.unit.stack.specs import aws, stack_of

STACK = stack_of(storage={"buckets": {"data": {}}})


def call(name: str, layer: str = FOUNDATION, **changes: object) -> ModuleCall:
    made = ModuleCall(name, name, f"cloud/{name}", layer, {"size": 1}, "storage")
    return replace(made, **changes)  # type: ignore[arg-type]


def meter(item: str, component: str = "pots") -> Meter:
    return Meter(component, item, "hour", Band.of(10), "ten", "fixed", "storage", "module.pots")


class Component:
    """A component with these calls and meters."""

    def __init__(self, name: str, calls: Iterable[ModuleCall] = (), items: Iterable[str] = ()) -> None:
        self.name = name
        self._calls = list(calls)
        self._items = list(items)

    def calls(self, stack: Stack) -> Iterable[ModuleCall]:
        assert stack is STACK
        return self._calls

    def meters(self, stack: Stack) -> Iterable[Meter]:
        assert stack is STACK
        return [meter(item, self.name) for item in self._items]


def more(stack: Stack, made: ModuleCall) -> Mapping[str, Value]:
    return {"size": 2, "colour": made.name, "owner": stack.owner}


WIRING = Wiring(
    arguments={"pots": more},
    meters={"pots": lambda _: [meter("pots.lid"), meter("pots.free")]},
    included={"pots.free": "nobody pays for it"},
    adjusted={"pots.lid": lambda _, one: replace(one, quantity=Band.of(5))},
    first="ground",
)
CLOUD = replace(aws(), wiring=f"{__name__}:WIRING", built_in={"walls": "there are walls"})


@pytest.fixture(autouse=True)
def wiring(monkeypatch: pytest.MonkeyPatch) -> None:
    """This file's wiring is found by name, however the file was imported."""
    monkeypatch.setattr("groundplan.components.wiring._load", {CLOUD.wiring: WIRING, aws().wiring: Wiring()}.get)


def test_a_component_that_the_cloud_has_is_neither_called_nor_billed() -> None:
    walls = Component("walls", [call("walls")], ["walls.brick"])
    assert module_calls(STACK, CLOUD, [walls]) == []
    assert meters(STACK, CLOUD, walls) == []
    assert len(module_calls(STACK, aws(), [walls])) == len(meters(STACK, aws(), walls)) == 1


def test_a_clouds_arguments_come_last() -> None:
    """By the module's name, which need not be the call's; they take the place of the component's."""
    pots = Component("pots", [call("pots"), call("kettles", source="cloud/pots"), call("pans")])
    found = {made.name: made.arguments for made in module_calls(STACK, CLOUD, [pots])}
    assert found == {
        "pots": {"size": 2, "colour": "pots", "owner": "ml-platform"},
        "kettles": {"size": 2, "colour": "kettles", "owner": "ml-platform"},
        "pans": {"size": 1},
    }


def test_calls_stand_in_the_order_of_the_components() -> None:
    components = [
        Component("b", [call("b1"), call("b2")]),
        Component("walls", [call("w")]),
        Component("a", [call("a")]),
    ]
    assert [made.name for made in module_calls(STACK, CLOUD, components)] == ["b1", "b2", "a"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (call("alone"), ("module.ground",)),
        (call("ground"), ()),
        (call("platform", PLATFORM), ()),
        (call("told", depends_on=("module.other",)), ("module.other",)),
        (call("taking", arguments={"network": Expression("module.network.network")}), ()),
        (call("deep", arguments={"list": [{"key": Expression("module.keys.id")}]}), ()),
        (call("literal", arguments={"text": "module.keys.id", "region": Expression("var.region")}), ("module.ground",)),
    ],
    ids=lambda one: one.name if isinstance(one, ModuleCall) else "",
)
def test_what_takes_nothing_waits_for_the_first(made: ModuleCall, expected: tuple[str, ...]) -> None:
    """What takes something from another call waits for that one, and so for the first, too."""
    [found] = module_calls(STACK, CLOUD, [Component("any", [made])])
    assert found.depends_on == expected


def test_without_a_first_call_nobody_waits() -> None:
    [found] = module_calls(STACK, aws(), [Component("any", [call("alone")])])
    assert found.depends_on == ()


def test_meters_are_added_left_out_and_adjusted() -> None:
    pots = Component("pots", items=["pots.pot", "pots.free", "pots.lid"])
    found = [(one.item, one.quantity.expected) for one in meters(STACK, CLOUD, pots) if one.quantity]
    assert found == [("pots.pot", Decimal(10)), ("pots.lid", Decimal(5)), ("pots.lid", Decimal(5))]
    others = Component("pans", items=["pots.lid"])
    assert [one.item for one in meters(STACK, CLOUD, others)] == ["pots.lid"], "own meters are the component's alone"


def test_a_clouds_wiring_is_found_by_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    from groundplan.clouds.gcp.wiring import WIRING as GCP_WIRING

    assert wiring_of(replace(aws(), wiring="groundplan.clouds.gcp.wiring:WIRING")) is GCP_WIRING
