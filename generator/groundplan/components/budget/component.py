"""What the environment may cost, and the cloud's own budget, which tells people before the bill does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal

from groundplan.clouds.base import Cloud
from groundplan.components.base import CloudPart, Component, ModuleCall
from groundplan.components.budget.part import Enforced, Limits, enforced_of
from groundplan.components.budget.spec import Budget, Enforce
from groundplan.diagnostics import Diagnostic
from groundplan.hcl.references import Ref, Var
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.model import Origin, Part, Stack
from groundplan.stack.work import Work, as_written

BUDGET = Ref("budget", "budget")
PATH = "budget.enforce"
DEFAULT_ALERTS, DEFAULT_FORECASTS = [80, 100], [100]
"""Percent of the limit: a warning and the limit itself; what the month will come to."""


class BudgetPart(CloudPart):
    """What a cloud's own budget is."""

    def problems(self, said: Enforce) -> Iterable[Diagnostic]:
        """What is missing for one there."""
        return ()


class BudgetComponent(Component[BudgetPart]):
    """The budget module, when the spec wants the cloud to watch."""

    name = "budget"
    anywhere = BudgetPart()

    def resolve(self, work: Work) -> Part | None:
        """What the spec asks for, decided."""
        said = work.spec.block(Budget)
        if said is None:
            return None
        if said.enforce:
            work.diagnostics += self.on(work.cloud).problems(said.enforce)
        return Limits(
            monthly_usd=as_written(said.monthly_usd),
            components_usd=_as_written(said.components),
            unpriced_usd=_as_written(said.unpriced_usd),
            bounds=_as_written(said.bounds),
            enforced=_enforced(work, said.enforce) if said.enforce else None,
        )

    def calls(self, stack: Stack, cloud: Cloud) -> Iterable[ModuleCall]:
        """One call for the environment."""
        enforced = enforced_of(stack)
        if enforced is None:
            return
        yield ModuleCall(
            component=self.name,
            name=BUDGET.call,
            source=f"{stack.provider}/budget",
            layer=FOUNDATION,
            arguments={
                "name": Var("name"),
                "scope": enforced.scope,
                "emails": list(enforced.emails),
                "alert_percent": list(enforced.alert_percent),
                "forecast_percent": list(enforced.forecast_percent),
                **self.on(cloud).arguments("budget", stack),
            },
            path=PATH,
        )


def _as_written(amounts: Mapping[str, float]) -> dict[str, Decimal]:
    return {name: as_written(amount) for name, amount in amounts.items()}


def _enforced(work: Work, said: Enforce) -> Enforced:
    return Enforced(
        scope=said.scope,
        emails=tuple(said.emails),
        alert_percent=_percent(work, "alert_percent", said.alert_percent, DEFAULT_ALERTS),
        forecast_percent=_percent(work, "forecast_percent", said.forecast_percent, DEFAULT_FORECASTS),
        options=said.options_of(work.cloud.name),
    )


def _percent(work: Work, name: str, said: list[int] | None, default: list[int]) -> tuple[int, ...]:
    percent = tuple(sorted(default if said is None else said))
    if said is None:
        words = ", ".join(map(str, percent))
        work.decide(f"{PATH}.{name}", words, Origin.DEFAULT, "percent of the limit")
    return percent


COMPONENT = BudgetComponent()
