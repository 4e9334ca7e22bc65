"""What in an estimate its reader must not miss."""

from __future__ import annotations

from groundplan.cost.report import CostReport
from groundplan.diagnostics import Diagnostic, Severity


def findings(report: CostReport) -> tuple[Diagnostic, ...]:
    """GP701 as an error when the budget is exceeded, GP702 as a warning for each line without a figure."""
    unpriced = [
        Diagnostic(
            code="GP702",
            severity=Severity.WARNING,
            message=f"{item.item} is not in the total: {item.reason}",
            hint=item.hint,
            path=item.path,
            address=item.address,
        )
        for item in report.unpriced
    ]
    budget = report.budget
    if budget is None or not report.over_budget:
        return tuple(unpriced)
    return (
        Diagnostic(
            code="GP701",
            message=f"expected ${report.total.expected:,.2f} a month is ${budget.over_usd:,.2f} over the budget",
            hint=f"most of it: {', '.join(budget.drivers)}",
            path="budget.monthly_usd",
        ),
        *unpriced,
    )
