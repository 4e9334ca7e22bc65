"""What a check found, what it looked at, and what it did not look at."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from groundplan.diagnostics import Diagnostic, Place, Severity
from groundplan.sandbox.walls import Walls


class StepName(StrEnum):
    """The parts of a check, in the order a report lists them."""

    FORMAT = "format"
    VALIDATE = "validate"
    PLAN = "plan"
    CHECKOV = "checkov"
    CHARTS = "charts"
    RULES = "rules"
    FRESHNESS = "freshness"


class StepStatus(StrEnum):
    """How a part ended; `not_run` always comes with a reason."""

    PASSED = "passed"
    FAILED = "failed"
    NOT_RUN = "not_run"


@dataclass(frozen=True, slots=True)
class Step:
    """One part of the check; `seconds` is wall time, and parts overlap."""

    name: StepName
    status: StepStatus
    reason: str | None = None
    seconds: float = 0.0


@dataclass(frozen=True, slots=True)
class NotChecked:
    """Something a reader might think was checked and was not."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class RootReport:
    """What Terraform said about one root; `changes` counts the resources its plan acts on, None without a plan."""

    root: str
    valid: bool
    planned: bool
    changes: int | None
    seconds: float


@dataclass(frozen=True, slots=True)
class ScanCounts:
    """What one of checkov's scans counted, in checkov's own terms."""

    passed: int = 0
    failed: int = 0
    skipped: int = 0
    resources: int = 0


@dataclass(frozen=True, slots=True)
class Skip:
    """A checkov check that a comment in the code switches off for a resource, or newer facts than those it has."""

    check_id: str
    name: str
    address: str
    reason: str | None
    root: str | None
    terraform_place: Place | None


@dataclass(frozen=True, slots=True)
class CheckovReport:
    """checkov's scans merged: the same check on the same resource counts once, however many scans saw it.

    `resources` counts distinct resources: every address of every plan that was scanned, and those that only the
    source has (a `count` of 0, a module nothing calls, a root without a plan). `hcl` equals the `terraform` part of
    `checkov -d`, `secrets` its `secrets` part.
    """

    passed: int
    failed: int
    skipped: int
    resources: int
    hcl: ScanCounts
    plan: ScanCounts
    secrets: ScanCounts
    skips: tuple[Skip, ...]
    charts: ScanCounts = ScanCounts()
    """What was counted on the objects of charts, which no other count holds."""


@dataclass(frozen=True, slots=True)
class Finding:
    """A diagnostic and where it belongs: `diagnostic.place` is the line of the spec if one caused it."""

    diagnostic: Diagnostic
    check_id: str
    """checkov's id for what checkov found, else the diagnostic's code."""
    terraform_place: Place | None = None
    root: str | None = None
    component: str | None = None
    seen_in: tuple[str, ...] = ()
    """Which of checkov's scans found it: `hcl`, `plan`, `secrets`."""


@dataclass(frozen=True, slots=True)
class CostAge:
    """How old the prices in an environment's COST.md are on the day `today`; freshness is not about them."""

    oldest: date
    newest: date
    today: date

    @property
    def oldest_days(self) -> int:
        """Days since the oldest price was read."""
        return (self.today - self.oldest).days


@dataclass(frozen=True, slots=True)
class CheckReport:
    """The result of checking one folder; places are relative to the working directory if `folder` is."""

    folder: str
    findings: tuple[Finding, ...]
    steps: tuple[Step, ...]
    roots: tuple[RootReport, ...]
    checkov: CheckovReport | None
    not_checked: tuple[NotChecked, ...]
    seconds: float
    cost_age: CostAge | None = None
    unproven: tuple[Finding, ...] = ()
    """Charts that nobody could look at: findings only for who asks for every chart to be proven."""
    allowable: tuple[str, ...] = ()
    """What there is that `--allow` can name."""
    allowed: tuple[str, ...] = ()
    """What `--allow` named and thereby let pass."""
    walls: Walls | None = None
    """What stood around Terraform and checkov."""

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What every other command reports too."""
        return tuple(finding.diagnostic for finding in self.findings)

    @property
    def ok(self) -> bool:
        """Whether nothing was found that stops a release; warnings and notes do not."""
        return not any(d.severity is Severity.ERROR for d in self.diagnostics)


def requiring_charts(report: CheckReport) -> CheckReport:
    """The same report for who asks for every chart to be proven."""
    if not report.unproven:
        return report
    failed = Step(StepName.CHARTS, StepStatus.FAILED)
    steps = (replace(failed, seconds=step.seconds) if step.name is StepName.CHARTS else step for step in report.steps)
    return replace(report, findings=(*report.findings, *report.unproven), steps=tuple(steps))


_USAGE = ("GP1", "GP2", "GP3", "GP402", "GP403")
_MISSING = ("GP507", "GP8")
_STALE = ("GP401", "GP404")


def exit_code(report: CheckReport) -> int:
    """0 fine, 2 usage, 5 something needed is missing, 1 findings, 4 stale or edited: the first that applies.

    What is missing outranks findings because they are not all there yet; findings outrank staleness because rendering
    again does not cure them.
    """
    codes = [d.code for d in report.diagnostics if d.severity is Severity.ERROR]
    if not codes:
        return 0
    if any(code.startswith(_USAGE) for code in codes):
        return 2
    if any(code.startswith(_MISSING) for code in codes):
        return 5
    return 4 if all(code in _STALE for code in codes) else 1
