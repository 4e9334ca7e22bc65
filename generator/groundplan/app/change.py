"""What leads from one environment to another, rehearsed without a cloud."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

from groundplan.app.change_costs import change_costs
from groundplan.app.leading import leading_edits
from groundplan.app.pipeline import Resolved
from groundplan.app.progress import Progress
from groundplan.app.sides.model import SideFolder
from groundplan.app.sides.upgraded import upgrade_of
from groundplan.app.sides.use_case import writing
from groundplan.app.tools import Tools
from groundplan.change.assemble import Environment, Specs, assemble
from groundplan.change.model import Change, Side
from groundplan.environment.files import FileSet
from groundplan.environment.write import compare
from groundplan.terraform.effects import effects
from groundplan.terraform.succession import RootChange, succeed

_TERRAFORM = (".tf", ".tf.json", ".tfvars", ".tfvars.json")

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
    diagnostics = (*made.diagnostics, *costs.notices)
    return replace(made, upgrade=upgrade_of(before, after), diagnostics=diagnostics)


def rehearse_write(  # noqa: PLR0913, PLR0917 - what is written where, and with what it is rehearsed
    folder: Path, files: FileSet, resolved: Resolved, tools: Tools, progress: Progress, today: date
) -> Change | None:
    """What writing the files does to the environment in the folder; None where nothing of Terraform differs."""
    changes = compare(files, folder)
    if not any(map(_is_terraform, (*changes.added, *changes.changed, *changes.removed))):
        return None
    with writing(folder, files, resolved, tools.environment) as both:
        return change(both, tools, progress, today)


def _is_terraform(name: str) -> bool:
    """Whether a file decides what Terraform does: its own, and whatever lies with a module, but for documents."""
    return name.endswith(_TERRAFORM) or (name.startswith("modules/") and not name.endswith(".md"))


def _environment(side: SideFolder) -> Environment:
    return Environment(Side(side.label, side.release), side.lock, side.folder, side.notices)


def _located(root: RootChange, sides: Sides) -> RootChange:
    """The same with files named as the user has them, and not where they were copied to."""
    before, after = sides
    return replace(root, diagnostics=tuple(after.located(before.located(one)) for one in root.diagnostics))
