"""A check's report for people, for programs and for pull requests."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from groundplan.check.report import CheckReport, CostAge, Finding, ScanCounts, Skip, StepStatus
from groundplan.diagnostics import Diagnostic, Place, Severity
from groundplan.views.diagnostics import summary
from groundplan.views.diagnostics import to_json as diagnostic_to_json
from groundplan.views.junit import junit
from groundplan.views.sarif import sarif

__all__ = ["junit", "markdown", "sarif", "text", "to_json"]

FORMAT_VERSION = "1"

_CONTROL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028\u2029]")

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
    notes = (_skips(report), _not_checked(report), _cost(report))
    parts = [_steps(report, paint), _roots(report), *_groups(report, paint), *notes]
    return "\n".join(part for part in parts if part) + f"\n{_verdict(report, paint)}\n"


def to_json(report: CheckReport) -> dict[str, Any]:
    """The object of `--format json`; times are seconds."""
    checkov = report.checkov
    return {
        "format_version": FORMAT_VERSION,
        "ok": report.ok,
        "folder": report.folder,
        "seconds": round(report.seconds, 2),
        "diagnostics": [_finding(finding) for finding in report.findings],
        "steps": [
            {
                "name": step.name.value,
                "status": step.status.value,
                "reason": step.reason,
                "seconds": round(step.seconds, 2),
            }
            for step in report.steps
        ],
        "terraform": {
            "roots": {
                root.root: {
                    "valid": root.valid,
                    "planned": root.planned,
                    "resources": root.changes,
                    "seconds": round(root.seconds, 2),
                }
                for root in report.roots
            }
        },
        "checkov": None
        if checkov is None
        else {
            "passed": checkov.passed,
            "failed": checkov.failed,
            "skipped": checkov.skipped,
            "resources": checkov.resources,
            "hcl": _counts(checkov.hcl),
            "plan": _counts(checkov.plan),
            "secrets": _counts(checkov.secrets),
            "skips": [
                {
                    "check_id": skip.check_id,
                    "name": skip.name,
                    "address": skip.address,
                    "root": skip.root,
                    "reason": skip.reason,
                    "terraform_place": _place(skip.terraform_place),
                }
                for skip in checkov.skips
            ],
        },
        "not_checked": [{"what": item.what, "reason": item.reason} for item in report.not_checked],
        "cost_page": None if report.cost_age is None else _age(report.cost_age),
    }


def several_to_json(reports: Sequence[CheckReport]) -> dict[str, Any]:
    """The object for several folders: one object of `to_json` for each, by the folder's name."""
    folders = {report.folder: to_json(report) for report in reports}
    return {
        "format_version": FORMAT_VERSION,
        "ok": all(report.ok for report in reports),
        "diagnostics": [diagnostic for part in folders.values() for diagnostic in part["diagnostics"]],
        "folders": folders,
    }


def markdown(report: CheckReport) -> str:
    """A comment for a pull request: the verdict, a table of findings, the skips folded away."""
    lines = [f"### groundplan check: {'passed' if report.ok else 'failed'}", "", _sentence(report), ""]
    if report.findings:
        lines += ["| | finding | resource | where |", "| --- | --- | --- | --- |"]
        lines += [_row(finding) for finding in report.findings]
        lines.append("")
    if report.checkov and report.checkov.skips:
        lines += [f"<details><summary>{_number(report.checkov.skipped, 'skipped check')}</summary>", ""]
        lines += [
            f"- `{i}` {_cell(reason or '**no reason**')} ({n})" for (i, reason), n in _grouped(report.checkov.skips)
        ]
        lines += ["", "</details>", ""]
    lines += [f"- not checked: {_cell(item.what)} ({_cell(item.reason)})" for item in report.not_checked]
    if report.cost_age:
        lines.append(f"- {_cost(report).rstrip()}")
    return "\n".join(lines).rstrip() + "\n"


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
        after = f"  {step.reason}" if step.reason else f"{step.seconds:6.2f} s"
        lines.append(f"{step.name.value:<{width}}  {paint(code, f'{word:<7}')}{after}")
    return "\n".join(lines) + "\n"


def _roots(report: CheckReport) -> str:
    width = max((len(root.root) for root in report.roots), default=0)
    lines = []
    for root in report.roots:
        valid = "valid" if root.valid else "not valid"
        plan = f"plan of {_number(root.changes, 'resource')}" if root.changes is not None else "no plan"
        lines.append(f"{root.root:<{width}}  {valid}, {plan}")
    return "\n".join(lines) + "\n" if lines else ""


def _groups(report: CheckReport, paint: _Paint) -> Iterator[str]:
    """Findings that share a line of the spec, or of the source, under that line; those of the spec first."""
    for _, group in groupby(sorted(report.findings, key=_group_key), key=_group_key):
        findings = list(group)
        first = findings[0]
        place = first.diagnostic.place
        head = paint(_BOLD, str(place or Path(report.folder, first.root or ".")))
        if first.component:
            head += f"  {first.diagnostic.path} ({first.component})"
        lines = [head]
        if place and first.diagnostic.snippet:
            number = f"{place.line:>4} "
            lines.append(f"{paint(_BLUE, f'{number}|')} {_clean(first.diagnostic.snippet.text.rstrip())}")
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
    first, *more = _clean(message).splitlines() or [""]
    lines = [f"  {label}: {first}", *(f"      {line}" for line in more)]
    for finding in findings:
        where = finding.terraform_place if finding.terraform_place != place else None
        named = " ".join(part for part in (finding.diagnostic.address, f"at {where}" if where else None) if part)
        lines += [f"      {_clean(named)}"] if named else []
    lines += [f"      = {line}" for line in _clean(diagnostic.hint or "").splitlines()]
    return lines


def _skips(report: CheckReport) -> str:
    if not report.checkov or not report.checkov.skips:
        return ""
    lines = [f"{_number(report.checkov.skipped, 'check')} skipped in the code:"]
    lines += [
        f"  {check_id}: {reason or 'no reason'} ({count})"
        for (check_id, reason), count in _grouped(report.checkov.skips)
    ]
    return "\n".join(lines) + "\n"


def _grouped(skips: Iterable[Skip]) -> list[tuple[tuple[str, str | None], int]]:
    counts: dict[tuple[str, str | None], int] = {}
    for skip in skips:
        key = (skip.check_id, skip.reason)
        counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or ""))


def _not_checked(report: CheckReport) -> str:
    return "".join(f"not checked: {item.what} ({item.reason})\n" for item in report.not_checked)


def _cost(report: CheckReport) -> str:
    if report.cost_age is None:
        return ""
    oldest, newest, days = report.cost_age.oldest, report.cost_age.newest, report.cost_age.oldest_days
    return f"COST.md: list prices of {oldest} to {newest}, the oldest {_number(days, 'day')} old\n"


def _age(age: CostAge) -> dict[str, Any]:
    return {
        "oldest_price": age.oldest.isoformat(),
        "newest_price": age.newest.isoformat(),
        "oldest_days": age.oldest_days,
    }


def _verdict(report: CheckReport, paint: _Paint) -> str:
    code = _GREEN if report.ok else _RED
    return paint(code, _sentence(report)) + f" in {report.seconds:.1f} s"


def _sentence(report: CheckReport) -> str:
    found = summary(report.diagnostics) or "no findings"
    checkov = report.checkov
    if checkov is None:
        return f"{found}; checkov did not run"
    counts = f"{checkov.passed} passed, {checkov.failed} failed, {checkov.skipped} skipped"
    return f"{found}; checkov on {_number(checkov.resources, 'resource')}: {counts}"


def _row(finding: Finding) -> str:
    diagnostic = finding.diagnostic
    where = [str(place) for place in dict.fromkeys((diagnostic.place, finding.terraform_place)) if place]
    resource = f"`{diagnostic.address}`" if diagnostic.address else ""
    cells = (diagnostic.severity.value, f"{diagnostic.code} {diagnostic.message}", resource)
    return "| " + " | ".join([*(_cell(cell) for cell in cells), "<br>".join(_cell(place) for place in where)]) + " |"


def _cell(words: str) -> str:
    """Text that stays text in a table cell."""
    return html.escape(_clean(words), quote=False).replace("|", "\\|").replace("\n", " ")


def _clean(words: str) -> str:
    """Without characters that move a terminal's cursor; line breaks stay."""
    return _CONTROL.sub("\ufffd", words)


def _number(count: int, noun: str) -> str:
    return f"{count} {noun}{'' if count == 1 else 's'}"


def _finding(finding: Finding) -> dict[str, Any]:
    diagnostic: Diagnostic = finding.diagnostic
    return diagnostic_to_json(diagnostic) | {
        "check_id": finding.check_id,
        "component": finding.component,
        "root": finding.root,
        "terraform_place": _place(finding.terraform_place),
        "seen_in": list(finding.seen_in),
    }


def _place(place: Place | None) -> dict[str, Any] | None:
    return {"file": place.file, "line": place.line, "column": place.column} if place else None


def _counts(counts: ScanCounts) -> dict[str, int]:
    return {
        "passed": counts.passed,
        "failed": counts.failed,
        "skipped": counts.skipped,
        "resources": counts.resources,
    }
