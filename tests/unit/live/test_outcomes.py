"""What ends a run before it touches a root."""

from __future__ import annotations

from pathlib import Path

from groundplan.app.live.outcomes import Outcome, Result, another_plan, stopping
from groundplan.live.digests import plan_digest
from groundplan.live.saved import SavedRoot


def test_a_plan_that_is_not_the_one_that_was_shown_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "10-foundation.destroy.tfplan"
    file.write_bytes(b"shown")
    shown = SavedRoot(root="10-foundation", sha256=plan_digest(file), pending=True)
    assert another_plan("10-foundation", file, shown) is None
    file.write_bytes(b"put in its place")
    refused = another_plan("10-foundation", file, shown)
    assert refused is not None and (refused.result, [one.code for one in refused.diagnostics]) == (
        Result.FAILED,
        ["GP412"],
    )


def test_a_run_stops_at_what_failed_or_was_not_approved() -> None:
    done, declined = Outcome("00-state", Result.APPLIED), Outcome("10-foundation", Result.DECLINED)
    assert stopping([done, declined, Outcome("20-platform", Result.NOT_REACHED)]) is declined
    assert stopping([done, Outcome("10-foundation", Result.NOTHING)]) is None
