"""A preflight in words: what was found, and the request for the account's administrator."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groundplan.preflight.model import KINDS, Finding, Kind, Outcome, Report, Requirement, Stops
from groundplan.views.tables import Column, bold, number, table

_KIND_WORDS: dict[Kind, str] = {
    "account": "account",
    "network": "existing network",
    "machine": "machine types, per zone",
    "quota": "quotas",
    "api": "APIs",
    "permission": "permissions",
    "bucket": "bucket names",
}
_QUOTA_COLUMNS = (Column("quota"), Column("code"), Column("where"))
_NEEDED_COLUMNS = (Column("at once", number=True), Column("at full size", number=True), Column("unit"), Column("for"))
_ASKED_COLUMNS = (
    Column("limit", number=True),
    Column("in use", number=True),
    Column("needed", number=True),
    Column("ask for", number=True),
    Column("unit"),
    Column("for"),
)

Wanted = tuple[Requirement, Finding | None]


@dataclass(frozen=True, slots=True)
class _Section:
    """A part of the request: a table of its own."""

    title: str
    columns: tuple[Column, ...]
    rows: Sequence[tuple[str, ...]]


def text(report: Report, *, color: bool) -> str:
    """What was found, counted, and what is left to ask for."""
    parts = [bold(_heading(report), color=color) + "\n", _state(report) + "\n"]
    if report.findings is not None:
        parts.append(table(_COUNTS, _counts(report), color=color))
    sections = list(_sections(report))
    if sections:
        parts.append(bold(_request_title(report), color=color) + "\n")
    parts += [f"{section.title}\n\n{table(section.columns, section.rows, color=color)}" for section in sections]
    return "\n".join(parts)


def markdown(report: Report) -> str:
    """The same for a ticket or a comment."""
    parts = [f"## {_heading(report)}", _state(report)]
    if report.findings is not None:
        parts.append(_markdown_table(_COUNTS, _counts(report)))
        found = [*report.of(Outcome.MISSING), *report.of(Outcome.UNKNOWN)]
        rows = [(f.outcome.value, _what(f.requirement), f.requirement.where, f.reason, _STOPS[f.stops]) for f in found]
        if rows:
            parts.append(_markdown_table(_FOUND, rows))
    sections = list(_sections(report))
    if sections:
        parts.append(f"### {_request_title(report)}")
    for section in sections:
        parts += [f"#### {section.title}", _markdown_table(section.columns, section.rows)]
    return "\n\n".join(parts) + "\n"


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


_COUNTS = (Column("asked"), *(Column(outcome.value, number=True) for outcome in Outcome))
_STOPS = {Stops.APPLY: "the apply", Stops.GROWTH: "growth to full size", Stops.NOTHING: ""}
_FOUND = (Column("outcome"), Column("what"), Column("where"), Column("why"), Column("stops"))


def _heading(report: Report) -> str:
    needs = report.needs
    return f"{needs.name}: {report.provider} {needs.region}, account {needs.account}"


def _state(report: Report) -> str:
    if report.findings is None:
        return f"Nothing was checked: {report.why.rstrip('.')}. This is what the environment needs of the account."
    if report.stopping:
        return f"The account does not have what the environment needs. Asked as {report.identity}."
    if report.of(Outcome.UNKNOWN):
        return f"Nothing is known to be missing; some answers could not be had. Asked as {report.identity}."
    return f"The account has what the environment needs. Asked as {report.identity}."


def _request_title(report: Report) -> str:
    left = "" if report.findings is None else ", what is missing or unknown"
    return f"Request to the administrator of {report.needs.account}{left}"


def _counts(report: Report) -> list[tuple[str, ...]]:
    findings = report.findings or ()
    rows = []
    for kind in KINDS:
        outcomes = [finding.outcome for finding in findings if finding.requirement.kind == kind]
        if outcomes:
            rows.append((_KIND_WORDS[kind], *(str(outcomes.count(outcome)) for outcome in Outcome)))
    return rows


def _what(requirement: Requirement) -> str:
    coded = {"quota": f"{requirement.name} ({requirement.service} {requirement.code})"}
    return coded.get(requirement.kind, f"{requirement.code}, {requirement.name}".removesuffix(f", {requirement.code}"))


def _sections(report: Report) -> Iterator[_Section]:
    """The request by kind; nothing for kinds of which nothing is open."""
    wanted = {kind: [pair for pair in report.open if pair[0].kind == kind] for kind in KINDS}
    if report.findings is not None and wanted["account"]:
        rows = [(r.code, f.reason if f else "") for r, f in wanted["account"]]
        yield _Section("Account", (Column("account"), Column("found")), rows)
    if wanted["network"]:
        rows = [(r.code, r.name) for r, _ in wanted["network"]]
        yield _Section("Existing network", (Column("id"), Column("what")), rows)
    if wanted["machine"]:
        yield _Section("Machine types", (Column("type"), Column("where"), Column("for")), _machines(wanted["machine"]))
    if wanted["quota"]:
        checked = report.findings is not None
        title = "Quotas" if checked else "Quotas, to be free beside what is in use"
        columns = (*_QUOTA_COLUMNS, *(_ASKED_COLUMNS if checked else _NEEDED_COLUMNS))
        yield _Section(title, columns, [_quota(*pair) for pair in wanted["quota"]])
    if wanted["api"]:
        yield _Section("APIs to enable", (Column("API"),), [(r.code,) for r, _ in wanted["api"]])
    if wanted["permission"]:
        rows = [(service, ", ".join(names)) for service, names in _permissions(wanted["permission"]).items()]
        yield _Section("Permissions of whoever applies", (Column("service or role"), Column("permissions")), rows)
    if wanted["bucket"]:
        rows = [(r.code, r.name) for r, _ in wanted["bucket"]]
        yield _Section("Buckets", (Column("bucket"), Column("what")), rows)


def _quota(requirement: Requirement, finding: Finding | None) -> tuple[str, ...]:
    names = requirement.name, f"{requirement.service} {requirement.code}", requirement.where
    needed = _figure(requirement.amount)
    because = "; ".join(requirement.because) or requirement.path
    if finding is None:
        return *names, _figure(requirement.at_once), needed, requirement.unit, because
    used = "unknown" if finding.used is None else _figure(finding.used)
    limit = "unknown" if finding.limit is None else _figure(finding.limit)
    ask = f"in use + {needed}" if finding.used is None else _figure(finding.raise_to)
    return *names, limit, used, needed, ask, requirement.unit, because


def _figure(amount: Decimal | None) -> str:
    return "" if amount is None else f"{amount:f}"


def _machines(wanted: Sequence[Wanted]) -> list[tuple[str, ...]]:
    """One row for a type and what it is for, with all its places."""
    places: dict[tuple[str, str], list[str]] = {}
    for requirement, _ in wanted:
        reason = ", ".join(requirement.because) or requirement.path
        places.setdefault((requirement.code, reason), []).append(requirement.where)
    return [(code, ", ".join(where), reason) for (code, reason), where in places.items()]


def _permissions(wanted: Sequence[Wanted]) -> dict[str, list[str]]:
    """Names by service, sorted."""
    found: dict[str, list[str]] = {}
    for requirement, _ in wanted:
        found.setdefault(requirement.service, []).append(requirement.code.removeprefix(f"{requirement.service}:"))
    return {service: sorted(names) for service, names in sorted(found.items())}


def _request(report: Report) -> dict[str, Any]:
    """What is open, by kind, in the form an administrator's own tools take."""
    wanted = {kind: [pair for pair in report.open if pair[0].kind == kind] for kind in KINDS}
    return {
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


def _markdown_table(columns: Sequence[Column], rows: Sequence[Sequence[str]]) -> str:
    def line(cells: Iterable[str]) -> str:
        return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"

    rule = (":-" if not column.number else "-:" for column in columns)
    return "\n".join([line(column.title for column in columns), line(rule), *(line(row) for row in rows)])
