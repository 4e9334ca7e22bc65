"""What the operator lets pass of a check's findings: `--allow CLASS:WHAT` on the command line."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from groundplan.allowances import Allowance, unused
from groundplan.check.report import CheckReport, Finding
from groundplan.diagnostics import Diagnostic, Severity


def allowed_by(needs: Collection[str], given: Sequence[Allowance]) -> tuple[Allowance, ...]:
    """The words that together cover all that is needed; empty if they do not, or if nobody can allow it."""
    covering = [next((one for one in given if one.covers(need)), None) for need in needs]
    return tuple(dict.fromkeys(one for one in covering if one)) if None not in covering else ()


def with_unused(reports: Sequence[CheckReport], given: Sequence[Allowance]) -> list[CheckReport]:
    """The reports, the first with an error (GP207) for each word that allowed nothing in any of them."""
    used = {word for report in reports for word in report.allowed}
    there = {need for report in reports for need in report.allowable}
    found = [unused(one, there) for one in given if str(one) not in used]
    if not reports or not found:
        return list(reports)
    first = replace(reports[0], findings=(*reports[0].findings, *(Finding(d, d.code) for d in found)))
    return [first, *reports[1:]]


def as_allowed(diagnostic: Diagnostic, by: Sequence[Allowance]) -> Diagnostic:
    """The finding as a note that says who allowed it."""
    words = " ".join(f"--allow {one}" for one in by)
    return replace(diagnostic, message=f"{diagnostic.message}; allowed by {words}", severity=Severity.NOTE, hint=None)
