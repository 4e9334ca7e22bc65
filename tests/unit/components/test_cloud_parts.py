"""What a cloud adds to components and takes from them, and the order of what is composed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.clouds.base import Cloud
from groundplan.clouds.billing import Amount, Billing, Use
from groundplan.components.base import CloudPart, Component, Meter, ModuleCall
from groundplan.components.load import components
from groundplan.components.node_pool import gcp as node_pool_on_gcp
from groundplan.compose.check import CompositionError
from groundplan.compose.compose import compose
from groundplan.hcl.references import Ref, Var
from groundplan.quantities import Band
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import Stack
from tests.architecture.tiny.cloud import TINY
from tests.unit.stack.specs import aws, gcp, stack_of

STACK = stack_of(storage={"buckets": {"data": {}}})
OTHER = replace(aws(), name="other", not_billed={"pots.free": "nobody pays for it"})
"""A cloud for which the components below have parts."""
VARIABLES = """\
variable "size" {
  type    = number
  default = 1
}

variable "clay" {
  type    = any
  default = null
}
"""
OUTPUTS = """\
output "pot" {
  value = var.clay
}
"""


def call(name: str, layer: str = FOUNDATION, **changes: object) -> ModuleCall:
    made = ModuleCall(name, name, "cloud/pot", layer, {"size": 1}, "storage")
    return replace(made, **changes)  # type: ignore[arg-type]


def meter(item: str, component: str = "pots") -> Meter:
    return Meter(Use(item, "hour", Band.of(10), "ten"), component, "fixed", "storage", "module.pots")


class Pots(Component[CloudPart]):
    """A component with these calls and meters, and parts by the name of a cloud."""

    anywhere = CloudPart()

    def __init__(
        self,
        name: str,
        calls: Iterable[ModuleCall] = (),
        items: Iterable[str] = (),
        parts: Mapping[str, CloudPart] | None = None,
        *,
        precedes: bool = False,
    ) -> None:
        self.name = name
        self.precedes = precedes
        self._calls, self._items, self._parts = list(calls), list(items), parts or {}

    def on(self, cloud: Cloud) -> CloudPart:
        return self._parts.get(cloud.name, self.anywhere)

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        assert stack is STACK
        return self._calls

    def meters(self, stack: Stack, billing: Billing) -> Iterable[Meter]:
        assert stack is STACK
        traffic = billing.zone_traffic(Amount.of(10, "ten"))
        return [
            replace(made := meter(item, self.name), use=traffic if item == "zone" else made.use) for item in self._items
        ]


class BuiltIn(CloudPart):
    built_in = "there are walls"


class Lids(CloudPart):
    def meters(self, stack: Stack) -> Iterable[Meter]:
        return [meter("pots.lid"), meter("pots.free")]


Composed = Callable[..., list[ModuleCall]]


@pytest.fixture
def composed(tmp_path: Path) -> Composed:
    """The calls of components that all call one module."""
    folder = tmp_path / "cloud" / "pot"
    folder.mkdir(parents=True)
    (folder / "variables.tf").write_text(VARIABLES, encoding="utf-8")
    (folder / "outputs.tf").write_text(OUTPUTS, encoding="utf-8")

    def calls(*made: Component[CloudPart], cloud: Cloud = OTHER) -> list[ModuleCall]:
        return [call for root in compose(STACK, cloud, made, tmp_path).roots for call in root.calls]

    return calls


def test_a_component_that_the_cloud_has_is_neither_called_nor_billed(composed: Composed) -> None:
    walls = Pots("walls", [call("walls")], ["walls.brick"], {"other": BuiltIn()})
    assert composed(walls) == []
    assert walls.consumption(STACK, OTHER) == []
    assert len(composed(walls, cloud=aws())) == len(walls.consumption(STACK, aws())) == 1


def test_calls_stand_in_the_order_of_the_components(composed: Composed) -> None:
    made = composed(
        Pots("b", [call("b1"), call("b2")]),
        Pots("walls", [call("w")], parts={"other": BuiltIn()}),
        Pots("a", [call("a")]),
    )
    assert [one.name for one in made] == ["b1", "b2", "a"]


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        (call("alone"), (Ref("ground"),)),
        (call("platform", PLATFORM), ()),
        (call("told", depends_on=(Ref("other"),)), (Ref("other"),)),
        (call("taking", arguments={"clay": Ref("other", "pot")}), ()),
        (call("deep", arguments={"clay": [{"key": Ref("other", "pot", "id")}]}), ()),
        (call("literal", arguments={"clay": {"text": "module.keys.id", "region": Var("region")}}), (Ref("ground"),)),
    ],
    ids=lambda one: one.name if isinstance(one, ModuleCall) else "",
)
def test_what_takes_nothing_waits_for_the_first(
    composed: Composed, made: ModuleCall, expected: tuple[Ref, ...]
) -> None:
    """What takes something from another call waits for that one, and so for the first, too."""
    ground = Pots("ground", [call("ground")], precedes=True)
    found = {one.name: one.depends_on for one in composed(ground, Pots("any", [made, call("other")]))}
    assert found == {"ground": (), made.name: expected, "other": (Ref("ground"),)}


def test_without_a_first_call_nobody_waits(composed: Composed) -> None:
    [found] = composed(Pots("any", [call("alone")]))
    assert found.depends_on == ()


def test_a_call_that_does_not_fit_its_module_is_a_mistake_of_the_component(composed: Composed) -> None:
    broken = Pots("pots", [call("ground"), call("wrong", arguments={"sise": Ref("gruond", "pot")})])
    with pytest.raises(CompositionError) as error:
        composed(broken)
    wrong = "wrong: module.wrong: "
    assert error.value.problems == (
        f"{wrong}argument `sise` is not declared; did you mean `size`?",
        f"{wrong}`sise` refers to `module.gruond.pot`, but this root has no call `gruond`; did you mean `ground`?",
    )


def test_meters_are_added_and_left_out() -> None:
    pots = Pots("pots", items=["pots.pot", "pots.free"], parts={"other": Lids()})
    assert [one.use.item for one in pots.consumption(STACK, OTHER)] == ["pots.pot", "pots.lid"]


def test_meters_go_through_the_rules_of_the_cloud() -> None:
    """AWS bills traffic between zones on both sides."""
    for cloud, billed in ((aws(), 20), (gcp(), 10)):
        [made] = Pots("pots", items=["zone"]).consumption(STACK, cloud)
        assert made.use.amount == Band.of(billed)


def test_a_clouds_part_stands_beside_the_component() -> None:
    by_name = {component.name: component for component in components()}
    assert by_name["node_pool"].on(gcp()) is node_pool_on_gcp.PART
    assert by_name["workspaces"].on(TINY) is by_name["workspaces"].anywhere


def test_a_cloud_from_elsewhere_brings_its_parts() -> None:
    by_name = {component.name: component for component in components()}
    assert by_name["autoscaler"].on(TINY).built_in == "tiny does it itself"
    assert not by_name["network"].on(TINY).built_in
