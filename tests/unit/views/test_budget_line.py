"""What is said of a budget in one line."""

from __future__ import annotations

from decimal import Decimal

from groundplan.cost.report import Budget
from groundplan.views.cost.content import budget_line


def test_a_few_items_without_a_figure_are_named_and_the_others_counted() -> None:
    items = tuple(f"item-{n}" for n in range(3000))
    line = budget_line(Budget(Decimal(10), Decimal(5), Decimal(0), items, ()))
    assert line == (
        "Budget not shown to hold: 10.00, and no figure for item-0, item-1, item-2, item-3, item-4 and 2995 more"
    )
