"""A small comparison with made-up prices, and names that would like to be markup."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from groundplan.app.compare.axes import Axes
from groundplan.app.compare.model import Combination, Comparison, Priced, PurchaseChoice, Refused, Row, Shape
from groundplan.app.compare.rows import assemble
from groundplan.app.target import Location
from groundplan.components.base import MeterKind
from groundplan.cost.report import Budget, CostReport, Line, Unpriced, Usage
from groundplan.diagnostics import Diagnostic
from groundplan.quantities import Band

TODAY = date(2026, 11, 22)
OLD, NEW = date(2025, 1, 1), date(2026, 9, 24)
HOSTILE = "</script><img src=x onerror=alert(1)>|`$(id)`"
"""A name of a file, which anybody may give."""
FIRST, SECOND = (f"environments/{name}/with-a-long-name/groundplan.yaml" for name in ("development", "production"))
"""Files of two specs of the same name."""
NORTH = Location("alpha", "north-1", "Alpha", "The North")
SOUTH = Location("alpha", "south-1", "Alpha", "The South")
EAST = Location("beta", "east1", "Beta", "The East")


def band(low: str, expected: str, high: str) -> Band:
    return Band(Decimal(low), Decimal(expected), Decimal(high))


def line(  # noqa: PLR0917
    component: str, item: str, path: str, quantity: str, unit_usd: str, monthly: Band, kind: MeterKind = "fixed"
) -> Line:
    name, _, option = item.partition(" ")
    return Line(
        component=component,
        item=name,
        option=option or None,
        kind=kind,
        unit="hour",
        quantity=Decimal(quantity),
        unit_usd=Decimal(unit_usd),
        monthly_usd=monthly,
        assumption=f"as {path} says",
        source="list",
        as_of=OLD if option else NEW,
        path=path,
        address=f"module.{component}",
    )


def report(
    *lines: Line, gpu: bool = True, unpriced: tuple[Unpriced, ...] = (), budget: Decimal | None = None
) -> CostReport:
    machines = sum((found.monthly_usd for found in lines if found.option), band("0", "0", "0"))
    expected = sum((found.monthly_usd.expected for found in lines), Decimal(0))
    return CostReport(
        provider="alpha",
        region="north-1",
        currency="USD",
        as_of=OLD,
        newest=NEW,
        lines=lines,
        unpriced=unpriced,
        budget=Budget(budget, expected, Decimal(0), (), ()) if budget else None,
        gpu=Usage(Band.of(400 if gpu else 0), machines),
    )


def shape(name: str, on_demand: str, spot: str | None = None) -> Shape:
    flat = Decimal(on_demand)
    rates = {"on_demand": Band(flat, flat, flat), "commit_1y": Band(flat / 2, flat * 3 / 4, flat * 3 / 4)}
    if spot:
        middle = Decimal(spot)
        rates["spot"] = Band(middle / 2, middle, middle * 3 / 2)
    return Shape("training-tune", "training.pools.tune", name, 8, Decimal(32), "l4", 1, 24, rates, works=True)


def priced(subject: str, location: Location, capacity: PurchaseChoice, hour: str, hours: str = "400") -> Priced:
    machines = Decimal(hour) * Decimal(hours)
    tune = band(str(machines / 2), str(machines), str(machines * 2))
    lines = (
        line("network", "network.gateway", "network", "730", "0.045", band("32.85", "32.85", "65.70")),
        line("node_pool", f"{location.cloud}-gpu {capacity}", "training.pools.tune", hours, hour, tune, "training"),
    )
    missing = (
        (Unpriced("mlflow", "database.small", "hour", "no price in the book", "none there", "tracking", "m"),)
        if location is SOUTH
        else ()
    )
    at = Combination(subject, location, capacity)
    found = report(*lines, unpriced=missing, budget=Decimal(300))
    return Priced(at, found, (shape(f"{location.cloud}-gpu", "1.00", "0.40"),))


def refused(subject: str, location: Location, capacity: PurchaseChoice) -> Refused:
    reason = Diagnostic("GP301", "no type with <24 GiB> fits", hint="ask | for less", path="training.pools.tune")
    return Refused(Combination(subject, location, capacity), (reason,))


def sample() -> Comparison:
    """One spec on two clouds in three regions, one of which has gaps and one of which refuses spot."""
    rows: list[Row] = [
        priced(HOSTILE, NORTH, "spec", "0.80"),
        priced(HOSTILE, NORTH, "on_demand", "1.00"),
        priced(HOSTILE, NORTH, "spot", "0.40"),
        priced(HOSTILE, SOUTH, "on_demand", "0.50"),
        priced(HOSTILE, SOUTH, "spot", "0.20"),
        priced(HOSTILE, EAST, "on_demand", "0.90"),
        refused(HOSTILE, EAST, "spot"),
    ]
    return assemble(
        HOSTILE, {HOSTILE: ("alpha", "north-1")}, Axes((NORTH, SOUTH, EAST), ("spec", "on_demand", "spot")), rows, TODAY
    )


def two() -> Comparison:
    """Two specs, of which the second works longer."""
    rows: list[Row] = [
        priced(label, location, "on_demand", "1.00", hours)
        for label, hours in ((FIRST, "400"), (SECOND, "600"))
        for location in (NORTH, EAST)
    ]
    return assemble(
        "a and b",
        {FIRST: ("alpha", "north-1"), SECOND: ("beta", "east1")},
        Axes((NORTH, EAST), ("on_demand",)),
        rows,
        TODAY,
    )
