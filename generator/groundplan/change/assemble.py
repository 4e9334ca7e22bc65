"""From rehearsed roots, locks and specs to a `Change`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from groundplan.change.attribution import Attribution, Edits, references_of
from groundplan.change.classify import Finding, Knowledge
from groundplan.change.configured import Configured
from groundplan.change.counts import counts
from groundplan.change.entries import Rehearsed, ordered
from groundplan.change.left import left_behind
from groundplan.change.model import Change, Edit, Entry, Kind, Side
from groundplan.change.namespaces import InNamespaces, stateless_namespaces
from groundplan.change.opening import opened
from groundplan.change.planned import Planned, read_plan
from groundplan.change.protected import unprotected
from groundplan.change.rekeyed import rekeyed
from groundplan.change.taken_over import taken_over
from groundplan.diagnostics import Diagnostic, Severity
from groundplan.environment.lock import Lock
from groundplan.quantities import NO_USD, Band

_PREVENTED = "GP512"


class Root(Protocol):
    """A root of which the new configuration was planned on the state of the old one."""

    @property
    def root(self) -> str:
        """Its folder."""

    @property
    def plan(self) -> Mapping[str, Any] | None:
        """As `terraform show -json` gives it; None where there is nothing to plan, or it could not be."""

    @property
    def same(self) -> bool:
        """Whether nothing that it is made of differs, so that there is no plan."""

    @property
    def diagnostics(self) -> Sequence[Diagnostic]:
        """What Terraform found."""


@dataclass(frozen=True, slots=True)
class Environment:
    """One of the two environments, as far as a change is told from it."""

    side: Side
    lock: Lock | None = None
    folder: Path | None = None
    """Where its files are, for what no plan shows."""
    notices: Sequence[Diagnostic] = ()
    """What is to be known about it."""


@dataclass(frozen=True, slots=True)
class Specs:
    """What the two specs say, where both are there."""

    edits: Edits
    costs: Sequence[Entry] = ()
    monthly_usd: Band = NO_USD
    """What the new one costs more."""


def assemble(ends: tuple[Environment, Environment], roots: Sequence[Root], known: Knowledge, specs: Specs) -> Change:
    """Everything that leads from the one environment to the other."""
    before, after = ends
    plans = {root.root: root.plan for root in roots if root.plan is not None}
    planned = [one for name, plan in plans.items() for one in read_plan(name, plan)]
    known = InNamespaces(known, stateless_namespaces(planned))
    configured = {name: Configured.of(plan) for name, plan in plans.items()}
    references = {name: references_of(plan) for name, plan in plans.items()}
    attribution = Attribution(before.lock, after.lock, specs.edits, references, configured)
    rehearsed = Rehearsed(
        planned=list(rekeyed(planned, [*named_in(specs.edits.every), *_blocks(before.lock, after.lock)])),
        further=[*_unprotected(planned, before, after), *taken_over(planned)],
        attribution=attribution,
        known=known,
        refused=frozenset(_refused(roots)),
        unplanned=[root.root for root in roots if root.plan is None and before.lock and root.root in before.lock.calls],
    )
    opening = [
        entry for entry in opened(plans, attribution) if not rehearsed.goes_with_another(entry.root, entry.address)
    ]
    unplanned = [_unplanned(root) for root in roots if root.plan is None and not root.same]
    left = left_behind(rehearsed.planned, attribution, known, specs.costs)
    found = [*rehearsed.entries(), *left, *opening, *unplanned, *specs.costs]
    rehearsal = [diagnostic for root in roots for diagnostic in root.diagnostics]
    diagnostics = tuple(dict.fromkeys((*before.notices, *after.notices, *rehearsal)))
    return Change(before.side, after.side, ordered(found), counts(rehearsed.planned), specs.monthly_usd, diagnostics)


def _unprotected(planned: Sequence[Planned], before: Environment, after: Environment) -> Iterator[Finding]:
    if before.folder and after.folder:
        yield from unprotected(planned, before.folder, after.folder)


def _unplanned(root: Root) -> Entry:
    """That nobody knows what happens to a root, and why."""
    errors = (" ".join(one.message.split()) for one in root.diagnostics if one.severity is Severity.ERROR)
    return Entry(Kind.UNKNOWN, f"root {root.root} could not be rehearsed", root=root.root, reason=next(errors, ""))


def _blocks(before: Lock | None, after: Lock | None) -> list[str]:
    """Paths of the blocks that only one lock has a module call for: known also where a spec is not there any more."""
    there = [
        {call.path for calls in lock.calls.values() for call in calls.values()} for lock in (before, after) if lock
    ]
    return sorted(there[0] ^ there[1]) if len(there) > 1 else []


def _refused(roots: Iterable[Root]) -> Iterator[tuple[str, str]]:
    """Root and address of what `prevent_destroy` keeps from being destroyed."""
    for root in roots:
        for diagnostic in root.diagnostics:
            if diagnostic.code == _PREVENTED and diagnostic.address:
                yield root.root, diagnostic.address


def named_in(edited: Iterable[Edit]) -> Sequence[str]:
    """Paths of what came or went as a whole."""
    return [edit.path for edit in edited if edit.before is None or edit.after is None]
