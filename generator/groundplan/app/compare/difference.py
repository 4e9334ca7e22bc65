"""What a change of the spec does to the cost in one location: by component, by line, and what drives each line."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from groundplan.app.compare.model import Change, ComponentChange, Difference, LineChange, Priced
from groundplan.cost.report import Line
from groundplan.quantities import NO_USD, trimmed

Key = tuple[str, str, str, str, str]


def difference(before: Priced, after: Priced) -> Difference:
    """Everything that costs more or less in `after`, the largest change first."""
    components_before, components_after = before.components(), after.components()
    names = dict.fromkeys([*components_before, *components_after])
    components = [
        ComponentChange(name, components_before.get(name, NO_USD), components_after.get(name, NO_USD)) for name in names
    ]
    known = {(item.item, item.path) for item in before.report.unpriced}
    return Difference(
        before=before.at,
        after=after.at,
        total_before=before.report.total,
        total_after=after.report.total,
        components=tuple(sorted((c for c in components if c.before != c.after), key=lambda c: -abs(c.usd))),
        lines=tuple(sorted(_changes(before.report.lines, after.report.lines), key=lambda line: -abs(line.usd))),
        newly_unpriced=tuple(
            f"{item.item} of {item.path}" for item in after.report.unpriced if (item.item, item.path) not in known
        ),
    )


def _changes(before: Iterable[Line], after: Iterable[Line]) -> Iterator[LineChange]:
    """Lines of the same item first; what is left over for the same purpose on both sides takes its place."""
    old, new = _keyed(before), _keyed(after)
    for key in [key for key in old if key in new]:
        change = _same_item(old.pop(key), new.pop(key))
        if change is not None:
            yield change
    for key, line in list(old.items()):
        twin = next((other for other in new if _purpose(new[other]) == _purpose(line)), None)
        if twin is not None:
            yield _other_item(old.pop(key), new.pop(twin))
    for line in old.values():
        yield _one_sided(line, "gone")
    for line in new.values():
        yield _one_sided(line, "new")


def _keyed(lines: Iterable[Line]) -> dict[Key, Line]:
    """Lines by what they are for; lines of one item that a component has several of are one."""
    found: dict[Key, Line] = {}
    for line in lines:
        key = (line.component, line.path, line.item, line.option or "", line.unit)
        first = found.get(key)
        found[key] = line if first is None else _sum(first, line)
    return found


def _sum(first: Line, second: Line) -> Line:
    return replace(first, quantity=first.quantity + second.quantity, monthly_usd=first.monthly_usd + second.monthly_usd)


def _purpose(line: Line) -> tuple[str, str, str]:
    return line.component, line.path, line.unit


def _same_item(before: Line, after: Line) -> LineChange | None:
    if before.monthly_usd == after.monthly_usd:
        return None
    quantity, price = before.quantity != after.quantity, before.unit_usd != after.unit_usd
    kind: Change = "quantity and price" if quantity and price else "price" if price else "quantity"
    quantities = f"{trimmed(before.quantity, 2)} to {trimmed(after.quantity, 2)} {before.unit}"
    prices = f"${trimmed(before.unit_usd, 6)} to ${trimmed(after.unit_usd, 6)} a {before.unit}"
    words = {"quantity": quantities, "price": prices, "quantity and price": f"{quantities}, {prices}"}
    detail = words[kind]
    if kind == "quantity" and not quantity:
        detail = "different range: low or high changed"
    return LineChange(
        before.component, before.path, _item(before), _item(after), before.monthly_usd, after.monthly_usd, kind, detail
    )


def _other_item(before: Line, after: Line) -> LineChange:
    return LineChange(
        component=after.component,
        path=after.path,
        item_before=_item(before),
        item_after=_item(after),
        before=before.monthly_usd,
        after=after.monthly_usd,
        change="different purchase option" if before.item == after.item else "different item",
        detail=f"{_priced_item(before)}, then {_priced_item(after)}",
    )


def _one_sided(line: Line, change: Change) -> LineChange:
    there = change == "gone"
    return LineChange(
        component=line.component,
        path=line.path,
        item_before=_item(line) if there else "",
        item_after="" if there else _item(line),
        before=line.monthly_usd if there else NO_USD,
        after=NO_USD if there else line.monthly_usd,
        change=change,
        detail=_priced_item(line),
    )


def _item(line: Line) -> str:
    return line.item if line.option is None else f"{line.item} {line.option}"


def _priced_item(line: Line) -> str:
    return f"{trimmed(line.quantity, 2)} {line.unit} at ${trimmed(line.unit_usd, 6)}"
