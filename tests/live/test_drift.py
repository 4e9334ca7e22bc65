"""`groundplan drift` against a cloud that somebody changes by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any

import pytest

from tests.live.world import World

pytestmark = pytest.mark.slow


def _drift(operator: World, *args: str, code: int) -> Any:
    words = [sys.executable, "-m", "groundplan", "drift", str(operator.folder)]
    done = subprocess.run(
        [*words, "--terraform-bin", str(operator.program), "--format", "json", *args],
        check=False,
        env=operator.variables,
        capture_output=True,
        text=True,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def _found(told: Any) -> dict[str, dict[str, Any]]:
    """The findings by the end of their address."""
    return {one["address"].partition(".")[2]: one for root in told["roots"] for one in root["drift"]}


@pytest.mark.parametrize("operator", ["aws"], indirect=True)
def test_what_was_changed_by_hand_is_told_apart(operator: World) -> None:
    operator.apply("00-state", "10-foundation")
    told = _drift(operator, code=0)
    assert (told["counts"]["total"], told["pending"]) == (0, True)
    assert [root["not_applied"] for root in told["roots"]] == [False, False, True]
    _drift(operator, "--pending", code=6)
    store = operator.cloud.store
    store.edit("aws_security_group", {"name": "cpu-serving-endpoints"}, tags={"Name": "x", "by": "hand"})
    [rule] = store.objects("aws_vpc_security_group_ingress_rule", description="HTTPS from the VPC")[:1]
    store.put(rule.type, {**rule.values, "cidr_ipv4": "0.0.0.0/0"}, rule.key)
    store.edit("aws_eks_cluster", {"name": "cpu-serving"}, platform_version="eks.99")
    models = next(one for one in store.objects("aws_s3_bucket") if "models" in one.values["bucket"])
    store.remove(models.type, models.key)
    told = _drift(operator, code=6)
    assert told["counts"]["by_kind"] == {"undone": 2, "removed": 1}
