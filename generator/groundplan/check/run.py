"""Everything about one folder: fmt, validate, plan, checkov, own rules and freshness, as much as possible at once."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from types import MappingProxyType, TracebackType
from typing import Any, Protocol, Self

from groundplan.allowances import Allowance
from groundplan.charts.cache import cache_of
from groundplan.charts.engine import Proven, engine_for
from groundplan.check.allow import allowed_by, as_allowed
from groundplan.check.chart_scan import Judged, bare_skip, counts, judged, scanned, unscanned, without_reason
from groundplan.check.charts import ChartsResult, Means, Placed, check_charts
from groundplan.check.checkov import CheckovError, CheckovProcess, Scan
from groundplan.check.dated import Judge
from groundplan.check.freshness import Rerender, stale
from groundplan.check.json_files import scan_json_too
from groundplan.check.mapping import Mapper
from groundplan.check.plan import without_computed
from groundplan.check.price_age import cost_age, old_prices
from groundplan.check.report import (
    CheckovReport,
    CheckReport,
    CostAge,
    Finding,
    NotChecked,
    RootReport,
    Skip,
    Step,
    StepName,
    StepStatus,
)
from groundplan.check.rules import RULES, Rule, Subject, Violation
from groundplan.check.scan import merge
from groundplan.check.unproven import other_version, without_schema
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Severity, has_errors
from groundplan.environment.lock import Lock, read_lock
from groundplan.hcl.sources import Sources
from groundplan.sandbox.sandbox import best_sandbox
from groundplan.terraform.intake import Intake, take_in
from groundplan.terraform.offline import Inputs, check_roots, find_roots, format_check, offline_session
from groundplan.terraform.providers import Unmet
from groundplan.terraform.results import PlanResult, RootResult
from groundplan.terraform.screen import screen
from groundplan.terraform.screen.findings import is_registry_module
from groundplan.terraform.workspace import throwaway_folder

ALL_STEPS = frozenset(StepName)

_NAMED = 5
"""How many folders a line names before it counts."""
_STOP_TERRAFORM_ONLY = frozenset({"GP909", "GP910"})
"""What Terraform must not read, though checkov, which evaluates nothing of it, may."""


class Session(Protocol):
    """What a check asks of Terraform."""

    def keep_state(self, *roots: str) -> None:
        """Has the roots share a state for what is applied to it."""

    def settle(self, root: str) -> Mapping[str, Any]:
        """The state of such a root after its plan is applied."""

    def validate(self, root: str) -> RootResult:
        """`init` and `validate` of one root."""

    def plan(self, root: str) -> PlanResult:
        """The plan of one root."""

    def unmet(self, root: str) -> tuple[Unmet, ...]:
        """Providers of one root that are served in another version than it asks for."""


Plans = Mapping[str, Mapping[str, Any]]
"""By root."""
Inspect = Callable[[Plans, Callable[[str], Mapping[str, Any]], Sources], Iterable[Diagnostic]]
"""What else there is to say of plans; it may have a root applied to a throwaway state, and gets that state."""
OpenSession = Callable[[Path, Sequence[str]], AbstractContextManager[Session]]
Format = Callable[[Path], tuple[Diagnostic, ...]]


class Checker:
    """Checks any number of folders; checkov is loaded once, starting when the context is entered.

    Enter it as early as possible: checkov's second and a half of loading then passes while something else runs.
    """

    def __init__(
        self,
        *,
        inputs: Inputs | None = None,
        steps: frozenset[StepName] = ALL_STEPS,
        jobs: int = 2,
        environment: Mapping[str, str] = MappingProxyType({}),
        allow: Sequence[Allowance] = (),
    ) -> None:
        """`inputs`: what Terraform gets beside the folder; `jobs`: how many roots run at a time.

        `environment` is what checkov's process may take over from; it takes little (`worker_environment`). `allow` is
        what the operator lets pass.
        """
        self._steps = steps
        self._jobs = jobs
        self._allow = tuple(allow)
        given = inputs or Inputs()
        self._open: OpenSession = lambda folder, roots: offline_session(
            folder, roots, **vars(given), assume_unknown=True
        )
        self._format: Format = lambda folder: format_check(
            folder, terraform_bin=given.terraform_bin, sandbox=given.sandbox
        )
        self._environment = environment
        self._sandbox = given.sandbox or best_sandbox()
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self._base = self._stack.enter_context(throwaway_folder())
        self._checkov = CheckovProcess(self._environment, self._base, sandbox=self._sandbox)
        if StepName.CHECKOV in self._steps:
            self._stack.enter_context(self._checkov)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stack.close()

    def check(
        self,
        folder: Path,
        *,
        roots: Sequence[str] = (),
        rerender: Rerender | None = None,
        today: date | None = None,
        inspect: Inspect | None = None,
    ) -> CheckReport:
        """The report on one folder of Terraform, rendered or not.

        `roots` are folders in it to plan instead of those that `find_roots` finds; `rerender` renders the environment
        in the folder again, for comparison; `today` is the day on which the prices in its COST.md are as old as the
        report says; `inspect` is asked once every root is planned. Raises DiagnosticsError if there is nothing to
        check (GP101), if the folder is too large (GP105) or if a schema file or Terraform program cannot be used.
        """
        started = time.perf_counter()
        if not folder.is_dir():
            raise DiagnosticsError([Diagnostic("GP101", f"{folder} is not a folder")])
        with throwaway_folder(self._base) as base:
            run = _Run(folder, take_in(folder, base / "folder"), self._steps, tuple(roots))
            if not run.roots and not run.sources.files:
                raise DiagnosticsError([Diagnostic("GP101", f"{folder} holds no Terraform files")])
            with ThreadPoolExecutor(max_workers=self._jobs + 2) as pool:
                scans = pool.submit(run.scan_source, self._checkov)
                formatted = pool.submit(run.format, self._format)
                run.terraform(
                    self._open,
                    self._jobs,
                    lambda plan: pool.submit(self._checkov.plan, without_computed(plan)),
                    inspect,
                )
                proving = pool.submit(run.prove_charts, self._means(base))
                run.freshness(rerender, today)
                run.rules(self._allow)
                run.charts(proving)
                formatted.result()
                run.checkov(scans, today)
                run.objects(self._checkov)
            return replace(run.report(time.perf_counter() - started), walls=self._sandbox.walls)

    def _means(self, base: Path) -> Means:
        return Means(engine_for(base, self._sandbox, self._environment), cache_of(self._environment))


_Submit = Callable[[Mapping[str, Any]], "Future[Scan]"]


@dataclass(slots=True)
class _Root:
    report: RootReport
    diagnostics: tuple[Diagnostic, ...] = ()
    plan: Mapping[str, Any] | None = None
    scan: Future[Scan] | None = None
    plan_seconds: float = 0.0


@dataclass
class _Run:
    """What has come together about one folder so far."""

    folder: Path
    intake: Intake
    wanted: frozenset[StepName]
    roots: tuple[str, ...] = ()
    lock: Lock | None = None
    findings: list[Finding] = field(default_factory=list)
    steps: dict[StepName, Step] = field(default_factory=dict)
    not_checked: list[NotChecked] = field(default_factory=list)
    by_root: dict[str, _Root] = field(default_factory=dict)
    merged: CheckovReport | None = None
    cost_age: CostAge | None = None
    proven: Sequence[Proven] = ()
    unproven: list[Finding] = field(default_factory=list)
    allowable: set[str] = field(default_factory=set)
    allowed: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        problems: tuple[Diagnostic, ...] = ()
        try:
            self.lock = read_lock(self.folder)
        except DiagnosticsError as error:
            problems = error.diagnostics
        top = self.intake.top
        self.roots = check_roots(top, self.roots) or find_roots(top)
        self.sources = Sources(top, self.roots)
        self.mapper = Mapper(self.folder, self.lock, self.sources)
        self.findings += [Finding(problem, problem.code) for problem in problems]
        self.refused = (*self.intake.problems, *screen(top))
        self.findings += [self.mapper.finding(d, terraform_place=d.place) for d in self.refused]
        self.not_checked += [NotChecked(file.name, file.reason) for file in self.intake.left_out]
        for step in StepName:
            if step not in self.wanted:
                self._not_run(step, "not asked for")

    def format(self, format_folder: Format) -> None:
        """`terraform fmt`."""
        if StepName.FORMAT in self.wanted:
            started = time.perf_counter()
            self._done(StepName.FORMAT, format_folder(self.intake.top), time.perf_counter() - started)

    def scan_source(self, checkov: CheckovProcess) -> tuple[Scan, Scan, float] | None:
        """checkov on the source, for vulnerabilities and for secrets."""
        if StepName.CHECKOV not in self.wanted:
            return None
        started = time.perf_counter()
        secrets = checkov.secrets(self.intake.top)
        hcl = scan_json_too(checkov.hcl, self.sources) if self._may_scan_modules else Scan()
        return hcl, secrets, time.perf_counter() - started

    @property
    def _may_scan_modules(self) -> bool:
        """checkov follows the sources of modules, so none of them may lead out of the folder, or in circles.

        One from a registry is none that it follows: it downloads nothing unless told to.
        """
        return all(d.code in _STOP_TERRAFORM_ONLY or is_registry_module(d) for d in self.refused)

    def terraform(self, open_session: OpenSession, jobs: int, scan: _Submit, inspect: Inspect | None) -> None:
        """`validate` and `plan` of every root; plans go to `scan` as they come, and all together to `inspect`."""
        if not self.wanted & {StepName.VALIDATE, StepName.PLAN}:
            return
        if has_errors(self.refused):
            for step in (StepName.VALIDATE, StepName.PLAN):
                self._not_run(step, "Terraform is not started on a folder with such findings")
            self.not_checked += [NotChecked(f"plan of {name}", "Terraform was not started") for name in self.roots]
            return
        with open_session(self.intake.top, self.roots) as session, ThreadPoolExecutor(jobs) as pool:
            for name in self.roots if inspect else ():
                session.keep_state(name)
            found = pool.map(lambda root: self._root(session, root, scan), self.roots)
            self.by_root = dict(zip(self.roots, found, strict=True))
            self.not_checked += [other_version(one, name) for name in self.roots for one in session.unmet(name)]
            if inspect:
                self._inspected(inspect, session)
        roots = self.by_root.values()
        valid = max((r.report.seconds - r.plan_seconds for r in roots), default=0.0)
        planned = max((r.plan_seconds for r in roots), default=0.0)
        for name, root in self.by_root.items():
            diagnostics = [without_schema(d, self.sources, name) for d in root.diagnostics]
            self.findings += [self.mapper.finding(d, root=name, terraform_place=d.place) for d in diagnostics]
        self._step(StepName.VALIDATE, all(r.report.valid for r in roots), valid)
        if StepName.PLAN in self.wanted:
            self._planned(planned)

    def _inspected(self, inspect: Inspect, session: Session) -> None:
        """Nothing where a root has no plan, which is said elsewhere."""
        plans = {name: root.plan for name, root in self.by_root.items() if root.plan is not None}
        if plans and all(root.report.planned for root in self.by_root.values()):
            self.findings += [Finding(one, one.code) for one in inspect(plans, session.settle, self.sources)]

    def _planned(self, seconds: float) -> None:
        """Every root that there is must plan: what has no plan was not looked at."""
        for name, root in self.by_root.items():
            if not root.report.planned:
                reason = "the plan failed" if root.report.valid else "it is not valid"
                self.not_checked.append(NotChecked(f"plan of {name}", reason))
        if uncalled := self.sources.uncalled:
            more = f" and {len(uncalled) - _NAMED} more" if len(uncalled) > _NAMED else ""
            self.not_checked.append(NotChecked(f"plan of {', '.join(uncalled[:_NAMED])}{more}", "no root calls it"))
        self._step(StepName.PLAN, all(root.report.planned for root in self.by_root.values()), seconds)

    def _root(self, session: Session, name: str, scan: _Submit) -> _Root:
        planned = session.plan(name) if StepName.PLAN in self.wanted else None
        checked = _validated_by(planned) or session.validate(name)
        valid = checked.ok or all(d.code == "GP507" for d in _errors(checked))
        root = _Root(RootReport(name, valid, False, None, checked.seconds), checked.diagnostics)
        if planned is None or (not checked.ok and planned.plan is None):
            return root
        new = tuple(d for d in planned.diagnostics if d not in checked.diagnostics)
        changes = _changes(planned.plan) if planned.plan is not None else None
        done = planned.ok or (planned.plan is not None and all(d.code == "GP507" for d in _errors(planned)))
        report = replace(root.report, planned=done, changes=changes, seconds=checked.seconds + planned.seconds)
        future = scan(planned.plan) if planned.plan is not None and StepName.CHECKOV in self.wanted else None
        return _Root(report, (*checked.diagnostics, *new), planned.plan, future, planned.seconds)

    def checkov(self, source: Future[tuple[Scan, Scan, float] | None], today: date | None) -> None:
        """Waits for the scans and merges them."""
        try:
            scans = source.result()
            plans = {name: root.scan.result() for name, root in self.by_root.items() if root.scan is not None}
        except CheckovError as error:
            problem = Diagnostic("GP603", f"checkov failed: {error}", hint="`checkov -d` on the folder may say more")
            self._done(StepName.CHECKOV, [problem], 0.0)
            return
        if scans is None:
            return
        hcl, secrets, seconds = scans
        if not self._may_scan_modules:
            self.not_checked.append(NotChecked("checkov on the source", "it is not certain where modules lead"))
        planned = {name: root.plan for name, root in self.by_root.items() if root.plan is not None}
        self.merged, found = merge(self.mapper, hcl, secrets, plans, Judge(self.sources, planned, today))
        self.findings += found
        unplanned = [name for name in self.roots if name not in plans]
        self.not_checked += [NotChecked(f"checkov on the plan of {name}", "it has no plan") for name in unplanned]
        self._step(StepName.CHECKOV, not found, seconds)

    def prove_charts(self, means: Means) -> tuple[ChartsResult, float]:
        """What the charts of the planned releases render, and what is wrong with that."""
        started = time.perf_counter()
        plans = {name: root.plan for name, root in self.by_root.items() if root.plan is not None}
        if StepName.CHARTS not in self.wanted:
            return ChartsResult(reason="not asked for"), 0.0
        try:
            result = check_charts(self.intake.top, plans, self.lock, means)
        except DiagnosticsError as error:
            result = ChartsResult(tuple(Placed("", diagnostic) for diagnostic in error.diagnostics))
        return result, time.perf_counter() - started

    def charts(self, proving: Future[tuple[ChartsResult, float]]) -> None:
        """Waits for the charts."""
        result, seconds = proving.result()
        self.not_checked += result.not_checked
        self.findings += [self.mapper.finding(one.diagnostic, root=one.root or None) for one in result.found]
        self.proven = result.proven
        self.unproven = [self.mapper.finding(one.diagnostic, root=one.root) for one in result.unproven]
        errors = any(one.diagnostic.severity is Severity.ERROR for one in result.found)
        if result.reason and not errors:
            self._not_run(StepName.CHARTS, result.reason)
        else:
            self._step(StepName.CHARTS, not errors, seconds)

    def objects(self, checkov: CheckovProcess) -> None:
        """checkov on what the charts render."""
        if self.merged is None or not any(one.objects for one in self.proven):
            return
        plans = {name: root.plan for name, root in self.by_root.items() if root.plan is not None}
        try:
            scan, unread = scanned(checkov.objects, self.proven)
        except CheckovError as error:
            self._done(StepName.CHECKOV, [Diagnostic("GP603", f"checkov failed on charts: {error}")], 0.0)
            return
        found = judged(scan, self.proven, plans)
        failed = [one for one in found if one.record.status == "failed"]
        self.findings += [self._of_object(one, one.diagnostic) for one in failed]
        bare = [self._of_object(one, bare_skip(one)) for one in without_reason(found)]
        told = unscanned(scan, self.proven, unread)
        left = [self.mapper.finding(diagnostic, root=one.found.release.root) for one, diagnostic in told]
        self.findings += [*bare, *left]
        skips = tuple(self._skip_of_object(one) for one in found if one.record.status == "skipped")
        merged = replace(self.merged, charts=counts(found, scan), skips=(*self.merged.skips, *skips))
        self.merged = merged
        if failed or bare or left:
            self._step(StepName.CHARTS, False, self.steps[StepName.CHARTS].seconds)

    def _of_object(self, one: Judged, diagnostic: Diagnostic) -> Finding:
        check_id = one.record.id if diagnostic.code == "GP601" else None
        return self.mapper.finding(diagnostic, check_id=check_id, root=one.proven.found.release.root)

    def _skip_of_object(self, one: Judged) -> Skip:
        release, record = one.proven.found.release, one.record
        return Skip(record.id, record.name, f"{release.address} {record.address}", record.reason, release.root, None)

    def rules(self, allow: Sequence[Allowance] = ()) -> None:
        """The own rules; what the operator allows is a note."""
        if StepName.RULES not in self.wanted:
            return
        started = time.perf_counter()
        plans = {name: root.plan for name, root in self.by_root.items() if root.plan is not None}
        subject = Subject(self.sources, plans, rendered=self.lock is not None)
        before = len(self.findings)
        self.findings += [self._violation(rule, found, allow) for rule in RULES for found in rule.check(subject)]
        if len(plans) < len(self.roots):
            needing = ", ".join(rule.code for rule in RULES if rule.needs_plan)
            missing = ", ".join(name for name in self.roots if name not in plans)
            self.not_checked.append(NotChecked(f"rules {needing} on {missing}", "they need a plan"))
        clean = not any(f.diagnostic.severity is Severity.ERROR for f in self.findings[before:])
        self._step(StepName.RULES, clean, time.perf_counter() - started)

    def _violation(self, rule: Rule, found: Violation, allow: Sequence[Allowance]) -> Finding:
        chosen = found.chosen if self.mapper.chosen(found.root, found.address) else None
        message = f"{rule.title}: {found.message}"
        diagnostic = Diagnostic(rule.code, message, chosen or found.severity, hint=rule.remedy, address=found.address)
        self.allowable |= set(found.needs)
        if by := allowed_by(found.needs, allow):
            self.allowed |= {str(one) for one in by}
            diagnostic = as_allowed(diagnostic, by)
        finding = self.mapper.finding(diagnostic, root=found.root, terraform_place=found.place)
        return self.mapper.nearer(finding, found.keys, found.value)

    def freshness(self, rerender: Rerender | None, today: date | None) -> None:
        """Whether the folder is what was rendered, and would be rendered again."""
        if StepName.FRESHNESS not in self.wanted:
            return
        if self.lock is None:
            self._not_run(StepName.FRESHNESS, "the folder has no readable groundplan.lock.json")
            self.not_checked.append(NotChecked("lines of the spec", "without a lock findings lead to Terraform only"))
            return
        started = time.perf_counter()
        diagnostics, not_checked = stale(self.folder, self.lock.outline, rerender)
        self.cost_age = cost_age(self.folder, self.lock, today) if today else None
        self.not_checked += not_checked
        self._done(StepName.FRESHNESS, [*diagnostics, *old_prices(self.cost_age)], time.perf_counter() - started)

    def report(self, seconds: float) -> CheckReport:
        """Everything, in an order that does not depend on what finished first."""
        return CheckReport(
            folder=str(self.folder),
            findings=tuple(sorted(self.findings, key=_order)),
            steps=tuple(self.steps[name] for name in StepName),
            roots=tuple(root.report for root in self.by_root.values()),
            checkov=self.merged,
            not_checked=tuple(self.not_checked),
            seconds=seconds,
            cost_age=self.cost_age,
            unproven=tuple(sorted(self.unproven, key=_order)),
            allowable=tuple(sorted(self.allowable)),
            allowed=tuple(sorted(self.allowed)),
        )

    def _done(self, name: StepName, diagnostics: Sequence[Diagnostic], seconds: float) -> None:
        self.findings += [self.mapper.finding(d, terraform_place=d.place) for d in diagnostics]
        self._step(name, not any(d.severity is Severity.ERROR for d in diagnostics), seconds)

    def _step(self, name: StepName, passed: bool, seconds: float) -> None:
        if name in self.wanted:
            self.steps[name] = Step(name, StepStatus.PASSED if passed else StepStatus.FAILED, None, seconds)

    def _not_run(self, name: StepName, reason: str) -> None:
        self.steps.setdefault(name, Step(name, StepStatus.NOT_RUN, reason))


def _validated_by(planned: PlanResult | None) -> RootResult | None:
    """What `validate` would say, where a plan has said it: Terraform validates all of a root before it plans it.

    A plan that has something to say leaves open which part of it is about what `validate` sees.
    """
    if planned is None or not planned.ok or planned.diagnostics:
        return None
    return RootResult(planned.root, True, (), 0.0)


def _errors(result: RootResult | PlanResult) -> list[Diagnostic]:
    return [diagnostic for diagnostic in result.diagnostics if diagnostic.severity is Severity.ERROR]


def _changes(plan: Mapping[str, Any]) -> int:
    """How many managed resources the plan creates, changes or removes."""
    changes = (change["change"]["actions"] for change in plan.get("resource_changes", ()))
    return sum(actions not in (["no-op"], ["read"]) for actions in changes)


def _order(finding: Finding) -> tuple[str, str, int, str, str, str]:
    diagnostic, place = finding.diagnostic, finding.diagnostic.place or finding.terraform_place
    where = (place.file, place.line) if place else ("", 0)
    return diagnostic.code, *where, finding.check_id, diagnostic.address or "", diagnostic.message
