"""What a price book changes: prices, and what specs cost by them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Literal

from groundplan.app.books import clouds_with_books, read_books
from groundplan.app.overrides import Overrides
from groundplan.app.pipeline import resolve_spec
from groundplan.components.node_pool.part import pools_of
from groundplan.cost.report import Budget, CostReport
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity
from groundplan.prices.changes import Changes, changes_between, in_order
from groundplan.quantities import Band

Verdict = Literal["kept", "exceeded", "open"]
"""Of a budget; `open`: items without a figure may exceed it."""


@dataclass(frozen=True, slots=True)
class Side:
    """A spec at one set of prices."""

    total: Band
    complete: bool
    machines: Mapping[str, tuple[str, ...]]
    """Machine types of each pool, the first choice first."""
    budgets: Mapping[str, Verdict]
    """What is known of each budget of the spec, by its path."""


@dataclass(frozen=True, slots=True)
class SpecChange:
    """A spec before and after."""

    spec: str
    before: Side
    after: Side

    @property
    def percent(self) -> Decimal | None:
        """By how much the expected total rises."""
        before = self.before.total.expected
        return (self.after.total.expected / before - 1) * 100 if before else None

    @property
    def machines(self) -> Mapping[str, tuple[tuple[str, ...], tuple[str, ...]]]:
        """Pools that get other machines, with those before and after."""
        pools = (*self.before.machines, *(pool for pool in self.after.machines if pool not in self.before.machines))
        pairs = {pool: (self.before.machines.get(pool, ()), self.after.machines.get(pool, ())) for pool in pools}
        return {pool: pair for pool, pair in pairs.items() if pair[0] != pair[1]}

    @property
    def verdicts(self) -> Mapping[str, tuple[Verdict | None, Verdict | None]]:
        """Budgets of which something else is known at the other prices."""
        paths = dict.fromkeys((*self.before.budgets, *self.after.budgets))
        pairs = {path: (self.before.budgets.get(path), self.after.budgets.get(path)) for path in paths}
        return {path: pair for path, pair in pairs.items() if pair[0] != pair[1]}


@dataclass(frozen=True, slots=True)
class Difference:
    """What the books change."""

    prices: Changes
    specs: Sequence[SpecChange]
    diagnostics: Sequence[Diagnostic]


def difference(books: Sequence[Path], against: Sequence[Path], specs: Sequence[Path]) -> Difference:
    """What changes when `books` take the place of `against`, both over the embedded tables.

    Raises DiagnosticsError for a book or a spec that cannot be read. A spec that cannot be resolved at one of the sets
    of prices is a finding.
    """
    before, after = clouds_with_books(against), clouds_with_books(books)
    named = [*read_books(against), *read_books(books)]
    found = [changes_between(before[name], after[name], named) for name in after]
    changes = Changes(in_order(change for each, _ in found for change in each), sum(count for _, count in found))
    compared, problems = _specs(specs, books, against)
    return Difference(changes, compared, problems)


def _specs(
    specs: Sequence[Path], books: Sequence[Path], against: Sequence[Path]
) -> tuple[list[SpecChange], list[Diagnostic]]:
    compared: list[SpecChange] = []
    problems: list[Diagnostic] = []
    for spec in specs:
        try:
            compared.append(SpecChange(str(spec), _side(spec, against), _side(spec, books)))
        except DiagnosticsError as error:
            problems += error.diagnostics
    problems += (
        Diagnostic("GP701", f"{one.spec}: `{path}` is {after}, no longer kept, at the new prices", Severity.WARNING)
        for one in compared
        for path, (before, after) in one.verdicts.items()
        if before == "kept"
    )
    return compared, problems


def _side(spec: Path, books: Sequence[Path]) -> Side:
    resolved = resolve_spec(spec, overrides=Overrides(books=tuple(books)))
    report: CostReport = resolved.estimate()
    machines = {pool.path: pool.instance_types for pool in pools_of(resolved.stack)}
    budgets = {budget.path: _verdict(budget) for budget in report.budgets}
    return Side(report.total, report.complete, machines, budgets)


def _verdict(budget: Budget) -> Verdict:
    if budget.holds:
        return "kept"
    return "exceeded" if budget.exceeded else "open"
