"""`groundplan cost SPEC`."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING

import click

from groundplan.app.target import Target
from groundplan.cli import arguments
from groundplan.cli.common import OK, OVER_BUDGET, Later, Outcome, reports, today
from groundplan.prices.book import PurchaseOption
from groundplan.views.console import Console

if TYPE_CHECKING:
    from groundplan.app.cost import Beside
    from groundplan.app.overrides import Overrides


@click.command()
@click.argument("spec", type=arguments.NamedPath(), metavar="[SPEC]", required=False)
@click.option(
    "--capacity",
    type=click.Choice(["on_demand", "spot", "commit_1y", "commit_3y"]),
    help="Purchase option for all machines, which are then chosen by its price.",
)
@click.option("--free-tiers", is_flag=True, help="Subtract the cloud's monthly free tiers.")
@click.option("--prove", is_flag=True, help="Show that no month can cost more than the spec's budget, term by term.")
@click.option(
    "--plan",
    type=arguments.NamedPath(),
    metavar="FILE",
    help="Price a Terraform plan instead of a spec: output of `terraform show -json`.",
)
@click.option(
    "--usage",
    type=arguments.NamedPath(),
    metavar="FILE",
    help="With --plan: what no plan says, such as traffic and requests, as YAML in the form of Infracost's usage file.",
)
@click.option("--usage-template", is_flag=True, help="With --plan: print a usage file to fill in.")
@click.option(
    "--against",
    type=arguments.NamedPath(),
    metavar="FILE",
    help="With --plan: what it costs more or less than this plan, resource by resource.",
)
@click.option(
    "--budget",
    type=arguments.Dollars(),
    metavar="USD",
    help="With --plan: what a month may cost; a spec has a budget of its own.",
)
@click.option(
    "--changes",
    is_flag=True,
    help="With --plan: what it costs more or less than the state that it starts from, resource by resource.",
)
@arguments.price_books
@reports("markdown")
@arguments.target
def command(
    spec: Path | None,
    capacity: PurchaseOption | None,
    free_tiers: bool,
    prove: bool,
    plan: Path | None,
    usage: Path | None,
    usage_template: bool,
    against: Path | None,
    changes: bool,
    budget: Decimal | None,
    price_books: tuple[Path, ...],
    target: Target,
    console: Console,
) -> Outcome:
    """Estimate what a spec, or a Terraform plan, costs a month.

    Every line has a price with its date and source, a quantity, and the assumption behind it; unknown costs are
    reported, never counted as $0. Exit code 3 when the expected total is above the spec's budget, or something
    without a price leaves open whether it is.
    """
    if (spec is None) == (plan is None):
        raise click.UsageError("Give a SPEC, or --plan FILE.")
    if spec is None:
        if capacity or free_tiers or prove or target.provider or target.account:
            options = "--capacity, --free-tiers, --prove, --cloud and --account"
            raise click.UsageError(f"{options} go with a SPEC: a plan says all of that itself.")
        if usage_template + changes + (against is not None) + (budget is not None) > 1:
            raise click.UsageError("Give one of --usage-template, --against FILE, --changes and --budget USD.")
        assert plan is not None, "one of the two is given"
        from groundplan.app.cost import Beside

        beside = Beside(target.region, usage, price_books)
        if usage_template:
            return _template(plan, beside)
        if changes or against:
            return _change(plan, against, beside, console)
        return _plan(plan, beside, budget, console)
    if usage or usage_template or against or changes or budget is not None:
        options = "--usage, --usage-template, --against, --changes and --budget"
        message = f"{options} go with --plan; a spec has a budget of its own, and `compare` compares specs."
        raise click.UsageError(message)
    from groundplan.app.cost import cost_of_spec
    from groundplan.app.overrides import Overrides
    from groundplan.views import cost as view

    overrides = Overrides(target, capacity, price_books)
    if prove:
        if free_tiers:
            raise click.UsageError("--prove takes no --free-tiers: others of the account may have used them up.")
        return _proof(spec, overrides, console)
    cost = cost_of_spec(spec, overrides, today(), free_tiers=free_tiers)
    return Outcome(
        text=view.text(cost.report, color=console.color_out, advice=cost.advice),
        data=view.as_json(cost.report, cost.advice),
        diagnostics=cost.diagnostics,
        documents={"markdown": lambda: view.markdown(cost.report)},
        exit_code=OK if cost.report.within_budget else OVER_BUDGET,
    )


def _proof(spec: Path, overrides: Overrides, console: Console) -> Outcome:
    from groundplan.app.cost import prove_budget
    from groundplan.views import cost as view

    made = prove_budget(spec, overrides, today())
    return Outcome(
        text=view.proof_text(made.proof, color=console.color_out),
        data=view.proof_json(made.proof),
        diagnostics=made.diagnostics,
        documents={"markdown": lambda: view.proof_markdown(made.proof)},
        exit_code=OK if made.proof.holds else OVER_BUDGET,
    )


def _plan(file: Path, beside: Beside, budget: Decimal | None, console: Console) -> Outcome:
    from groundplan.app.cost import cost_of_plan
    from groundplan.views import cost as view

    cost = cost_of_plan(file, beside, today(), budget)
    return Outcome(
        text=view.plan_text(cost.report, color=console.color_out),
        data=Later(lambda: view.plan_json(cost.report)),
        diagnostics=cost.diagnostics,
        documents={"markdown": lambda: view.plan_markdown(cost.report)},
        exit_code=OK if cost.report.cost.within_budget else OVER_BUDGET,
    )


def _change(file: Path, against: Path | None, beside: Beside, console: Console) -> Outcome:
    from groundplan.app.cost import cost_of_change
    from groundplan.views import plan_change as view

    cost = cost_of_change(file, against, beside, today())
    return Outcome(
        text=view.text(cost.change, color=console.color_out),
        data=Later(lambda: view.as_json(cost.change)),
        diagnostics=cost.diagnostics,
        documents={"markdown": lambda: view.markdown(cost.change)},
    )


def _template(file: Path, beside: Beside) -> Outcome:
    from groundplan.app.cost import cost_of_plan

    template = cost_of_plan(file, beside, today()).usage_template
    return Outcome(text=template, data={"usage_template": template}, documents={"markdown": lambda: template})
