"""Checking folders: rendered environments, or any Terraform."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

from groundplan.app.denied import denied_in
from groundplan.app.pipeline import rerender
from groundplan.app.progress import Progress
from groundplan.app.tools import Tools
from groundplan.check.allow import with_unused
from groundplan.check.report import CheckReport, requiring_charts


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
                inspect = denied_in(folder)
                report = checker.check(folder, roots=roots, rerender=rerender, today=today, inspect=inspect)
                checked.append(requiring_charts(report) if tools.require_charts else report)
    return with_unused(checked, tools.allowances)
