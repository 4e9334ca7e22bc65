"""A check's report on a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path

from groundplan.check.report import CheckReport, Finding, StepStatus
from groundplan.diagnostics import Place, Severity
from groundplan.escaping import for_source, for_text, lines_for_text
from groundplan.views import sandbox
from groundplan.views.check.content import cost_line, counted, grouped_skips, sentence

_BOLD, _DIM, _RED, _GREEN, _YELLOW, _BLUE, _RESET = (
    "\x1b[1m",
    "\x1b[2m",
    "\x1b[1;31m",
    "\x1b[32m",
    "\x1b[1;33m",
    "\x1b[1;34m",
    "\x1b[0m",
)


_MARKS = {StepStatus.PASSED: ("ok", _GREEN), StepStatus.FAILED: ("failed", _RED), StepStatus.NOT_RUN: ("not run", _DIM)}


_COLORS = {Severity.ERROR: _RED, Severity.WARNING: _YELLOW, Severity.NOTE: _BLUE}


def text(report: CheckReport, color: bool) -> str:
    """Steps and roots, then the findings by the line of the spec or source they come from, then what it amounts to."""
    paint = _Paint(color)
    notes = (_skips(report), _not_checked(report), cost_line(report), sandbox.line(report.walls))
    parts = [_steps(report, paint), _roots(report), *_groups(report, paint), *notes]
    return "\n".join(part for part in parts if part) + f"\n{_verdict(report, paint)}\n"


def findings(report: CheckReport, color: bool) -> str:
    """The findings alone, by the line that they come from; empty without any."""
    return "\n".join(_groups(report, _Paint(color)))


class _Paint:
    def __init__(self, color: bool) -> None:
        self._color = color

    def __call__(self, code: str, words: str) -> str:
        return f"{code}{words}{_RESET}" if self._color else words


def _steps(report: CheckReport, paint: _Paint) -> str:
    width = max(len(step.name.value) for step in report.steps)
    lines = []
    for step in report.steps:
        word, code = _MARKS[step.status]
        after = f"  {for_text(step.reason)}" if step.reason else f"{step.seconds:6.2f} s"
        lines.append(f"{step.name.value:<{width}}  {paint(code, f'{word:<7}')}{after}")
    return "\n".join(lines) + "\n"


def _roots(report: CheckReport) -> str:
    names = [for_text(root.root) for root in report.roots]
    width = max(map(len, names), default=0)
    lines = []
    for name, root in zip(names, report.roots, strict=True):
        valid = "valid" if root.valid else "not valid"
        plan = f"plan of {counted(root.changes, 'resource')}" if root.changes is not None else "no plan"
        lines.append(f"{name:<{width}}  {valid}, {plan}")
    return "\n".join(lines) + "\n" if lines else ""


def _groups(report: CheckReport, paint: _Paint) -> Iterator[str]:
    """Findings that share a line of the spec, or of the source, under that line; those of the spec first."""
    for _, group in groupby(sorted(report.findings, key=_group_key), key=_group_key):
        findings = list(group)
        first = findings[0]
        place = first.diagnostic.place
        head = paint(_BOLD, for_text(place or Path(report.folder, first.root or ".")))
        if first.component:
            head += for_text(f"  {first.diagnostic.path} ({first.component})")
        lines = [head]
        if place and first.diagnostic.snippet:
            number = f"{place.line:>4} "
            lines.append(f"{paint(_BLUE, f'{number}|')} {for_source(first.diagnostic.snippet.text.rstrip())}")
        for (message, *_), alike in _alike(findings):
            lines += _item(message, alike, place, paint)
        yield "\n".join(lines) + "\n"


def _group_key(finding: Finding) -> tuple[bool, str, int, int]:
    place = finding.diagnostic.place
    return (
        (finding.component is None, place.file, place.line, place.column) if place else (True, finding.root or "", 0, 0)
    )


def _alike(findings: Sequence[Finding]) -> Iterator[tuple[tuple[str, ...], list[Finding]]]:
    """Findings that say the same about several resources."""
    groups: dict[tuple[str, ...], list[Finding]] = {}
    for finding in findings:
        diagnostic = finding.diagnostic
        groups.setdefault((diagnostic.message, diagnostic.code, diagnostic.severity, diagnostic.hint or ""), []).append(
            finding
        )
    yield from groups.items()


def _item(message: str, findings: Sequence[Finding], place: Place | None, paint: _Paint) -> list[str]:
    diagnostic = findings[0].diagnostic
    label = paint(_COLORS[diagnostic.severity], f"{diagnostic.severity.value}[{diagnostic.code}]")
    first, *more = lines_for_text(message) or [""]
    lines = [f"  {label}: {first}", *(f"      {line}" for line in more)]
    for finding in findings:
        where = finding.terraform_place if finding.terraform_place != place else None
        named = " ".join(part for part in (finding.diagnostic.address, f"at {where}" if where else None) if part)
        lines += [f"      {for_text(named)}"] if named else []
    lines += [f"      = {line}" for line in lines_for_text(diagnostic.hint or "")]
    return lines


def _skips(report: CheckReport) -> str:
    if not report.checkov or not report.checkov.skips:
        return ""
    lines = [f"{counted(report.checkov.skipped, 'check')} skipped in the code:"]
    lines += [
        for_text(f"  {check_id}: {reason or 'no reason'} ({count})")
        for (check_id, reason), count in grouped_skips(report.checkov.skips)
    ]
    return "\n".join(lines) + "\n"


def _not_checked(report: CheckReport) -> str:
    return "".join(for_text(f"not checked: {item.what} ({item.reason})") + "\n" for item in report.not_checked)


def _verdict(report: CheckReport, paint: _Paint) -> str:
    code = _GREEN if report.ok else _RED
    return paint(code, sentence(report)) + f" in {report.seconds:.1f} s"
