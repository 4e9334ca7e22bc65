"""The budget on AWS."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.base import Arguments, Aspects
from groundplan.components.budget.component import BudgetPart
from groundplan.components.budget.part import enforced_of, limits_of
from groundplan.stack.model import Stack


class AwsBudget(BudgetPart):
    """The budget on AWS."""

    def arguments(self, module: str, stack: Stack) -> Arguments:
        """The limit, in the one currency of AWS Budgets."""
        limits = limits_of(stack)
        return {"limit_usd": limits.monthly_usd} if limits else {}

    def cautions(self, stack: Stack) -> Iterable[str]:
        """A tag that is not on bills."""
        enforced = enforced_of(stack)
        if enforced is not None and enforced.scope == "environment":
            yield (
                "The budget counts what has the tag `environment`, and stands at 0 until the organization's management "
                "account has made that a cost allocation tag, once for all environments: "
                "`aws ce update-cost-allocation-tags-status --cost-allocation-tags-status "
                "TagKey=environment,Status=Active`"
            )

    def gives(self, stack: Stack) -> Aspects:
        """What it is there, for the parity report."""
        return {
            "budget": "AWS Budgets, in US dollars, mails that need no confirmation",
            "whose cost": "what has the tag `environment`, once that is a cost allocation tag; or the account",
            "what it stops": "nothing",
        }


PART = AwsBudget()
