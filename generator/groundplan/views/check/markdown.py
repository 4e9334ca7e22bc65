"""A check's report as a comment for a pull request."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.check.report import CheckReport, Finding
from groundplan.markdown import Markdown, bullets, code, folded, heading, line, prose, strong, table, text
from groundplan.views import sandbox
from groundplan.views.check.content import cost_line, counted, grouped_skips, sentence


def markdown(report: CheckReport) -> str:
    """The verdict, a table of findings, the skips folded away."""
    skips = report.checkov.skips if report.checkov else ()
    parts = [
        heading(3, f"groundplan check: {'passed' if report.ok else 'failed'}"),
        f"{line(sentence(report))}\n",
        table(("", "finding", "resource", "where"), map(_row, report.findings)) if report.findings else "",
        folded(counted(len(skips), "skipped check"), bullets(_skips(report))) if skips else "",
        bullets(_notes(report)),
    ]
    return "\n".join(part for part in parts if part)


def _row(finding: Finding) -> tuple[object, ...]:
    diagnostic = finding.diagnostic
    places = [text(place) for place in dict.fromkeys((diagnostic.place, finding.terraform_place)) if place]
    message = Markdown(f"{diagnostic.code} {prose(diagnostic.message)}")
    return diagnostic.severity.value, message, code(diagnostic.address or ""), Markdown("<br>".join(places))


def _skips(report: CheckReport) -> Iterator[Markdown]:
    for (check_id, reason), count in grouped_skips(report.checkov.skips if report.checkov else ()):
        yield Markdown(f"{code(check_id)} {prose(reason) if reason else strong('no reason')} ({count})")


def _notes(report: CheckReport) -> Iterator[Markdown]:
    for item in report.not_checked:
        yield Markdown(f"not checked: {prose(item.what)} ({prose(item.reason)})")
    if report.walls:
        yield Markdown(f"sandbox: {prose(sandbox.words(report.walls))}")
    if report.cost_age:
        yield text(cost_line(report))
