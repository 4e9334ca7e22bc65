"""What every format of a preflight says: what was found, and what is left to ask for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from groundplan.preflight.model import KINDS, Finding, Kind, Outcome, Report, Requirement
from groundplan.views.tables import Column

_KIND_WORDS: dict[Kind, str] = {
    "account": "account",
    "policy": "policies and grants",
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


COUNTS = (Column("asked"), *(Column(outcome.value, number=True) for outcome in Outcome))


def headline(report: Report) -> str:
    """Which environment is examined, and where."""
    needs = report.needs
    return f"{needs.name}: {report.provider} {needs.region}, account {needs.account}"


def state(report: Report) -> str:
    """What the examination comes to, in a sentence."""
    if report.findings is None:
        return f"Nothing was checked: {report.why.rstrip('.')}. This is what the environment requires of the account."
    if report.stopping:
        return f"The account does not meet the environment's requirements. Checked as {report.identity}."
    if report.of(Outcome.UNKNOWN):
        return f"Nothing is known to be missing, but some checks could not be completed. Checked as {report.identity}."
    return f"The account meets the environment's requirements. Checked as {report.identity}."


def request_title(report: Report) -> str:
    """To whom the request goes."""
    left = "" if report.findings is None else ": what is missing or unknown"
    return f"Request to the administrator of {report.needs.account}{left}"


def count_rows(report: Report) -> list[tuple[str, ...]]:
    """How many requirements of each kind are met, missing and unknown."""
    findings = report.findings or ()
    rows = []
    for kind in KINDS:
        outcomes = [finding.outcome for finding in findings if finding.requirement.kind == kind]
        if outcomes:
            rows.append((_KIND_WORDS[kind], *(str(outcomes.count(outcome)) for outcome in Outcome)))
    return rows


def sections_of(report: Report) -> Iterator[_Section]:
    """The request by kind; nothing for kinds of which nothing is open."""
    wanted = {kind: [pair for pair in report.open if pair[0].kind == kind] for kind in KINDS}
    if report.findings is not None and wanted["account"]:
        rows = [(r.code, f.reason if f else "") for r, f in wanted["account"]]
        yield _Section("Account", (Column("account"), Column("found")), rows)
    if wanted["policy"]:
        policies = [(r.where, r.name, r.code) for r, _ in wanted["policy"]]
        yield _Section("Policies and grants", (Column("where"), Column("what"), Column("who")), policies)
    if wanted["network"]:
        rows = [(r.code, r.name) for r, _ in wanted["network"]]
        yield _Section("Existing network", (Column("id"), Column("what")), rows)
    if wanted["machine"]:
        yield _Section("Machine types", (Column("type"), Column("where"), Column("for")), _machines(wanted["machine"]))
    if wanted["quota"]:
        checked = report.findings is not None
        title = "Quotas" if checked else "Quotas, needed on top of current usage"
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
