"""The operator's own Terraform and OpenTofu, through groundplan."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.live.kills import applied, groundplan
from tests.live.world import NAME, World, programs

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("operator", ["aws"], indirect=True)
@pytest.mark.parametrize("name", ["terraform", "tofu"])
def test_plans_and_applies_and_refuses_a_plan_of_an_older_state(operator: World, name: str, tmp_path: Path) -> None:
    if name not in programs():
        pytest.skip(f"there is no `{name}` on PATH")
    operator.program = programs()[name]
    program, plans = ("--root", "00-state", "--terraform-bin", str(operator.program)), str(tmp_path / "plans")
    ran = groundplan(operator, "plan", str(operator.folder), *program, "--out", plans)
    assert ran.code == 6, ran.output
    ran = applied(operator, "00-state")
    assert ran.code == 0, ran.output
    ran = groundplan(operator, "apply", str(operator.folder), *program, "--plans", plans, "--confirm", NAME)
    assert (ran.code, "GP414" in ran.output) == (4, True), ran.output
    ran = applied(operator, "00-state")
    assert (ran.code, "nothing to apply" in ran.output) == (0, True), ran.output
