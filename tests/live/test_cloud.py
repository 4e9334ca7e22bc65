"""The test cloud itself, with nothing but Terraform: without it no test of a live command means anything."""

from __future__ import annotations

from tests.live.world import ROOTS, World


def test_all_roots_are_applied_in_order_planned_empty_and_destroyed(operator: World) -> None:
    operator.apply()
    assert [operator.plan_code(root) for root in ROOTS] == [0, 0, 0]
    assert operator.get(operator.state_key("20-platform"))
    for root in ("20-platform", "10-foundation"):
        operator.good(root, "destroy", "-auto-approve", "-input=false", "-no-color")
    assert not operator.cloud.store.objects("aws_eks_cluster") + operator.cloud.store.objects(
        "google_container_cluster"
    )
    assert operator.get(operator.lock_key("20-platform")) is None


def test_a_root_whose_predecessor_is_not_applied_cannot_be_planned(operator: World) -> None:
    operator.make_bucket()
    operator.good("20-platform", "init", "-input=false")
    ran = operator.run("20-platform", "plan", "-input=false", "-no-color")
    assert (ran.code, "in the test cloud" in ran.output) == (1, True), ran.output
