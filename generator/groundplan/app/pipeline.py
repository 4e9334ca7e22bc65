"""The stages in a row, from a path to a stack and to files: what more than one command needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from groundplan import paths
from groundplan.app.overrides import NO_OVERRIDES, Overrides
from groundplan.app.target import retarget
from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.components.access.part import denials_of
from groundplan.components.budget.part import limits_of
from groundplan.components.load import components
from groundplan.components.resolve import kept_for, resolve
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place, Severity, has_errors, or_known
from groundplan.environment.files import SPEC_FILE, FileSet
from groundplan.environment.lock import Location, Lock, last_lock
from groundplan.prices.age import age_of, stale
from groundplan.spec.document import Document, dotted
from groundplan.spec.load import load
from groundplan.spec.model import Spec
from groundplan.spec.parse import parse
from groundplan.stack.kept import NOTHING, Kept
from groundplan.stack.model import Stack

if TYPE_CHECKING:
    from groundplan.compose.compose import Composition
    from groundplan.cost.hints import Hint
    from groundplan.cost.report import CostReport


@dataclass(frozen=True)
class Resolved:
    """A spec with everything decided. Stages that not every command needs are imported when they are."""

    path: Path
    document: Document
    spec: Spec
    cloud: Cloud
    stack: Stack
    retargeted: bool = False
    """Whether it is resolved for another cloud, region or account than its own."""
    kept: Kept = NOTHING
    """What the last render decided, by which it is resolved."""
    lock: Lock | None = None
    """Of the last render."""

    def estimate(self, *, apply_free_tiers: bool = False, today: date | None = None) -> CostReport:
        """What it costs; free amounts of the cloud are taken off when asked.

        With a day, versions are supported as they are then; what is rendered has none.
        """
        from groundplan.cost.estimate import estimate

        return estimate(self.stack, self.cloud, components(), apply_free_tiers=apply_free_tiers, today=today)

    def hints(self, report: CostReport, today: date | None = None) -> tuple[Hint, ...]:
        """What would cost less than `report`, which is of that day, found by pricing it."""
        from groundplan.cost.estimate import estimate
        from groundplan.cost.hints import Estimator, Subject, hints

        def price(stack: Stack) -> CostReport:
            return estimate(stack, self.cloud, components(), apply_free_tiers=report.free_tiers_applied, today=today)

        estimator = Estimator(
            lambda spec: resolve(spec, self.cloud, self.kept, self.stack.purchase_option, explain=False), price
        )
        return hints(Subject(self.spec, self.stack, self.cloud, report, self.kept), estimator)

    def compose(self) -> Composition:
        """The roots it becomes."""
        from groundplan.compose.compose import compose

        return compose(self.stack, self.cloud, components(), paths.MODULES, kept_for(self.spec, self.kept))

    def render(self, folder: Path, cost: CostReport | None = None) -> FileSet:
        """The files of its environment, to be written to `folder`."""
        from groundplan.app.source import source_in
        from groundplan.render.context import Context
        from groundplan.render.render import render

        source = source_in(self.document, self.path, folder, retargeted=self.retargeted)
        return render(Context(self.compose(), self.cloud, source, cost or self.estimate(), paths.MODULES))

    def place(self, path: str) -> Place | None:
        """Where the spec says what stands at `path`, or the block that it would stand in."""
        [found] = locate([Diagnostic("GP704", "", path=path)], self.document)
        return found.place

    @property
    def notices(self) -> list[Diagnostic]:
        """What the user should know about the stack, pointing into the spec."""
        found = locate([*self.stack.notices, *self._without_effect(), *self.renames()], self.document)
        return [*self.read_as, *found]

    @property
    def read_as(self) -> tuple[Diagnostic, ...]:
        """What was read differently than it is written, in the spec and in the lock of the last render."""
        return (*self.document.notices, *_of_earlier_format(self.lock))

    def renames(self) -> list[Diagnostic]:
        """Whether its names fit what the last render made."""
        kept = kept_for(self.spec, self.kept)
        if not (kept.assets or kept.left):
            return []
        from groundplan.compose.moves import Makers
        from groundplan.compose.renames import rename_findings

        return rename_findings(Makers(self.stack, self.cloud, components()), kept)

    def denials(self) -> list[Diagnostic]:
        """What of `access.deny` means nothing; on another cloud than its own, its lines are about nothing there."""
        if self.retargeted or not denials_of(self.stack):
            return []
        from groundplan.access.foreseen import mistakes

        return list(mistakes(self.stack, self.cloud, components()))

    def _without_effect(self) -> Iterable[Diagnostic]:
        """What the spec says and this cloud cannot do; `groundplan parity` shows the rest of what differs."""
        said = {dotted(path) for path in self.document.places}
        for note in (note for component in components() for note in component.on(self.cloud).notes(self.stack)):
            for path in note.paths if note.effect == "none" else ():
                if path in said:
                    message = f"`{path}` has no effect on {self.cloud.title}: {note.words}"
                    yield Diagnostic("GP307", message, severity=Severity.WARNING, path=path)

    def cost_findings(self, report: CostReport) -> list[Diagnostic]:
        """An exceeded budget and lines without a figure, pointing into the spec."""
        from groundplan.cost.findings import bounds_of_nothing, findings

        limits = limits_of(self.stack)
        return self.located([*findings(report), *(bounds_of_nothing(limits, report) if limits else ())])

    def located(self, found: Iterable[Diagnostic]) -> list[Diagnostic]:
        """The findings, pointing into the spec."""
        return locate(found, self.document)

    def dated_findings(self, today: date, report: CostReport | None = None) -> list[Diagnostic]:
        """What the day of the estimate has to do with it: old prices, and support that ends within a year.

        Without a report, as where only choices are shown, the prices are those of the machines.
        """
        lines = report.lines if report else [line for line in self.estimate().lines if line.option]
        age = age_of((line.as_of for line in lines), today)
        return [*stale(age, "prices used"), *(locate(self.support_findings(today), self.document) if report else ())]

    def support_findings(self, today: date) -> list[Diagnostic]:
        """Versions whose standard support has ended, or ends in the year after `today`."""
        from groundplan.cost.support import findings, support_ends

        versions = (
            version
            for component in components()
            for version in component.on(self.cloud).versions(self.stack, self.cloud.catalog)
        )
        return findings(support_ends(versions, self.cloud.prices, self.stack.region, today))


def resolve_spec(path: Path, last: Path | None = None, overrides: Overrides = NO_OVERRIDES) -> Resolved:
    """Read, check and resolve the spec at `path`; raises `DiagnosticsError` with places in the spec's files.

    What the last render into the folder `last` (by default the spec's own) decided stays, unless an upgrade is asked
    for; what a running environment cannot change stays in any case, unless it is to be forgotten.
    """
    return resolve_document(load(path), path, last, overrides)


def resolve_document(
    document: Document, path: Path, last: Path | None = None, overrides: Overrides = NO_OVERRIDES
) -> Resolved:
    """As `resolve_spec`, for a spec that is read already."""
    document = retarget(document, overrides.target)
    spec = parse(document)
    cloud = find_cloud(spec.cloud.provider)
    if cloud is None:
        raise DiagnosticsError(locate([_unknown_cloud(spec)], document))
    if overrides.books:
        cloud = _with_books(cloud, overrides.books)
    lock = last_lock(last or path.parent)
    kept = replace(lock.kept, choose_anew=overrides.upgrade, binding=not overrides.forget) if lock else NOTHING
    try:
        stack = resolve(spec, cloud, kept, overrides.purchase_option)
    except DiagnosticsError as error:
        raise DiagnosticsError(locate(error.diagnostics, document)) from error
    resolved = Resolved(path, document, spec, cloud, stack, retargeted=bool(overrides.target), kept=kept, lock=lock)
    if has_errors(problems := [*resolved.renames(), *resolved.denials()]):
        raise DiagnosticsError(locate(problems, document))
    return resolved


def _of_earlier_format(lock: Lock | None) -> tuple[Diagnostic, ...]:
    """GP728 for a lock that an earlier release wrote in a format of its own; the next render writes the present one."""
    if lock is None or not lock.migrations:
        return ()
    message = f"the lock of groundplan {lock.groundplan} is of an earlier format: {'; '.join(lock.migrations)}"
    return (Diagnostic("GP728", message, severity=Severity.NOTE),)


def _with_books(cloud: Cloud, books: Sequence[Path]) -> Cloud:
    from groundplan.app.books import read_books, with_books

    return with_books(cloud, read_books(books))


def resolve_for(spec: Path, folder: Path, overrides: Overrides) -> Resolved:
    """As `resolve_spec`, to be written to `folder`; GP308 where that holds another environment.

    A folder that is rendered for another region or name has the states of the first one and none of its resources.
    """
    return resolve_document_for(load(spec), spec, folder, overrides)


def resolve_document_for(document: Document, spec: Path, folder: Path, overrides: Overrides) -> Resolved:
    """As `resolve_for`, for a spec that is read already."""
    resolved, lock = resolve_document(document, spec, folder, overrides), last_lock(folder)
    if lock is not None and not overrides.forget:
        problems = locate(_another(resolved.stack, lock.cloud), resolved.document)
        if problems:
            raise DiagnosticsError(problems)
    return resolved


def _another(stack: Stack, there: Location) -> Iterable[Diagnostic]:
    """What of the environment in a folder is not what is to be written there."""
    pairs = (
        ("cloud.provider", there.provider, stack.provider),
        ("cloud.region", there.region, stack.region),
        ("cloud.account", there.account, stack.account),
        ("name", there.environment, stack.name),
    )
    for path, before, now in pairs:
        if before and before != now:
            message = f"`{path}` is {now}; the folder holds an environment of {before}, which would be given up"
            hint = "render into another folder; --forget if it was never applied or is destroyed"
            yield Diagnostic("GP308", message, hint=hint, path=path)


def rerender(folder: Path) -> FileSet:
    """What rendering the spec in `folder` again would write there."""
    lock = last_lock(folder)
    return resolve_spec(folder / (lock.spec.file if lock else SPEC_FILE), folder).render(folder)


def locate(diagnostics: Iterable[Diagnostic], document: Document) -> list[Diagnostic]:
    """The same findings, those that carry a spec path pointing at that value, or at the key that it stands under."""
    by_path = {dotted(path): path for path in document.places}
    located = []
    for diagnostic in diagnostics:
        if diagnostic.place is not None or diagnostic.path is None:
            located.append(diagnostic)
            continue
        path = diagnostic.path
        while path and path not in by_path:
            path = path.rpartition(".")[0]
        found = by_path.get(path, ())
        on_key = path != diagnostic.path or isinstance(document.lookup.value(*found), dict)
        pointed = document.diagnostic(diagnostic.code, "", found, on_key=on_key)
        located.append(replace(diagnostic, place=pointed.place, snippet=pointed.snippet))
    return located


def _unknown_cloud(spec: Spec) -> Diagnostic:
    return Diagnostic(
        code="GP204",
        message=f"`{spec.cloud.provider}` is not a cloud groundplan renders for",
        hint=or_known(spec.cloud.provider, CLOUDS),
        path="cloud.provider",
    )
