"""A parity report as text, Markdown and JSON."""

from __future__ import annotations

import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any

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
from groundplan.views.diagnostics import to_json
from groundplan.views.tables import Column, bold, number, numbers, quantity, table, unit_price, usd

WIDTH = 120
EFFECTS: dict[Effect, str] = {"none": "has no effect", "part": "holds in part", "otherwise": "holds otherwise"}
STATUS = {"built_in": "no module", "unused": "not asked for", "unresolved": "unknown"}
NOTHING = "-"
SAME = "the same"

Rows = list[tuple[str, ...]]

_PLACE_COLUMNS = ("where", "account", "expected a month", "at the least", "at the most", "expresses the spec")
_WISH_COLUMNS = ("wish", "on", "there it", "because")
_MACHINE_COLUMNS = (
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


def text(report: ParityReport, *, color: bool) -> str:
    """The whole report, readable on a terminal of 120 columns."""
    titles = [side.title for side in report.sides]

    def section(heading: str, what: str, rows: Rows, columns: Sequence[str] = titles) -> str:
        if not rows:
            return ""
        made = table([Column(title) for title in (what, *columns)], rows, color=color, width=WIDTH)
        return f"{bold(heading, color=color)}\n\n{made}"

    places = [_place(side) for side in report.sides]
    parts = [
        section(f"{report.name} on {_and(titles)}", "cloud", places, _PLACE_COLUMNS),
        _cannot(report, color),
        section("What each gives", "component", list(_components(report))),
        _unused(report),
        _machines(report, color),
        section("Decided differently", "decision", _values(report.decisions)),
        section("Bounds of the clouds", "bound", _values(report.limits)),
        _wishes(report, color),
    ]
    return "\n".join(part for part in parts if part)


def _and(titles: Sequence[str]) -> str:
    return titles[0] if len(titles) == 1 else f"{', '.join(titles[:-1])} and {titles[-1]}"


def _place(side: Side) -> tuple[str, ...]:
    region = side.cloud.catalog.regions.get(side.region)
    where = f"{side.region}, {region.title}" if region else side.region
    if side.cost is None:
        return side.title, where, side.account, NOTHING, NOTHING, NOTHING, "no"
    band = side.cost.total
    total = Money(band, side.cost.complete)
    return side.title, where, side.account, _expected(total), f"${usd(band.low)}", f"${usd(band.high)}", "yes"


def _expected(money: Money) -> str:
    return f"{'' if money.complete else 'at least '}${usd(money.band.expected)}"


def _cannot(report: ParityReport, color: bool) -> str:
    """The errors; warnings stand on stderr."""
    found = _findings(report, error=True)
    lines = [part for finding in found for line in finding for part in _wrapped(line)]
    return "\n".join([bold("What one cannot express", color=color), "", *lines]) + "\n" if lines else ""


def _findings(report: ParityReport, *, error: bool) -> list[list[str]]:
    """The lines of each error, or of what is only worth knowing."""
    return [
        list(_finding(side, found))
        for side in report.sides
        for found in side.diagnostics
        if (found.severity is Severity.ERROR) == error
    ]


def _wrapped(line: str, indent: str = "       ", width: int = WIDTH) -> list[str]:
    return textwrap.wrap(line, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False)


def _finding(side: Side, found: Diagnostic) -> Iterator[str]:
    where = f"{found.place}: " if found.place else ""
    wish = f" {found.path}" if found.path else ""
    yield f"{side.title}: {where}{found.code}{wish}: {found.message}"
    yield from (f"    {hint}" for hint in (found.hint or "").splitlines())


def _components(report: ParityReport) -> Iterator[tuple[str, ...]]:
    """A row of money for each component, one of modules, and one for each aspect."""
    for component in report.components:
        if component.used:
            yield (component.name, *_money(component))
            if any(given.drivers for given in component.given):
                yield ("  most of it", *map(_drivers, component.given))
            yield ("  module", *map(_module, component.given))
            for aspect, words in _aspects(component):
                yield (f"  {aspect}", *words)


def _money(component: ComponentParity) -> list[str]:
    first = component.given[0].monthly
    cells = []
    for given in component.given:
        if given.monthly is None:
            cells.append(NOTHING)
            continue
        more = given.monthly.band.expected - first.band.expected if first else Decimal(0)
        apart = f" ({more:+,.2f})" if more else ""
        free = not given.monthly.band.high and given.monthly.complete
        cells.append("nothing by itself" if free and not more else f"{_expected(given.monthly)}{apart}")
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


def _unused(report: ParityReport) -> str:
    names = [component.name for component in report.components if not component.used]
    if not names:
        return ""
    known = any(side.stack for side in report.sides)
    words = "Not asked for by this spec" if known else "Unknown, as no cloud can express the spec"
    return "\n".join(_wrapped(f"{words}: {', '.join(names)}", "  ")) + "\n"


def _machines(report: ParityReport, color: bool) -> str:
    if not report.shapes:
        return ""
    rows = [row for shape in report.shapes for row in _machine_rows(shape, report.sides)]
    made = table(_MACHINE_COLUMNS, rows, color=color, width=WIDTH)
    apart = [line for shape in report.shapes for line in _apart(shape, report.sides)]
    words = "".join(f"  {part}\n" for line in apart for part in _wrapped(line, "    ", WIDTH - 2))
    return f"{bold('Equivalent machines, $ an hour', color=color)}\n\n{made}\n{words}"


def _machine_rows(shape: MachineParity, sides: Sequence[Side]) -> Iterator[tuple[str, ...]]:
    yield (_short(shape.path), shape.bought, *[""] * 6)
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


def _apart(shape: MachineParity, sides: Sequence[Side]) -> Iterator[str]:
    for words, side in zip(shape.differences, sides, strict=True):
        if words:
            yield f"{shape.path} on {side.title}: {', '.join(words)}"


def _values(entries: Sequence[DecisionParity]) -> Rows:
    return [(entry.what, *(NOTHING if value is None else value for value in entry.values)) for entry in entries]


def _wishes(report: ParityReport, color: bool) -> str:
    if not report.wishes:
        return ""
    made = table([Column(title) for title in _WISH_COLUMNS], _wish_rows(report), color=color, width=WIDTH)
    return f"{bold('Wishes that hold otherwise', color=color)}\n\n{made}"


def _wish_rows(report: ParityReport) -> Rows:
    titles = {side.cloud.name: side.title for side in report.sides}
    return [
        (", ".join(wish.paths), titles[wish.cloud], EFFECTS[wish.effect], wish.words)
        for wish in sorted(report.wishes, key=lambda wish: list(EFFECTS).index(wish.effect))
    ]


def markdown(report: ParityReport) -> str:
    """The report for a pull request: what matters first, the long tables folded."""
    titles = [side.title for side in report.sides]
    places = [_place(side) for side in report.sides]
    costs = [(part.name, *_money(part)) for part in report.components if part.used]
    parts = [
        f"## {_cell(report.name)} on {_and(titles)}\n",
        _grid(("cloud", *_PLACE_COLUMNS), places),
        _list("What one cannot express", _findings(report, error=True)),
        _list("Warnings", _findings(report, error=False)),
        _machines_markdown(report),
        _titled("What each costs a month, expected", ("component", *titles), costs),
        _titled("Wishes that hold otherwise", _WISH_COLUMNS, _wish_rows(report)),
        _folded("What each gives", ("component", *titles), list(_components(report))),
        _folded("Decided differently", ("decision", *titles), _values(report.decisions)),
        _folded("Bounds of the clouds", ("bound", *titles), _values(report.limits)),
        _unused(report),
    ]
    return "\n".join(part for part in parts if part)


def _list(heading: str, found: Sequence[Sequence[str]]) -> str:
    items = "".join(f"- {_cell('; '.join(line.strip() for line in lines))}\n" for lines in found)
    return f"### {heading}\n\n{items}" if items else ""


def _machines_markdown(report: ParityReport) -> str:
    rows = [row for shape in report.shapes for row in _machine_rows(shape, report.sides)]
    apart = "".join(f"- {_cell(line)}\n" for shape in report.shapes for line in _apart(shape, report.sides))
    heads = [column.title for column in _MACHINE_COLUMNS]
    return f"### Equivalent machines, $ an hour\n\n{_grid(heads, rows)}\n{apart}" if rows else ""


def _titled(heading: str, heads: Sequence[str], rows: Rows) -> str:
    return f"### {heading}\n\n{_grid(heads, rows)}" if rows else ""


def _folded(heading: str, heads: Sequence[str], rows: Rows) -> str:
    if not rows:
        return ""
    return f"<details><summary>{heading}</summary>\n\n{_grid(heads, rows)}\n</details>\n"


def _grid(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(f"| {' | '.join(map(_cell, line))} |\n" for line in lines)


def _cell(value: str) -> str:
    """Text that ends no cell, starts no tag and no link."""
    for sign in "\\|<[*_`":
        value = value.replace(sign, f"\\{sign}")
    return value.strip().replace("\n", " ")


def as_json(report: ParityReport) -> dict[str, Any]:
    """The report's part of the JSON object; lists of one entry per cloud name the cloud."""
    names = [side.cloud.name for side in report.sides]

    def each(entries: Sequence[Any], make: Callable[[Any], Any]) -> dict[str, Any]:
        return {name: None if entry is None else make(entry) for name, entry in zip(names, entries, strict=True)}

    def machine(shape: MachineParity) -> dict[str, Any]:
        return {
            "path": shape.path,
            "bought": shape.bought,
            "machines": each(shape.machines, _machine_json),
            "differences": each(shape.differences, list),
        }

    return {
        "name": report.name,
        "currency": "USD",
        "clouds": [_side_json(side) for side in report.sides],
        "components": [
            {
                "component": part.name,
                "used": part.used,
                "differing": list(part.differing),
                "clouds": each(part.given, _given_json),
            }
            for part in report.components
        ],
        "pools": [machine(shape) for shape in report.pools],
        "database": machine(report.database) if report.database else None,
        "decisions": [{"decision": d.what, "values": each(d.values, str)} for d in report.decisions],
        "limits": [{"bound": d.what, "values": each(d.values, str)} for d in report.limits],
        "wishes": [
            {
                "cloud": wish.cloud,
                "component": wish.component,
                "effect": wish.effect,
                "words": wish.words,
                "paths": list(wish.paths),
                "places": list(wish.places),
            }
            for wish in report.wishes
        ],
    }


def _side_json(side: Side) -> dict[str, Any]:
    return {
        "cloud": side.cloud.name,
        "region": side.region,
        "account": side.account,
        "own": not side.moved,
        "expressed": side.stack is not None,
        "monthly_usd": numbers(side.cost.total) if side.cost else None,
        "complete": side.cost.complete if side.cost else None,
        "diagnostics": [to_json(found) for found in side.diagnostics],
    }


def _given_json(given: Given) -> dict[str, Any]:
    return {
        "status": given.status,
        "modules": list(given.modules),
        "instead": given.instead or None,
        "gives": dict(given.aspects),
        "monthly_usd": numbers(given.monthly.band) if given.monthly else None,
        "complete": given.monthly.complete if given.monthly else None,
        "drivers": [{"item": driver.item, "monthly_usd": float(driver.monthly_usd)} for driver in given.drivers],
    }


def _machine_json(machine: Machine) -> dict[str, Any]:
    return {
        "types": list(machine.types),
        "vcpus": machine.vcpus,
        "memory_gib": number(machine.memory_gib),
        "architecture": machine.architecture,
        "gpu": {"type": machine.gpu_type, "count": machine.gpu_count, "memory_gib": machine.gpu_memory_gib}
        if machine.gpu_type
        else None,
        "local_storage_gib": machine.local_storage_gib,
        "previous_generation": machine.previous_generation,
        "usd_per_hour": {
            "on_demand": machine.on_demand and numbers(machine.on_demand),
            "spot": machine.spot and numbers(machine.spot),
        },
    }
