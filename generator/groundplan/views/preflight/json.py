"""A preflight for other programs."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from groundplan.preflight.model import KINDS, Finding, Outcome, Report, Requirement
from groundplan.views.preflight.content import Wanted
from groundplan.views.tables import number


def as_json(report: Report) -> dict[str, Any]:
    """Every requirement with its outcome, and what is left to ask for; `outcome` is null where nothing was checked."""
    needs, findings = report.needs, report.findings
    pairs: Iterable[Wanted] = (
        [(requirement, None) for requirement in report.requirements]
        if findings is None
        else [(finding.requirement, finding) for finding in findings]
    )
    return {
        "name": needs.name,
        "provider": report.provider,
        "region": needs.region,
        "account": needs.account,
        "checked": findings is not None,
        "not_checked": report.why or None,
        "identity": report.identity or None,
        "counts": {outcome.value: len(report.of(outcome)) for outcome in Outcome},
        "requirements": [_requirement(*pair) for pair in pairs],
        "request": _request(report),
    }


def _request(report: Report) -> dict[str, Any]:
    """What is open, by kind, in the form an administrator's own tools take."""
    wanted = {kind: [pair for pair in report.open if pair[0].kind == kind] for kind in KINDS}
    return {
        "policies": [
            {"where": requirement.where, "what": requirement.name, "who": requirement.code}
            for requirement, _ in wanted["policy"]
        ],
        "machines": [
            {"type": requirement.code, "service": requirement.service, "where": requirement.where}
            for requirement, _ in wanted["machine"]
        ],
        "quotas": [
            {
                "service": requirement.service,
                "code": requirement.code,
                "name": requirement.name,
                "where": requirement.where,
                "unit": requirement.unit,
                "needed": _number(requirement.amount),
                "raise_to": _number(finding.raise_to) if finding and finding.used is not None else None,
            }
            for requirement, finding in wanted["quota"]
        ],
        "apis": [requirement.code for requirement, _ in wanted["api"]],
        "permissions": [requirement.code for requirement, _ in wanted["permission"]],
        "buckets": [requirement.code for requirement, _ in wanted["bucket"]],
    }


def _requirement(requirement: Requirement, finding: Finding | None) -> dict[str, Any]:
    return {
        "kind": requirement.kind,
        "name": requirement.name,
        "service": requirement.service,
        "code": requirement.code,
        "where": requirement.where,
        "unit": requirement.unit or None,
        "needed": _number(requirement.amount),
        "needed_at_once": _number(requirement.at_once),
        "because": list(requirement.because),
        "path": requirement.path,
        "outcome": finding.outcome.value if finding else None,
        "reason": finding.reason if finding else None,
        "stops": finding.stops.value if finding else None,
        "limit": _number(finding.limit) if finding else None,
        "used": _number(finding.used) if finding else None,
        "short_by": _number(finding.short_by) if finding else None,
    }


def _number(amount: Decimal | None) -> int | float | None:
    return None if amount is None else number(amount)
