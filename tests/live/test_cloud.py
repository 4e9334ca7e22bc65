"""The test cloud itself, with nothing but Terraform: without it no test of a live command means anything."""

from __future__ import annotations

from tests.live.world import ROOTS, World


def test_all_roots_are_applied_in_order_and_a_second_plan_is_empty(operator: World) -> None:
    operator.apply()
    assert [operator.plan_code(root) for root in ROOTS] == [0, 0, 0]
    assert operator.get(operator.state_key("20-platform"))
    assert operator.get(operator.lock_key("20-platform")) is None
