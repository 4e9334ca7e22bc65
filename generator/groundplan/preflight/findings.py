"""What is missing or unknown, as diagnostics that point into the spec."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.diagnostics import Diagnostic, Severity
from groundplan.preflight.model import Finding, Outcome, Report, Requirement, Stops, UnreachableError

SHOWN = 5
"""Names that one message lists before it counts the others."""

_SEVERITY = {Stops.APPLY: Severity.ERROR, Stops.GROWTH: Severity.ERROR, Stops.NOTHING: Severity.WARNING}
_EFFECT = {
    Stops.APPLY: "the apply would fail",
    Stops.GROWTH: "the apply would succeed, and the pool could not grow to `nodes.max`",
    Stops.NOTHING: None,
}


def diagnostics_of(report: Report) -> list[Diagnostic]:
    """A GP802 for what is missing and a GP803 for what is unknown; names that share everything else share one."""
    return [
        *(_missing(group) for group in _groups(report.of(Outcome.MISSING))),
        *(_unknown(group) for group in _groups(report.of(Outcome.UNKNOWN))),
    ]


def unreachable(error: UnreachableError, path: str) -> Diagnostic:
    """A GP804: nothing could be asked."""
    return Diagnostic("GP804", f"nothing was checked: {error}", hint=error.hint, path=path)


def title(requirement: Requirement) -> str:
    """The requirement in one line: what, its code and where."""
    what = requirement.name
    match requirement.kind:
        case "quota":
            return f"quota {what} ({requirement.service} {requirement.code}, {requirement.where})"
        case "machine":
            return f"{requirement.code} in {requirement.where}"
        case "permission":
            return f"permission {requirement.code}"
        case "api":
            return f"API {requirement.code}"
        case "bucket" | "network" | "account" | "policy":
            return f"{requirement.code}, {what}"


def _groups(findings: Iterable[Finding]) -> list[list[Finding]]:
    """Findings of one kind, reason and effect together; a quota stands alone, its figures are its own."""
    found: dict[object, list[Finding]] = {}
    for finding in findings:
        requirement = finding.requirement
        alone = requirement if requirement.kind == "quota" and finding.limit is not None else None
        found.setdefault((requirement.kind, finding.reason, finding.stops, alone), []).append(finding)
    return list(found.values())


def _missing(group: list[Finding]) -> Diagnostic:
    first = group[0]
    message = f"{_titles(group)}: {first.reason}"
    hint = "\n".join(filter(None, (_EFFECT[first.stops], _remedy(first))))
    return Diagnostic("GP802", message, _SEVERITY[first.stops], hint or None, path=first.requirement.path)


def _unknown(group: list[Finding]) -> Diagnostic:
    first = group[0]
    message = f"{_titles(group)}: {first.reason}"
    return Diagnostic("GP803", message, Severity.WARNING, path=first.requirement.path)


def _titles(group: list[Finding]) -> str:
    names = [title(finding.requirement) for finding in group]
    if len(names) <= SHOWN:
        return ", ".join(names)
    return f"{', '.join(names[:SHOWN])} and {len(names) - SHOWN} more"


def _remedy(finding: Finding) -> str | None:
    if finding.raise_to is None or finding.short_by is None:
        return None
    return f"request a limit of {finding.raise_to:f} {finding.requirement.unit}, {finding.short_by:f} more than now"
