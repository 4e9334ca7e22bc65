"""What in an estimate its reader must not miss."""

from __future__ import annotations

from groundplan.cost.report import Budget, CostReport
from groundplan.diagnostics import Diagnostic, Severity, bounded


def findings(report: CostReport) -> tuple[Diagnostic, ...]:
    """GP701 as an error when the budget is exceeded, GP702 as a warning for lines without a figure."""
    unpriced = (
        Diagnostic(
            code="GP702",
            severity=Severity.WARNING,
            message=f"{item.item} is not in the total: {item.reason}",
            hint=item.hint,
            path=item.path,
            address=item.address,
        )
        for item in report.unpriced
    )
    over = [_over(budget) for budget in report.budgets if budget.exceeded]
    return (*over, *bounded(unpriced))


def _over(budget: Budget) -> Diagnostic:
    expected = budget.monthly_usd + budget.over_usd
    what = f" for `{budget.part}`" if budget.part else ""
    return Diagnostic(
        code="GP701",
        message=f"expected ${expected:,.2f} a month{what} is ${budget.over_usd:,.2f} over the budget",
        hint=f"most of it: {', '.join(budget.drivers)}",
        path=budget.path,
    )
