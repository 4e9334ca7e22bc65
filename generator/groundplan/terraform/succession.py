"""One environment after the other: the old one applied to a throwaway state, the new one planned and applied on it."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Protocol

from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.terraform import reports
from groundplan.terraform.cycles import ended
from groundplan.terraform.effects import effects
from groundplan.terraform.intake import take_in
from groundplan.terraform.offline import Inputs, OfflineSession, find_roots, offline_session
from groundplan.terraform.protection import lift_protection
from groundplan.terraform.runner import Completed
from groundplan.terraform.sameness import same_roots
from groundplan.terraform.screen import Known, screen
from groundplan.terraform.settled import any_true, settle
from groundplan.terraform.workspace import throwaway_folder

_BEFORE, _AFTER = "before", "after"
_PLAN = "groundplan.tfplan"
_OPTIONS = ("-json", "-input=false", "-lock=false", "-refresh=false")
_PROTECTED = re.compile(r"^Instance cannot be destroyed: Resource (.+?) has lifecycle\.prevent_destroy set")
_NO_CHANGE = (["no-op"], ["read"])
_ROOTS_AT_A_TIME = 2
ASSUMED = "assumed"
"""Beside the id of an import: how the thing looks was not read."""
_MOST_APART = 64
"""Roots that have providers of their own, so that the regions of one never reach another: each is a server."""


class Progress(Protocol):
    """Whom to tell what is done."""

    def step(self, what: str) -> AbstractContextManager[None]:
        """Around work that may take long: announces it."""


@dataclass(frozen=True, slots=True)
class RootChange:
    """What becomes of one root."""

    root: str
    plan: Mapping[str, Any] | None
    """The new root on the state of the old one, as `terraform show -json` gives it; None where there is none.

    A root of the old environment alone is planned to be destroyed. What is imported is taken to look as configured.
    """
    applied: bool
    """Whether the plan could be applied."""
    diagnostics: tuple[Diagnostic, ...]
    """Files are named from where the process stands."""
    same: bool = False
    """Whether nothing that it is made of differs, so that it was not planned."""


def succeed(old: Path, new: Path, inputs: Inputs, *, progress: Progress) -> tuple[RootChange, ...]:
    """What leads from one environment to the next, root by root in the order of their names.

    Both folders are taken in and screened before Terraform sees them. Raises DiagnosticsError with what is refused, and
    GP101 where neither has a root.
    """
    with throwaway_folder() as base:
        folders = {_BEFORE: old, _AFTER: new}
        _take_in(folders, base / "sides")
        sides = {side: base / "sides" / side for side in folders}
        roots = {side: find_roots(top) for side, top in sides.items()}
        names = sorted({root for found in roots.values() for root in found})
        if not names:
            raise DiagnosticsError([Diagnostic("GP101", f"neither {old} nor {new} holds a Terraform root")])
        same = same_roots(sides[_BEFORE], sides[_AFTER], names)
        wanted = [_join(side, root) for side, found in roots.items() for root in found if root not in same]
        changes = {root: RootChange(root, None, True, (), same=True) for root in same}
        if wanted:
            differ = [name for name in names if name not in same]
            apart = len(wanted) <= _MOST_APART
            opened = offline_session(base / "sides", wanted, **vars(inputs), assume_unknown=True, apart=apart)
            with progress.step("applying the old environment and planning the new one on it"), opened as session:
                changes |= _Succession(session, folders).run(differ)
    return tuple(changes[name] for name in names)


def _take_in(folders: Mapping[str, Path], top: Path) -> None:
    """Private copies of both folders in `top`; raises DiagnosticsError with what Terraform must not act on."""
    top.mkdir()
    refused: list[Diagnostic] = []
    known: Known = {}
    for side, folder in folders.items():
        if not folder.is_dir():
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
        intake = take_in(folder, top / side)
        refused += [_in(folder, diagnostic) for diagnostic in (*intake.problems, *screen(intake.top, known))]
    if has_errors(refused):
        raise DiagnosticsError(refused)


@dataclass
class _Root:
    """One root on its way."""

    name: str
    before: str | None
    after: str | None
    found: list[Diagnostic] = field(default_factory=list)
    plan: dict[str, Any] | None = None
    applied: bool = False
    protected: bool = False
    """Whether `prevent_destroy` has refused the plan, and nothing else."""

    @property
    def last(self) -> str:
        """Where its plan is made."""
        root = self.after or self.before
        assert root is not None
        return root

    def change(self) -> RootChange:
        return RootChange(self.name, self.plan, self.applied, tuple(dict.fromkeys(self.found)))


class _Succession:
    """The roots of both sides in one session, which may run side by side."""

    def __init__(self, session: OfflineSession, folders: Mapping[str, Path]) -> None:
        self._session = session
        self._folders = folders

    def run(self, names: Sequence[str]) -> dict[str, RootChange]:
        """Every root of these names; what is protected is planned again when all others are done."""
        roots = [self._root(name) for name in names]
        for root in roots:
            self._session.keep_state(*filter(None, (root.before, root.after)))
            if root.before and root.after:
                self._session.follow(root.after, root.before)
        with ThreadPoolExecutor(_ROOTS_AT_A_TIME) as pool, ThreadPoolExecutor(1) as starting:
            ready = starting.map(self._session.initialise, [root.after for root in roots if root.before and root.after])
            list(pool.map(self._apply_and_plan, roots))
            list(ready)
            protected = [root for root in roots if root.protected]
            if protected:
                lift_protection(self._session.work_folder)
                list(pool.map(self._plan_and_apply, protected))
        return {root.name: root.change() for root in roots}

    def _root(self, name: str) -> _Root:
        before, after = (_join(side, name) for side in (_BEFORE, _AFTER))
        there = self._session.roots
        return _Root(name, before if before in there else None, after if after in there else None)

    def _apply_and_plan(self, root: _Root) -> None:
        if root.before is None or self._apply_old(root, root.before):
            self._plan_and_apply(root)

    def _apply_old(self, root: _Root, before: str) -> bool:
        ready, missing = self._session.ready(before)
        found = [*ready.diagnostics, *missing]
        if ready.ok:
            options = (*_OPTIONS, "-auto-approve", *self._session.values)
            found += self._run(before, "GP505", "apply", *options)[1]
        if not has_errors([one for one in found if one not in missing]):
            return True
        message = f"{root.name} as it was cannot be applied, so what a change of it does is not known"
        root.found += [Diagnostic("GP514", message), *(self._located(one) for one in found)]
        return False

    def _plan_and_apply(self, root: _Root) -> None:
        """Plans and, where something changes, applies; what `prevent_destroy` refuses is left for a second time."""
        protected, root.protected = root.protected, False
        ready, missing = self._session.ready(root.last)
        root.found += map(self._located, (*ready.diagnostics, *missing))
        if not ready.ok:
            return
        destroy = () if root.after else ("-destroy",)
        planned, found = self._run(
            root.last, "GP504", "plan", *_OPTIONS, f"-out={_PLAN}", *destroy, *self._session.values
        )
        if not protected and (addresses := _refused(found)):
            root.found += [_protection(address) for address in addresses]
            root.protected = True
            return
        if cycle := ended(root.name, found):
            root.found.append(cycle)
        root.found += map(self._located, found)
        root.plan = self._shown(root) if planned.returncode == 0 else None
        if root.plan is not None:
            root.applied = _in_order(root.plan) or self._apply_new(root)
            if root.applied:
                settle(root.plan, self._session.kept_state(root.last))
            root.found += _not_studied(root.plan)

    def _shown(self, root: _Root) -> dict[str, Any] | None:
        shown = self._session.run(root.last, "show", "-json", _PLAN)
        if shown.returncode != 0:
            root.found.append(reports.failure(shown, "GP504"))
            return None
        plan: dict[str, Any] = json.loads(shown.stdout)
        return taken_as_configured(plan)

    def _apply_new(self, root: _Root) -> bool:
        completed, found = self._run(
            root.last, "GP505", "apply", "-json", "-input=false", "-lock=false", "-auto-approve", _PLAN
        )
        if completed.returncode != 0:
            failed = ", ".join(dict.fromkeys(one.address for one in found if one.address))
            message = f"the change of {root.name} can be planned, but not applied"
            hint = f"mend what stops {failed} and apply that by itself first" if failed else None
            root.found.append(Diagnostic("GP513", message, hint=hint))
            root.found += map(self._located, found)
        return completed.returncode == 0

    def _run(self, root: str, code: str, command: str, *arguments: str) -> tuple[Completed, tuple[Diagnostic, ...]]:
        completed = self._session.run(root, command, *arguments)
        return completed, reports.from_messages(completed, code, self._session.locator(root))

    def _located(self, diagnostic: Diagnostic) -> Diagnostic:
        """The same, with its file named as that of one of the two folders."""
        place = diagnostic.place
        side, _, rest = place.file.partition("/") if place else ("", "", "")
        if place is None or side not in self._folders:
            return diagnostic
        return _in(self._folders[side], replace(diagnostic, place=replace(place, file=rest)))


def _join(side: str, root: str) -> str:
    return side if root == "." else f"{side}/{root}"


def _in(folder: Path, diagnostic: Diagnostic) -> Diagnostic:
    """The same, with its file named from where the process stands and not from `folder`."""
    place = diagnostic.place
    named = replace(place, file=os.path.normpath(folder / place.file)) if place else None
    return replace(diagnostic, place=named)


def _refused(found: Sequence[Diagnostic]) -> tuple[str, ...]:
    """The resources whose `prevent_destroy` refuses a plan, if nothing else does."""
    errors = [one for one in found if one.severity is Severity.ERROR]
    matches = [_PROTECTED.match(one.message) for one in errors]
    return tuple(match[1] for match in matches if match) if all(matches) else ()


def _protection(address: str) -> Diagnostic:
    message = f"`prevent_destroy` refuses a plan that would destroy {address}"
    return Diagnostic("GP512", message, hint="what follows is the plan without it", address=address)


def _not_studied(plan: Mapping[str, Any]) -> Iterator[Diagnostic]:
    """What is updated and may be replaced for all that is known."""
    for change in plan.get("resource_changes", ()):
        if _differs(change["change"]) and not effects().studied(change["type"]):
            message = f"whether this replaces it is unknown: {change['type']} was not studied"
            yield Diagnostic("GP511", message, Severity.WARNING, address=change["address"])


def _differs(change: Mapping[str, Any]) -> bool:
    """Whether it is updated with other values: an update may also be that a provider calls more of it sensitive."""
    after_unknown = change.get("after_unknown")
    return change["actions"] == ["update"] and (change["before"] != change["after"] or any_true(after_unknown))


def _in_order(plan: Mapping[str, Any]) -> bool:
    """Whether it can be applied for certain: what is only updated, with known values, waits for nothing."""
    changes = [change["change"] for change in plan.get("resource_changes", ())]
    open_ones = [change for change in changes if change["actions"] not in _NO_CHANGE]
    return all(one["actions"] == ["update"] and not any_true(one.get("after_unknown")) for one in open_ones)


def taken_as_configured(plan: dict[str, Any]) -> dict[str, Any]:
    """The same plan, with what is imported left as it is: nobody knows how it looks."""
    for change in plan.get("resource_changes", ()):
        if "importing" in change["change"]:
            importing = {**change["change"]["importing"], ASSUMED: True}
            change["change"] |= {"actions": ["no-op"], "before": change["change"]["after"], "importing": importing}
    return plan
