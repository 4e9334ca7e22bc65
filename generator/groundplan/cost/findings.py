"""What in an estimate its reader must not miss."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.components.budget.part import Limits
from groundplan.cost.budget import DRIVERS
from groundplan.cost.proof import Proof, TooLow
from groundplan.cost.report import Budget, CostReport
from groundplan.diagnostics import Diagnostic, Severity, bounded, did_you_mean, named
from groundplan.quantities import trimmed


def findings(report: CostReport) -> tuple[Diagnostic, ...]:
    """Errors for a budget that is exceeded (GP701) or cannot be shown to hold (GP717), a warning for each line without
    a figure (GP702)."""
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
    broken = [_over(b) if b.exceeded else _not_shown(b) for b in report.budgets if not b.holds]
    return (*broken, *bounded(unpriced))


def proof_findings(proof: Proof) -> tuple[Diagnostic, ...]:
    """What keeps the worst month from being within the budget: bounds that are too low (GP208), more than the limit
    (GP701), and items that nothing limits (GP717)."""
    return (*map(_too_low, proof.too_low), *_worst(proof), *_without_end(proof))


def _too_low(low: TooLow) -> Diagnostic:
    bound, expected = trimmed(low.bound, 3), trimmed(low.expected, 3)
    message = f"at most {bound} {low.unit} of {low.item} a month, and {expected} are expected"
    return Diagnostic("GP208", message, hint="raise the bound, or state less use", path=f"budget.bounds.{low.item}")


def _worst(proof: Proof) -> Iterator[Diagnostic]:
    if proof.over_usd > 0:
        dearest = sorted(proof.terms, key=lambda term: -term.usd)[:DRIVERS]
        words = ", ".join(f"{term.item} of {term.path} ${term.usd:,.2f}" for term in dearest)
        message = f"a month may cost ${proof.most_usd:,.2f}, ${proof.over_usd:,.2f} over the budget"
        yield Diagnostic("GP701", message, hint=f"most of it: {words}", path="budget.monthly_usd")


def _without_end(proof: Proof) -> Iterator[Diagnostic]:
    endless, unknown = (tuple(one.item for one in proof.open if one.priced is priced) for priced in (True, False))
    if endless:
        message = f"nothing limits {named(endless)}"
        yield Diagnostic("GP717", message, hint="say the most of each in `budget.bounds`", path="budget")
    if unknown:
        message = f"no price of {named(unknown)}"
        hint = "say what each may cost at the most in `budget.unpriced_usd`, or price it in a book of your own"
        yield Diagnostic("GP717", message, hint=hint, path="budget")


def bounds_of_nothing(limits: Limits, report: CostReport) -> Iterator[Diagnostic]:
    """A warning (GP719) for each bound of an item that the estimate does not have: most often its name is wrong."""
    there = sorted({line.item for line in report.lines} | {item.item for item in report.unpriced})
    for key, bounds in (("unpriced_usd", limits.unpriced_usd), ("bounds", limits.bounds)):
        for item in bounds:
            if item not in there:
                message = f"nothing in the estimate is called `{item}`"
                hint = did_you_mean(item, there) or "the names are those that `groundplan cost` shows"
                yield Diagnostic("GP719", message, Severity.WARNING, hint=hint, path=f"budget.{key}.{item}")


def _over(budget: Budget) -> Diagnostic:
    bounds = f", with up to ${budget.bounded_usd:,.2f} for items without a figure," if budget.bounded_usd else ""
    expected = f"expected ${budget.expected_usd:,.2f} a month{_for(budget)}{bounds}"
    message = f"{expected} is ${budget.over_usd:,.2f} over the budget"
    return Diagnostic("GP701", message, hint=f"most of it: {', '.join(budget.drivers)}", path=budget.path or None)


def _not_shown(budget: Budget) -> Diagnostic:
    message = f"the budget{_for(budget)} cannot be shown to hold: no figure for {named(budget.unbounded)}"
    hint = "state the use or a price, or in `budget.unpriced_usd` what it may cost at the most"
    if budget.of_plan:
        hint = "state the use in a file for --usage; docs/cost.md says what of a plan has no price"
    return Diagnostic("GP717", message, hint=hint, path=budget.path or None)


def _for(budget: Budget) -> str:
    return f" for `{budget.part}`" if budget.part else ""
