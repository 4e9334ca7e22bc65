"""A check's report for other programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from groundplan.check.report import CheckReport, CostAge, Finding, ScanCounts
from groundplan.diagnostics import Diagnostic, Place
from groundplan.views import sandbox
from groundplan.views.diagnostics import to_json as diagnostic_to_json

FORMAT_VERSION = "1"


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
            "charts": _counts(checkov.charts),
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
        "sandbox": sandbox.as_json(report.walls),
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


def _age(age: CostAge) -> dict[str, Any]:
    return {
        "oldest_price": age.oldest.isoformat(),
        "newest_price": age.newest.isoformat(),
        "oldest_days": age.oldest_days,
    }


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
