"""What every format of a parity report says."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence
from dataclasses import replace
from decimal import Decimal

from groundplan.app.parity.machines import gpus
from groundplan.app.parity.report import (
    ComponentParity,
    DecisionParity,
    Given,
    Machine,
    MachineParity,
    Money,
    ParityReport,
    Side,
)
from groundplan.components.base import Effect
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.quantities import Band
from groundplan.views.tables import Column, quantity, unit_price, usd

WIDTH = 120


EFFECTS: dict[Effect, str] = {"none": "none", "part": "partial", "otherwise": "different"}


STATUS = {"built_in": "no module", "unused": "not requested", "unresolved": "unknown"}


NOTHING = "-"


SAME = "the same"


Rows = list[tuple[str, ...]]


SIDE_COLUMNS = ("location", "account", "expected a month", "low", "high", "supported")


SETTING_COLUMNS = ("setting", "on", "effect", "why")


MACHINE_COLUMNS = (
    Column("machine"),
    Column("type"),
    Column("vCPUs", number=True),
    Column("GiB", number=True),
    Column("GPUs"),
    Column("local GiB", number=True),
    Column("on demand", number=True),
    Column("spot", number=True),
)


def diagnostics(report: ParityReport) -> list[Diagnostic]:
    """The findings of all sides, each with the cloud it is about."""
    return [
        replace(found, message=f"on {side.title}: {found.message}")
        for side in report.sides
        for found in side.diagnostics
    ]


def joined(titles: Sequence[str]) -> str:
    """The titles in a sentence."""
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def side_row(side: Side) -> tuple[str, ...]:
    """Where the spec stands on one cloud, and what that costs."""
    region = side.cloud.catalog.regions.get(side.region)
    where = f"{side.region}, {region.title}" if region else side.region
    if side.cost is None:
        return side.title, where, side.account, NOTHING, NOTHING, NOTHING, "no"
    band = side.cost.total
    total = Money(band, side.cost.complete)
    return side.title, where, side.account, _expected(total), f"${usd(band.low)}", f"${usd(band.high)}", "yes"


def _expected(money: Money) -> str:
    return f"{'' if money.complete else 'at least '}${usd(money.band.expected)}"


def finding_lines(report: ParityReport, *, error: bool) -> list[list[str]]:
    """The lines of each error, or of what is only worth knowing."""
    return [
        list(_finding(side, found))
        for side in report.sides
        for found in side.diagnostics
        if (found.severity is Severity.ERROR) == error
    ]


def wrapped(line: str, indent: str = "       ", width: int = WIDTH) -> list[str]:
    """The line in several, the later ones indented."""
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _finding(side: Side, found: Diagnostic) -> Iterator[str]:
    where = f"{found.place}: " if found.place else ""
    key = f" {found.path}" if found.path else ""
    yield f"{side.title}: {where}{found.code}{key}: {found.message}"
    yield from (f"    {hint}" for hint in (found.hint or "").splitlines())


def component_rows(report: ParityReport) -> Iterator[tuple[str, ...]]:
    """A row of money for each component, one of modules, and one for each aspect."""
    for component in report.components:
        if component.used:
            yield (component.name, *money_cells(component))
            if any(given.drivers for given in component.given):
                yield ("  main drivers", *map(_drivers, component.given))
            yield ("  module", *map(_module, component.given))
            for aspect, words in _aspects(component):
                yield (f"  {aspect}", *words)


def money_cells(component: ComponentParity) -> list[str]:
    """What a component is expected to cost on each cloud, and how much more than on the first."""
    first = component.given[0].monthly
    cells = []
    for given in component.given:
        if given.monthly is None:
            cells.append(NOTHING)
            continue
        more = given.monthly.band.expected - first.band.expected if first else Decimal(0)
        apart = f" ({more:+,.2f})" if more else ""
        free = not given.monthly.band.high and given.monthly.complete
        cells.append("no charge of its own" if free and not more else f"{_expected(given.monthly)}{apart}")
    return cells


def _drivers(given: Given) -> str:
    return ", ".join(f"{driver.item} {usd(driver.monthly_usd)}" for driver in given.drivers) or NOTHING


def _module(given: Given) -> str:
    return ", ".join(given.modules) or (f"none: {given.instead}" if given.instead else STATUS[given.status])


def _aspects(component: ComponentParity) -> Iterator[tuple[str, list[str]]]:
    names = dict.fromkeys(name for given in component.given for name in given.aspects)
    for name in names:
        words = [given.aspects.get(name, NOTHING) for given in component.given]
        yield name, [words[0], *(SAME if word == words[0] else word for word in words[1:])]


def unused(report: ParityReport) -> str:
    """The components that the spec does not ask for, in a line; empty without any."""
    names = [component.name for component in report.components if not component.used]
    if not names:
        return ""
    known = any(side.stack for side in report.sides)
    words = "Not requested by this spec" if known else "Unknown, because no cloud supports the spec"
    return "\n".join(wrapped(f"{words}: {', '.join(names)}", "  ")) + "\n"


def machine_rows(shape: MachineParity, sides: Sequence[Side]) -> Iterator[tuple[str, ...]]:
    """What a pool or the database runs on: a row for itself and one for each cloud."""
    yield (_short(shape.path), shape.purchase_option, *[""] * 6)
    for machine, side in zip(shape.machines, sides, strict=True):
        yield (f"  {side.title}", *_machine(machine))


def _short(path: str) -> str:
    """The path without the keys that every pool has in common: a table is narrow."""
    return ".".join(part for part in path.split(".") if part not in ("pools", "tracking"))


def _machine(machine: Machine | None) -> tuple[str, ...]:
    if machine is None:
        return ("none",) + (NOTHING,) * 6
    return (
        ", ".join(machine.types),
        str(machine.vcpus),
        quantity(machine.memory_gib),
        f"{gpus(machine)}, {machine.gpu_memory_gib} GiB" if machine.gpu_type else NOTHING,
        str(machine.local_storage_gib) if machine.local_storage_gib else NOTHING,
        _hour(machine.on_demand),
        _hour(machine.spot),
    )


def _hour(price: Band | None) -> str:
    return NOTHING if price is None else unit_price(round(price.expected, 4))


def difference_lines(shape: MachineParity, sides: Sequence[Side]) -> Iterator[str]:
    """In which way the machines differ from the first, a line for each cloud."""
    for words, side in zip(shape.differences, sides, strict=True):
        if words:
            yield f"{shape.path} on {side.title}: {', '.join(words)}"


def value_rows(entries: Sequence[DecisionParity]) -> Rows:
    """A row for each thing that is decided, or bounded, differently."""
    return [(entry.what, *(NOTHING if value is None else value for value in entry.values)) for entry in entries]


def setting_rows(report: ParityReport) -> Rows:
    """A row for each setting with another effect than it says, those without any first."""
    titles = {side.cloud.name: side.title for side in report.sides}
    return [
        (", ".join(setting.paths), titles[setting.cloud], EFFECTS[setting.effect], setting.words)
        for setting in sorted(report.settings, key=lambda setting: list(EFFECTS).index(setting.effect))
    ]
