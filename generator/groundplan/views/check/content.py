"""What every format of a check says."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.check.report import CheckReport, Skip
from groundplan.views.diagnostics import summary


def grouped_skips(skips: Iterable[Skip]) -> list[tuple[tuple[str, str | None], int]]:
    """Checks skipped in the code, by id and reason, with how often."""
    counts: dict[tuple[str, str | None], int] = {}
    for skip in skips:
        key = (skip.check_id, skip.reason)
        counts[key] = counts.get(key, 0) + 1
    return sorted(counts.items(), key=lambda item: (item[0][0], item[0][1] or ""))


def cost_line(report: CheckReport) -> str:
    """How old the prices in COST.md are; empty without one."""
    if report.cost_age is None:
        return ""
    oldest, newest, days = report.cost_age.oldest, report.cost_age.newest, report.cost_age.oldest_days
    return f"COST.md: list prices of {oldest} to {newest}, the oldest {counted(days, 'day')} old\n"


def sentence(report: CheckReport) -> str:
    """What was found, in a sentence."""
    found = summary(report.diagnostics) or "no findings"
    checkov = report.checkov
    if checkov is None:
        return f"{found}; checkov did not run"
    counts = f"{checkov.passed} passed, {checkov.failed} failed, {checkov.skipped} skipped"
    charts = checkov.charts
    objects = f"{charts.passed} passed, {charts.failed} failed, {charts.skipped} skipped"
    on_charts = f"; on {counted(charts.resources, 'object')} of charts: {objects}" if charts.resources else ""
    return f"{found}; checkov on {counted(checkov.resources, 'resource')}: {counts}{on_charts}"


def counted(count: int, noun: str) -> str:
    """`1 resource`, `2 resources`."""
    return f"{count} {noun}{'' if count == 1 else 's'}"
