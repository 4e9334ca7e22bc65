"""Checking folders: rendered environments, or any Terraform."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

from groundplan.app.pipeline import rerender
from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.check.allow import with_unused
from groundplan.check.report import CheckReport, Finding


def check(
    folders: Sequence[Path], tools: Tools, progress: Progress, today: date, roots: Sequence[str] = ()
) -> list[CheckReport]:
    """The report of each folder; a rendered one is compared with what its spec would render now.

    `roots` names the roots in each folder; without, they are found.

    `today` is the day on which its prices are as old as the report says.
    """
    checked = []
    with tools.checker() as checker:
        for folder in folders:
            with progress.step(f"checking {folder}"):
                report = checker.check(folder, roots=roots, rerender=rerender, today=today)
            checked.append(with_access(report, folder, tools, progress))
    return with_unused(checked, tools.allowances)


def with_access(report: CheckReport, folder: Path, tools: Tools, progress: Progress) -> CheckReport:
    """The report with what of `access.deny` does not hold; the same of a folder that Terraform cannot plan."""
    if not report.roots or not all(root.planned for root in report.roots):
        return report
    from groundplan.app.access import broken

    found = broken(folder, tools, progress)
    return replace(report, findings=(*report.findings, *(Finding(one, one.code) for one in found)))
