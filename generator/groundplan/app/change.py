"""What leads from one environment to another, rehearsed without a cloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from groundplan.app.change_costs import change_costs
from groundplan.app.check import Tools
from groundplan.app.leading import leading_edits
from groundplan.app.progress import Progress
from groundplan.app.sides.model import SideFolder
from groundplan.app.sides.upgraded import upgrade_of
from groundplan.change.assemble import Environment, Specs, assemble
from groundplan.change.model import Change, Side
from groundplan.terraform.effects import effects
from groundplan.terraform.succession import RootChange, succeed

Sides = tuple[SideFolder, SideFolder]


def change(sides: Sides, tools: Tools, progress: Progress, today: date) -> Change:
    """Everything that leads from the first side to the second.

    Raises DiagnosticsError for a folder that Terraform must not act on.
    """
    before, after = sides
    roots = [_located(root, sides) for root in succeed(before.folder, after.folder, tools.inputs, progress=progress)]
    edits = leading_edits(before.document, after.document, after.resolved)
    costs = change_costs(sides, edits, today)
    ends = _environment(before), _environment(after)
    made = assemble(ends, roots, effects(), Specs(edits, costs.entries, costs.monthly_usd))
    return replace(made, upgrade=upgrade_of(before, after))


def _environment(side: SideFolder) -> Environment:
    return Environment(Side(side.label, side.release), side.lock, side.folder, side.notices)


def _located(root: RootChange, sides: Sides) -> RootChange:
    """The same with files named as the user has them, and not where they were copied to."""
    before, after = sides
    return replace(root, diagnostics=tuple(after.located(before.located(one)) for one in root.diagnostics))
