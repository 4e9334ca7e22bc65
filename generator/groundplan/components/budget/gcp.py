"""The budget on Google Cloud."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects
from groundplan.components.budget.component import PATH, BudgetPart
from groundplan.components.budget.part import enforced_of, limits_of
from groundplan.components.budget.spec import Enforce
from groundplan.diagnostics import Diagnostic
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Stack


class GcpBudget(BudgetPart):
    """The budget on Google Cloud."""

    def problems(self, said: Enforce) -> Iterable[Diagnostic]:
        """A budget of Google Cloud is part of a billing account."""
        if said.gcp is None:
            message = "a budget of Google Cloud is part of a billing account, and none is named"
            hint = "add `gcp: {billing_account: 012345-6789AB-CDEF01}`, the one that pays for the project"
            yield Diagnostic("GP208", message, hint=hint, path=PATH)

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The billing account, and the limit in its currency."""
        limits = limits_of(stack)
        if limits is None or limits.enforced is None:
            return {}
        options = limits.enforced.options
        return {
            "billing_account": options["billing_account"],
            "limit": options.get("limit", {"amount": limits.monthly_usd}),
        }

    def apis(self, stack: Stack, layer: str) -> Iterable[str]:
        """What makes the budget, and the channels that it mails through."""
        return ("billingbudgets", "monitoring") if enforced_of(stack) and layer == FOUNDATION else ()

    def cautions(self, stack: Stack) -> Iterable[str]:
        """Who may make it."""
        if enforced_of(stack) is not None:
            yield (
                "The budget is part of the billing account: whoever applies needs `roles/billing.costsManager` there, "
                "and user credentials a quota project"
            )

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "budget": "a budget of the billing account, in its currency, mails that need no confirmation",
            "whose cost": "what has the label `environment`; or the project",
            "what it stops": "nothing",
        }


PART = GcpBudget()
