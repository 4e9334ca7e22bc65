"""A place is called cheapest only where no spot price can turn the order around."""

from __future__ import annotations

from decimal import Decimal

from groundplan.app.compare.axes import Axes
from groundplan.app.compare.model import Best, Comparison, Priced
from groundplan.app.compare.rows import assemble
from groundplan.app.compare.uncertainty import at_expected_use
from groundplan.quantities import Band
from groundplan.views.compare import content
from tests.unit.app.compare.samples import EAST, NORTH, TODAY, priced

SPEC = "spec.yaml"


def compared(*rows: Priced) -> Comparison:
    axes = Axes(tuple(dict.fromkeys(row.at.location for row in rows)), ("spec", "on_demand", "spot"))
    return assemble(SPEC, {SPEC: ("alpha", "north-1")}, axes, rows, TODAY)


def best(found: Comparison, criterion: str = "lowest expected") -> Best:
    return next(one for one in found.best if one.criterion == criterion)


def test_only_spot_prices_move_an_expected_month() -> None:
    """Of 400 hours of spot, at 0.20, 0.40 and 0.60, beside a gateway; the low and high of usage are no part of it."""
    assert at_expected_use(priced(SPEC, NORTH, "spot", "0.40")) == Band(
        Decimal("112.85"), Decimal("192.85"), Decimal("272.85")
    )
    assert at_expected_use(priced(SPEC, NORTH, "on_demand", "1.00")) == Band.of(Decimal("432.85"))


def test_two_places_on_spot_whose_bands_overlap_are_within_the_uncertainty() -> None:
    found = compared(
        priced(SPEC, NORTH, "spec", "1.00"), priced(SPEC, NORTH, "spot", "0.40"), priced(SPEC, EAST, "spot", "0.42")
    )
    assert [rival.location for rival in best(found).rivals] == [EAST]
    assert [rival.location for rival in best(found, "lowest GPU-hour").rivals] == [EAST]
    (words,) = content.answers(found)
    assert "Lowest expected: Alpha north-1, spot, $192.85: 55% less, within the uncertainty of spot prices" in words
    assert "Cheapest" not in words


def test_a_place_that_no_price_can_overtake_is_the_cheapest() -> None:
    found = compared(priced(SPEC, NORTH, "spec", "1.00"), priced(SPEC, NORTH, "spot", "0.40"))
    assert best(found).rivals == ()
    (words,) = content.answers(found)
    assert "Cheapest: Alpha north-1, spot, $192.85: 55% less." in words


def test_prices_on_demand_are_compared_to_the_cent() -> None:
    found = compared(priced(SPEC, NORTH, "on_demand", "0.901"), priced(SPEC, EAST, "on_demand", "0.90"))
    assert best(found, "cheapest on demand").at.location == EAST
    assert best(found, "cheapest on demand").rivals == ()
