"""The one summary at the end of a build."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from groundplan.check.report import CheckReport, StepStatus
from groundplan.cost.report import CostReport
from groundplan.diagnostics import Diagnostic
from groundplan.environment.write import Changes
from groundplan.stack.model import Stack
from groundplan.views import changes as changes_view
from groundplan.views import check as check_view
from groundplan.views import cost as cost_view
from groundplan.views.diagnostics import to_json
from groundplan.views.tables import bold, usd


@dataclass(frozen=True, slots=True)
class Summary:
    """Everything a build did."""

    stack: Stack
    folder: str
    changes: Changes
    check: CheckReport
    cost: CostReport


def text(summary: Summary, *, color: bool) -> str:
    """A line for each stage, then totals; the check's own report when it found something."""
    stack = summary.stack
    heading = bold(f"{stack.name}: {stack.provider} {stack.region}, account {stack.account}", color=color)
    lines = "".join(f"{name:<10} {words}\n" for name, words in _stages(summary))
    parts = [f"{heading}\n\n{lines}", cost_view.summary(summary.cost, color=color)]
    if not summary.check.ok:
        parts.append(check_view.text(summary.check, color))
    return "\n".join(parts)


def markdown(summary: Summary) -> str:
    """A comment for a pull request."""
    stack, total = summary.stack, summary.cost.total
    rows = "".join(f"| {name} | {words} |\n" for name, words in _stages(summary))
    cost = f"| a month | {usd(total.low)} to {usd(total.high)}, **{usd(total.expected)}** expected |\n"
    table = f"## {stack.name}: {stack.provider} {stack.region}\n\n| | |\n| --- | --- |\n{rows}{cost}"
    return f"{table}\n{check_view.markdown(summary.check)}"


def as_json(summary: Summary, notices: Sequence[Diagnostic]) -> dict[str, Any]:
    """The parts of render, check and cost under the names those commands use; `notices` come before the findings."""
    checked = check_view.to_json(summary.check)
    return {
        "diagnostics": [*(to_json(notice) for notice in notices), *checked["diagnostics"]],
        "output": summary.folder,
        "files": changes_view.as_json(summary.changes),
        **{key: checked[key] for key in ("steps", "terraform", "checkov", "not_checked")},
        "cost": cost_view.as_json(summary.cost),
    }


def _stages(summary: Summary) -> Iterator[tuple[str, str]]:
    changes, check, cost = summary.changes, summary.check, summary.cost
    yield "spec", f"valid, {len(summary.stack.decisions)} decisions"
    written = len(changes.added) + len(changes.changed) + len(changes.removed)
    yield "render", f"{summary.folder}: {written} files written, {changes.unchanged} as they were"
    for root in check.roots:
        planned = "no plan" if root.changes is None else f"plan of {root.changes} resources"
        yield "terraform", f"{root.root} {'valid' if root.valid else 'not valid'}, {planned}"
    if check.checkov:
        counts = check.checkov
        yield (
            "checkov",
            (
                f"{counts.failed} failed, {counts.passed} passed, {counts.skipped} skipped with a reason, "
                f"{counts.resources} resources"
            ),
        )
    for step in check.steps:
        if step.status is not StepStatus.PASSED:
            yield step.name.value, step.reason or "failed"
    at_least = "at least " if cost.unpriced else ""
    yield "cost", f"{at_least}${usd(cost.total.expected)} a month expected, {cost_view.dates(cost)}"
