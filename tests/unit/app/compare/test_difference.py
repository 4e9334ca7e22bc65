"""What a change does to the cost: lines that add up, each with what drives it."""

from __future__ import annotations

from decimal import Decimal

from groundplan.app.compare.difference import difference
from groundplan.app.compare.model import Combination, Difference, Priced
from groundplan.cost.report import Line
from tests.unit.app.compare.samples import NORTH, band, line, report, two

GATEWAY = line("network", "network.gateway", "network", "730", "0.045", band("32.85", "32.85", "32.85"))


def between(before: tuple[Line, ...], after: tuple[Line, ...]) -> Difference:
    sides = (
        Priced(Combination(name, NORTH, "spec"), report(*lines), ()) for name, lines in (("a", before), ("b", after))
    )
    return difference(*sides)


def machine(item: str, hours: str, unit_usd: str) -> Line:
    usd = str(Decimal(hours) * Decimal(unit_usd))
    return line("node_pool", item, "training.pools.tune", hours, unit_usd, band(usd, usd, usd), "training")


def test_nothing_changed() -> None:
    found = between((GATEWAY,), (GATEWAY,))
    assert not found.lines
    assert not found.components
    assert found.usd == 0


def test_more_hours() -> None:
    (change,) = between((machine("g spot", "100", "1"),), (machine("g spot", "150", "1"),)).lines
    assert (change.change, change.usd, change.detail) == ("quantity", 50, "100 to 150 hour")


def test_another_price() -> None:
    (change,) = between((machine("g spot", "100", "1"),), (machine("g spot", "100", "1.5"),)).lines
    assert (change.change, change.usd, change.detail) == ("price", 50, "$1 to $1.5 a hour")


def test_both() -> None:
    (change,) = between((machine("g spot", "100", "1"),), (machine("g spot", "200", "1.5"),)).lines
    assert change.change == "quantity and price"
    assert change.usd == 200


def test_another_machine_takes_the_place_of_one() -> None:
    (change,) = between((machine("g spot", "100", "1"),), (machine("h spot", "100", "3"),)).lines
    assert (change.change, change.item_before, change.item_after, change.usd) == (
        "different item",
        "g spot",
        "h spot",
        200,
    )


def test_the_same_machine_with_another_purchase_option() -> None:
    (change,) = between((machine("g spot", "100", "1"),), (machine("g on_demand", "100", "3"),)).lines
    assert change.change == "different purchase option"


def test_new_and_gone() -> None:
    found = between((GATEWAY,), (machine("g spot", "100", "1"),))
    assert [(change.change, change.usd) for change in found.lines] == [("new", 100), ("gone", Decimal("-32.85"))]
    assert [change.component for change in found.components] == ["node_pool", "network"]


def test_lines_of_one_item_are_one() -> None:
    twice = (machine("g spot", "100", "1"), machine("g spot", "100", "1"))
    (change,) = between(twice, (machine("g spot", "100", "1"),)).lines
    assert (change.usd, change.detail) == (-100, "200 to 100 hour")


def test_components_and_lines_add_up_to_the_total() -> None:
    for found in two().differences:
        assert sum(change.usd for change in found.lines) == found.usd == 200
        assert sum(change.usd for change in found.components) == found.usd
    assert [found.after.location.region for found in two().differences] == ["north-1", "east1"]
