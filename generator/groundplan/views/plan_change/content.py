"""What every format of a difference between plans says."""

from __future__ import annotations

from decimal import Decimal

from groundplan.cost.plan import PlanDiff
from groundplan.cost.plan.diff import Action, ItemChange, ResourceChange
from groundplan.quantities import CASES, HOURS_PER_MONTH, Band
from groundplan.views.cost.content import dates
from groundplan.views.tables import Column, quantity, usd

ACTIONS: tuple[Action, ...] = ("added", "changed", "removed")
CHANGES = (
    Column("change"),
    Column("resource"),
    Column("what changes"),
    *(Column(case, number=True) for case in CASES),
)
MOST_ITEMS = 3
"""Items of one resource that a table names."""


def heading(diff: PlanDiff) -> str:
    """Where and in which unit."""
    cost = diff.after.cost if diff.after.cost.lines else diff.before.cost
    return f"{cost.provider} {cost.region}, US dollars a month of {HOURS_PER_MONTH} hours, {dates(cost)}"


def headline(diff: PlanDiff) -> str:
    """The difference in a sentence."""
    at_least = "" if diff.complete else ", without what has no figure"
    low, expected, high = map(signed, diff.total.cases)
    spread = "" if diff.total.is_flat else f" ({low} at low, {high} at high)"
    return f"{expected} a month{spread}{at_least}, against {diff.against}"


def counts(diff: PlanDiff) -> str:
    """How many resources come, go, and cost more or less."""
    parts = [f"{diff.count(action)} {action}" for action in ACTIONS if diff.count(action)]
    return ", ".join([*parts, f"{diff.unchanged} that cost the same"])


def totals(diff: PlanDiff) -> list[tuple[str, ...]]:
    """Rows of both totals and their difference."""
    rows = [("before", *map(usd, diff.before.cost.total.cases)), ("after", *map(usd, diff.after.cost.total.cases))]
    return [*rows, ("difference", *map(signed, diff.total.cases))]


def cells(change: ResourceChange) -> tuple[str, ...]:
    """One row of the table of changes."""
    moved = f" (was {change.previous_address})" if change.previous_address else ""
    return (change.action, f"{change.address}{moved}", what(change), *map(signed, change.change.cases))


def what(change: ResourceChange) -> str:
    """The items that differ, the dearest first, as `m6i.large 730 -> m6i.xlarge 730`."""
    items = sorted(change.items, key=lambda item: -abs(_usd(item.after) - _usd(item.before)))
    words = [_item(item) for item in items[:MOST_ITEMS]]
    if len(items) > MOST_ITEMS:
        words.append(f"and {len(items) - MOST_ITEMS} more")
    if not words:
        words = list(dict.fromkeys(gap.reason for gap in change.gaps))
    return ", ".join(words)


def signed(amount: Decimal) -> str:
    """Dollars with a sign."""
    return f"{'+' if amount > 0 else '-' if amount < 0 else ''}{usd(abs(amount))}"


def _item(item: ItemChange) -> str:
    name = f"{item.item} {item.option}" if item.option else item.item
    old, new = item.quantity_before, item.quantity_after
    if old is None or new is None:
        return f"{name} {quantity(new if new is not None else old or Decimal(0))} {item.unit}"
    if old == new:
        return f"{name} at another price"
    return f"{name} {quantity(old)} to {quantity(new)} {item.unit}"


def _usd(band: Band | None) -> Decimal:
    return band.expected if band else Decimal(0)


def gaps(diff: PlanDiff) -> list[str]:
    """What differs and has no figure."""
    return [f"{gap.item} of {gap.path}: {gap.reason}; {gap.hint}" for gap in diff.gaps]
