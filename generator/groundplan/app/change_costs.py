"""What a change costs, estimated from the specs of its two environments with the same prices on the same day."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date

from groundplan.app.sides.model import SideFolder
from groundplan.change.attribution import Edits
from groundplan.change.costs import CostChange, Estimate, StillPaid, cost_change
from groundplan.change.model import Edit, Entry
from groundplan.change.spec_paths import overlap
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.hcl.references import Ref
from groundplan.stack.assets import AssetKind

_BILLED: frozenset[AssetKind] = frozenset(("bucket", "database", "key", "repository"))
"""Kinds that lines of an estimate are for; the others cost nothing by themselves."""


def change_costs(sides: tuple[SideFolder, SideFolder], edits: Edits, today: date) -> CostChange:
    """The monthly difference with the edits that lead to it; none where a side has no spec, of which a notice tells."""
    reports = [_report(side, today) for side in sides]
    before, after = (_estimate(*both) for both in zip(sides, reports, strict=True))
    found = cost_change(before, after, list(_left_behind(*sides)), list(_back(*sides)))
    entries = [replace(one, edits=leading_to(one, edits)) for one in found.entries]
    return replace(found, entries=entries, notices=list(_budget(reports[1], sides[1])) if entries else ())


def _budget(report: CostReport | None, side: SideFolder) -> Iterator[Diagnostic]:
    """Where the new estimate stands against the budget for everything; what is left behind is not in it."""
    for one in report.budgets if report else ():
        if one.part or side.resolved is None:
            continue
        over = one.over_usd
        says = f"${over:,.2f} over" if over > 0 else f"${-over:,.2f} under"
        message = f"a month of the new environment is expected to cost {says} the budget of ${one.monthly_usd:,.2f}"
        severity = Severity.WARNING if over > 0 else Severity.NOTE
        yield from side.resolved.located([Diagnostic("GP739", message, severity, path="budget.monthly_usd")])


def _left_behind(before: SideFolder, after: SideFolder) -> Iterator[StillPaid]:
    """What the change leaves behind; what was left earlier cost nothing before, as far as specs say."""
    earlier = {one.asset.asset.identity for one in before.lock.left} if before.lock else set()
    for one in after.lock.left if after.lock else ():
        asset = one.asset.asset
        if asset.kind in _BILLED and asset.identity not in earlier:
            yield StillPaid(f"{asset.kind} {asset.name}", Ref(asset.call).address, asset.path)


def _back(before: SideFolder, after: SideFolder) -> Iterator[StillPaid]:
    """What was left behind earlier and is asked for again; of what stands for a whole block nobody can say."""
    earlier = {one.asset.asset.identity for one in before.lock.left if not one.back} if before.lock else set()
    assets = [one.asset for one in after.lock.assets] if after.lock else []
    for asset in assets:
        holds_others = any(one.path.startswith(f"{asset.path}.") for one in assets)
        if asset.kind in _BILLED and asset.identity in earlier and not holds_others:
            yield StillPaid(f"{asset.kind} {asset.name}", Ref(asset.call).address, asset.path)


def _report(side: SideFolder, today: date) -> CostReport | None:
    """The estimate of a side with a spec."""
    return None if side.is_empty or side.resolved is None else side.resolved.estimate(today=today)


def _estimate(side: SideFolder, report: CostReport | None) -> Estimate | None:
    if side.is_empty:
        return Estimate()
    if report is None or side.document is None:
        return None
    return Estimate(report.lines, report.unpriced, side.document.values)


def leading_to(entry: Entry, edits: Edits) -> Sequence[Edit]:
    """The edits of the entry's block, which may change no module call; else those that change its call."""
    calls = [found for (_, address), found in edits.leading.items() if address == entry.address]
    of_block = tuple(edit for edit in edits.every if overlap(edit.path, entry.path))
    return of_block or tuple(dict.fromkeys(edit for found in calls for edit in found))
