"""What spot prices alone can change about an expected month; its use is the same wherever it is priced."""

from __future__ import annotations

from groundplan.cost.report import CostReport, Line
from groundplan.prices.book import PriceBook
from groundplan.quantities import Band, cents
from groundplan.stack.purchase import blend


def at_expected_use(report: CostReport, prices: PriceBook) -> Band:
    """The expected month at the lowest, expected and highest spot prices."""
    return sum((_line(line, report.region, prices) for line in report.lines), Band.of(0))


def _line(line: Line, region: str, prices: PriceBook) -> Band:
    expected = line.monthly_usd.expected
    spot = prices.instance_price(region, line.item, "spot")
    if spot is None or line.option not in ("spot", "spot_with_fallback"):
        return Band.of(expected)
    on_demand = prices.instance_price(region, line.item, "on_demand") if line.option != "spot" else None
    rates = [blend(usd, on_demand.usd_expected) if on_demand else usd for usd in (spot.usd_low, spot.usd_high)]
    low, high = (cents(usd * line.quantity) for usd in rates)
    return Band(min(low, expected), expected, max(high, expected))
