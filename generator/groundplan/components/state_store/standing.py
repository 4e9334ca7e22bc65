"""Where the states of an environment are that stands: Terraform looks for them where the roots say, nowhere else."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic, Severity
from groundplan.stack.standing import FORGOTTEN
from groundplan.stack.work import Work

_LOCAL = "a file beside each root"


def states_move(work: Work, now: str) -> Iterator[Diagnostic]:
    """GP314 where the states are elsewhere than in `now`, bucket and folder; empty: a file beside each root.

    The rendered roots have to name the new place before they can be moved there, so it is a warning.
    """
    bucket, prefix = work.kept.standing("state.bucket"), work.kept.standing("state.prefix")
    before = f"{bucket}/{prefix}" if prefix else bucket
    there = now if prefix else now.partition("/")[0]  # earlier releases did not note the folder
    if (not before and work.kept.standing("state.backend") != "local") or before == there:
        return
    yield Diagnostic(
        code="GP314",
        severity=Severity.WARNING,
        message=f"the states of `{work.spec.name}` are in {before or _LOCAL}, and its roots look in {now or _LOCAL}",
        hint=f"after the render and before any plan: `terraform init -migrate-state` in each root; {FORGOTTEN}",
        path="state",
    )
