"""The one summary at the end of a build."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from groundplan import markdown as md
from groundplan.app.build import Build, Held
from groundplan.check.report import StepStatus
from groundplan.environment.write import Changes
from groundplan.escaping import for_text
from groundplan.views import change as change_view
from groundplan.views import changes as changes_view
from groundplan.views import check as check_view
from groundplan.views import cost as cost_view
from groundplan.views import sandbox
from groundplan.views.diagnostics import to_json
from groundplan.views.tables import bold, usd


def text(build: Build, *, color: bool) -> str:
    """A line for each stage, then totals and what the check found; its whole report when that is an error."""
    stack = build.stack
    heading = bold(f"{stack.name}: {stack.provider} {stack.region}, account {stack.account}", color=color)
    lines = "".join(f"{name:<10} {for_text(words)}\n" for name, words in _stages(build))
    change = change_view.short(build.change, color=color) if build.change else ""
    parts = [f"{heading}\n\n{lines}", change, cost_view.summary(build.cost, color=color)]
    parts.append(check_view.findings(build.check, color) if build.check.ok else check_view.text(build.check, color))
    return "\n".join(part for part in parts if part)


def markdown(build: Build) -> str:
    """A comment for a pull request."""
    stack, total = build.stack, build.cost.total
    title = md.heading(2, f"{stack.name}: {stack.provider} {stack.region}")
    expected = md.strong(usd(total.expected))
    cost = ("a month", md.Markdown(f"{usd(total.low)} to {usd(total.high)}, {expected} expected"))
    change = [change_view.markdown(build.change)] if build.change else []
    parts = [title, md.table(("", ""), [*_stages(build), cost]), *change, check_view.markdown(build.check)]
    return "\n".join(parts)


def held_text(held: Held, *, color: bool) -> str:
    """What would have been written, and what that would do."""
    counts = _counts(held.changes)
    return f"{for_text(held.folder)}: {counts} (nothing written)\n\n{change_view.text(held.change, color=color)}"


def held_markdown(held: Held) -> str:
    """The same as a comment for a pull request."""
    return change_view.markdown(held.change)


def held_json(held: Held) -> dict[str, Any]:
    """The parts of render and change under the names those commands use; nothing was checked or priced."""
    return {
        "output": held.folder,
        "files": changes_view.as_json(held.changes),
        "change": change_view.as_json(held.change),
    }


def as_json(build: Build) -> dict[str, Any]:
    """The parts of render, check and cost under the names those commands use; notices come before the findings."""
    checked = check_view.to_json(build.check)
    return {
        "diagnostics": [*(to_json(notice) for notice in build.notices), *checked["diagnostics"]],
        "output": build.folder,
        "files": changes_view.as_json(build.changes),
        "change": change_view.as_json(build.change) if build.change else None,
        **{key: checked[key] for key in ("steps", "terraform", "checkov", "not_checked", "sandbox")},
        "cost": cost_view.as_json(build.cost),
    }


def _stages(build: Build) -> Iterator[tuple[str, str]]:
    changes, check, cost = build.changes, build.check, build.cost
    yield "spec", f"valid, {len(build.stack.decisions)} decisions"
    yield "render", f"{build.folder}: {_counts(changes, 'files written')}"
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
    if check.walls:
        yield "sandbox", sandbox.words(check.walls)
    at_least = "at least " if cost.unpriced else ""
    yield "cost", f"{at_least}${usd(cost.total.expected)} a month expected, {cost_view.dates(cost)}"


def _counts(changes: Changes, what: str = "files to write") -> str:
    written = len(changes.added) + len(changes.changed) + len(changes.removed)
    return f"{written} {what}, {changes.unchanged} unchanged"
