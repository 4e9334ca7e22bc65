"""How sure it is that one place costs less than another: what prices alone can change about an expected month.

The usage that a spec allows is the same everywhere, so it decides nothing between places; spot prices do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundplan.app.compare.model import Combination, Priced
from groundplan.cost.report import Line
from groundplan.quantities import NO_USD, Band, cents
from groundplan.stack.purchase import blend


def at_expected_use(row: Priced, lines: Sequence[Line] | None = None) -> Band:
    """The lines' expected month at the lowest, expected and highest prices, all lines of the report by default."""
    total = NO_USD
    for line in row.report.lines if lines is None else lines:
        total += _at_prices(row, line)
    return total


def _at_prices(row: Priced, line: Line) -> Band:
    """The expected month of one line; what is not bought on spot has one price."""
    expected = line.monthly_usd.expected
    rates = next((shape.rates for shape in row.shapes if shape.instance_type == line.item), {})
    spot, on_demand = rates.get("spot"), rates.get("on_demand")
    if spot is None or line.option not in ("spot", "spot_with_fallback"):
        return Band.of(expected)
    if line.option == "spot":
        low, high = spot.low, spot.high
    elif on_demand is None:
        return Band.of(expected)
    else:
        low, high = (blend(usd, on_demand.expected) for usd in (spot.low, spot.high))
    return Band(min(expected, cents(low * line.quantity)), expected, max(expected, cents(high * line.quantity)))


def of_machines(row: Priced, rate: Band | None) -> Band | None:
    """An hour of the machines that the spec asks for, as far as prices can move it; None where it has no rate."""
    pools = {shape.path for shape in row.shapes if shape.works}
    types = {shape.instance_type for shape in row.shapes if shape.works}
    lines = [line for line in row.report.lines if line.path in pools and line.item in types]
    usd = at_expected_use(row, lines)
    if rate is None or not usd.expected:
        return None
    return usd.each(lambda case: rate.expected * case / usd.expected)


def rivals(best: Band, others: Iterable[tuple[Combination, Band]]) -> tuple[Combination, ...]:
    """Those of the others that may cost less than the best: their bands begin below the end of its band."""
    return tuple(at for at, band in others if band.low < best.high)
