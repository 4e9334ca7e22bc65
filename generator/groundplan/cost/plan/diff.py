"""What one plan costs more or less than another, or than what its own state holds, resource by resource."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Literal

from groundplan.cost.plan.report import PlanReport
from groundplan.cost.report import Line, Unpriced
from groundplan.quantities import NO_USD, Band

Action = Literal["added", "changed", "removed"]
_Item = tuple[str, str, str]
"""Item, purchase option and unit of lines that are set against each other."""


@dataclass(frozen=True, slots=True)
class ItemChange:
    """One billed item of a resource before and after; `quantity` and `usd` None where it is not there."""

    item: str
    option: str | None
    unit: str
    quantity_before: Decimal | None
    quantity_after: Decimal | None
    before: Band | None
    after: Band | None


@dataclass(frozen=True, slots=True)
class ResourceChange:
    """A resource whose cost differs, or that comes or goes. Bands are US dollars a month."""

    address: str
    previous_address: str
    """Where it was before it was moved; empty where it stays."""
    type: str
    action: Action
    before: Band
    after: Band
    items: tuple[ItemChange, ...]
    unpriced_before: tuple[Unpriced, ...]
    unpriced_after: tuple[Unpriced, ...]

    @property
    def change(self) -> Band:
        """After less before, each case with the same case: the low one need not be the least."""
        return self.after + -self.before

    @property
    def complete(self) -> bool:
        """Whether everything that differs has a figure: what is unpriced in the same way on both sides does not."""
        return not self.gaps

    @property
    def gaps(self) -> tuple[Unpriced, ...]:
        """What differs without a figure."""
        after = {(one.item, one.reason): one for one in self.unpriced_after}
        before = {(one.item, one.reason): one for one in self.unpriced_before}
        return tuple(one for key, one in {**before, **after}.items() if (key in before) != (key in after))


@dataclass(frozen=True, slots=True)
class PlanDiff:
    """Two estimates and their difference, the largest changes first."""

    before: PlanReport
    after: PlanReport
    against: str
    """What `after` is compared with, in words."""
    changes: tuple[ResourceChange, ...]
    unchanged: int
    """Resources that cost the same on both sides, or nothing."""

    @property
    def total(self) -> Band:
        """The difference of what has a figure, each case with the same case."""
        return self.after.cost.total + -self.before.cost.total

    @property
    def complete(self) -> bool:
        """Whether every difference has a figure."""
        return not self.gaps

    @property
    def gaps(self) -> tuple[Unpriced, ...]:
        """What differs without a figure, of all resources."""
        return tuple(gap for change in self.changes for gap in change.gaps)

    def count(self, action: Action) -> int:
        """How many resources are changed in that way."""
        return sum(change.action == action for change in self.changes)


@dataclass(slots=True)
class _Side:
    """What one plan has at one address."""

    type: str
    lines: list[Line]
    unpriced: list[Unpriced]

    @property
    def usd(self) -> Band:
        return sum((line.monthly_usd for line in self.lines), NO_USD)


def prior_state(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """What was there before the plan, as a plan of it: its state, with the configuration that the plan has now."""
    state = plan.get("prior_state")
    values = state.get("values") if isinstance(state, dict) else None
    kept = {key: plan[key] for key in ("format_version", "configuration", "variables") if key in plan}
    return {**kept, "planned_values": values if isinstance(values, dict) else {}}


def moved(plan: Mapping[str, Any]) -> Mapping[str, str]:
    """The addresses before, by those after, of resources that the plan moves."""
    changes = plan.get("resource_changes")
    found = (one for one in (changes if isinstance(changes, list) else ()) if isinstance(one, dict))
    pairs = ((one.get("address"), one.get("previous_address")) for one in found)
    return {new: old for new, old in pairs if isinstance(new, str) and isinstance(old, str)}


def difference(before: PlanReport, after: PlanReport, against: str, moved: Mapping[str, str]) -> PlanDiff:
    """What `after` costs more or less than `before`; `moved` are addresses before, by those after."""
    old, new = _sides(before), _sides(after)
    changes, unchanged = [], 0
    for address, previous in _pairs(old, new, moved):
        change = _change(address, old.get(previous), new.get(address), previous)
        if change is None:
            unchanged += 1
        else:
            changes.append(change)
    changes.sort(key=lambda one: (-abs(one.change.expected), one.address))
    return PlanDiff(before, after, against, tuple(changes), unchanged)


def _pairs(old: Mapping[str, _Side], new: Mapping[str, _Side], moved: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Each address with the one before, those of new resources first."""
    taken = set()
    for address in new:
        previous = moved.get(address, address)
        previous = previous if previous in old and previous not in taken else address
        taken.add(previous)
        yield address, previous
    for address in old:
        if address not in taken:
            yield address, address


def _sides(report: PlanReport) -> dict[str, _Side]:
    found = {address: _Side(type_, [], []) for address, type_ in report.types.items()}
    for line in report.cost.lines:
        found[line.address].lines.append(line)
    for one in report.cost.unpriced:
        found[one.address].unpriced.append(one)
    return found


def _change(address: str, before: _Side | None, after: _Side | None, previous: str) -> ResourceChange | None:
    """The change at an address; None where it costs the same, or comes or goes without costing anything."""
    nothing = _Side("", [], [])
    old, new = before or nothing, after or nothing
    made = ResourceChange(
        address=address,
        previous_address=previous if previous != address else "",
        type=new.type or old.type,
        action="added" if before is None else "removed" if after is None else "changed",
        before=old.usd,
        after=new.usd,
        items=tuple(_items(old.lines, new.lines)),
        unpriced_before=tuple(old.unpriced),
        unpriced_after=tuple(new.unpriced),
    )
    return made if made.items or made.gaps else None


def _items(before: Iterable[Line], after: Iterable[Line]) -> Iterator[ItemChange]:
    """Items that differ in quantity or in dollars."""
    old, new = _by_item(before), _by_item(after)
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if one == other:
            continue
        item, option, unit = key
        yield ItemChange(
            item,
            option or None,
            unit,
            one and one[0],
            other and other[0],
            one and one[1],
            other and other[1],
        )


def _by_item(lines: Iterable[Line]) -> dict[_Item, tuple[Decimal, Band]]:
    found: dict[_Item, tuple[Decimal, Band]] = {}
    for line in lines:
        key = (line.item, line.option or "", line.unit)
        quantity, usd = found.get(key, (Decimal(0), NO_USD))
        found[key] = (quantity + line.quantity, usd + line.monthly_usd)
    return found
