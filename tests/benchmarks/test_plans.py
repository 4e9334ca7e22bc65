"""The plan that `make bench` prices is one."""

from __future__ import annotations

from groundplan.cost.plan import price_plan, read_plan
from tests.benchmarks.plans import DEEPEST, plan_text


def test_it_is_large_deep_and_priced() -> None:
    text = plan_text(1)
    assert 900_000 < len(text) < 1_200_000
    report = price_plan(read_plan(text, "plan.json"), "plan.json")
    assert len(report.cost.lines) > report.resources / 2 and report.unknown and report.free
    assert f"module.l{min(DEEPEST, 10) - 1}" in text
