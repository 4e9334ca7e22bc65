"""Whether an estimate keeps to its budgets: only where all of it has a price, or a bound that the user states."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal

from groundplan.components.budget.part import Limits
from groundplan.cost.report import Budget, CostReport, Line, Unpriced

DRIVERS = 3
"""Lines named when the budget is exceeded."""


def budget(limits: Limits, lines: Sequence[Line], unpriced: Sequence[Unpriced]) -> Budget:
    """The limit of everything against the estimate."""
    return _budget(limits, limits.monthly_usd, lines, unpriced, "")


def part_budgets(limits: Limits, lines: Sequence[Line], unpriced: Sequence[Unpriced]) -> Iterable[Budget]:
    """The limit of each part against its lines: those below that place in the spec, and those of that component."""
    for part, limit in limits.components_usd.items():
        within = [line for line in lines if is_of(line, part)]
        yield _budget(limits, limit, within, [item for item in unpriced if is_of(item, part)], part)


def plan_budget(limit_usd: Decimal, report: CostReport) -> Budget:
    """The limit that a command names against the estimate of a plan."""
    limits = Limits(limit_usd, {}, {}, {}, None)
    return replace(budget(limits, report.lines, report.unpriced), of_plan=True)


def is_of(one: Line | Unpriced, part: str) -> bool:
    """Whether a line belongs to a place in the spec or to a component."""
    return part in (one.component, one.path) or one.path.startswith(f"{part}.")


def _budget(limits: Limits, limit: Decimal, lines: Sequence[Line], unpriced: Sequence[Unpriced], part: str) -> Budget:
    bounds = {item.item: limits.unpriced_usd[item.item] for item in unpriced if item.item in limits.unpriced_usd}
    expected = sum((line.monthly_usd.expected for line in lines), Decimal("0.00"))
    dearest = sorted(lines, key=lambda line: -line.monthly_usd.expected)[:DRIVERS]
    return Budget(
        monthly_usd=limit,
        expected_usd=expected,
        bounded_usd=sum(bounds.values(), Decimal(0)),
        unbounded=tuple(dict.fromkeys(item.item for item in unpriced if item.item not in bounds)),
        drivers=tuple(f"{line.item} of {line.path} ${line.monthly_usd.expected:,.2f}" for line in dearest),
        part=part,
    )
