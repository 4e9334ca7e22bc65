"""`groundplan drift` against a cloud that somebody changes by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.live.failures import lock_held
from tests.live.world import World

pytestmark = pytest.mark.slow

KNOWN = """
drift:
  ignore:
    endpoint-tags: {at: module.network, attributes: [tags.*], until: "2999-01-01", reason: the scanner tags them}
"""


def _run(operator: World, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "groundplan", *words]
    return subprocess.run(command, check=False, env=operator.variables, capture_output=True, text=True)


def _drift(operator: World, *args: str, code: int) -> Any:
    words = ("drift", str(operator.folder), "--terraform-bin", str(operator.program), "--format", "json")
    done = _run(operator, *words, *args)
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def _found(told: Any) -> dict[str, Any]:
    """The findings by their types."""
    return {one["type"]: one for root in told["roots"] for one in root["drift"]}


def _render(operator: World, change: str) -> None:
    """Another spec, rendered into the folder."""
    spec = operator.folder / "groundplan.yaml"
    spec.write_text(spec.read_text("utf-8") + change, encoding="utf-8")
    done = _run(operator, "render", str(spec), "-o", str(operator.folder))
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.mark.parametrize("operator", ["aws"], indirect=True)
def test_what_was_changed_by_hand_is_told_apart(operator: World) -> None:
    operator.apply("00-state", "10-foundation")
    store = operator.cloud.store
    store.edit("aws_eks_cluster", {"name": "cpu-serving"}, platform_version="eks.99")
    told = _drift(operator, code=0)
    assert (told["counts"]["total"], told["pending"]) == (0, True)
    assert [root["not_applied"] for root in told["roots"]] == [False, False, True]
    store.edit("aws_security_group", {"name": "cpu-serving-endpoints"}, tags={"Name": "x"})
    [rule] = store.objects("aws_vpc_security_group_ingress_rule", description="HTTPS from the VPC")
    store.put(rule.type, {**rule.values, "cidr_ipv4": "0.0.0.0/0"}, rule.key)
    models = next(one for one in store.objects("aws_s3_bucket") if "models" in one.values["bucket"])
    store.remove(models.type, models.key)
    _render(operator, f"{KNOWN}labels: {{cost-center: '4711'}}\n")
    with lock_held(operator, "10-foundation"):
        told = _drift(operator, "--root", "10-foundation", code=6)
    [root] = told["roots"]
    assert root["locked_by"]
    assert told["counts"]["pending"] > 1
    found = _found(told)
    bucket, group, opened = (found[one] for one in ("aws_s3_bucket", "aws_security_group", rule.type))
    assert (bucket["kind"], bucket["made_again"], bucket["outside"][0]["class"]) == ("removed", True, "destroys-data")
    assert (bucket["component"], bucket["path"]) == ("object_store", "storage.buckets")
    assert bucket["file"].endswith("groundplan.yaml")
    [tag] = group["attributes"]
    assert (tag["path"], tag["was"], tag["is"], tag["will_be"]) == (
        "tags.Name", "cpu-serving-endpoints", "x", "cpu-serving-endpoints",
    )  # fmt: skip
    assert (opened["kind"], opened["outside"][0]["class"]) == ("undone", "opens")
    assert [one["code"] for one in told["diagnostics"]] == ["GP740"]
    until = str(datetime.now(UTC).date() + timedelta(days=30))
    told = _drift(operator, "--root", "10-foundation", "--accept", "moved by hand", "--until", until, code=0)
    assert told["accept"]["written"] and len(told["accept"]["lines"]) == 3
    _render(operator, "")
    told = _drift(operator, "--root", "10-foundation", code=0)
    assert (told["counts"]["total"], told["counts"]["ignored"]) == (0, 3)


@pytest.mark.parametrize("operator", ["gcp"], indirect=True)
@pytest.mark.long
def test_what_others_answer_for_does_not_count(operator: World) -> None:
    operator.apply("00-state", "10-foundation")
    store = operator.cloud.store
    pools = [pool.values for pool in store.objects("google_container_node_pool")]
    scaled = next(pool for pool in pools if pool.get("autoscaling"))
    store.edit("google_container_node_pool", {"name": scaled["name"]}, node_count=9, initial_node_count=5)
    assert _drift(operator, code=0)["counts"]["total"] == 0
    store.edit("google_compute_firewall", {"name": "cpu-serving-webhooks"}, source_ranges=["0.0.0.0/0"])
    store.lose("google_storage_bucket", name="cpu-serving-predictions-04513289")
    told = _drift(operator, "--refresh-only", code=6)
    assert told["counts"]["by_kind"] == {"removed": 1, "changed": 1}
    words = ("drift", str(operator.folder), "--terraform-bin", str(operator.program), "--pending")
    done = _run(operator, *words)
    assert done.returncode == 6
    assert "drift: 1 removed, 1 undone, 1 root not applied" in done.stdout
    assert 'source_ranges: ["10.20.192.0/19"] -> ["0.0.0.0/0"] -> ["10.20.192.0/19"]' in done.stdout
    assert _run(operator, *words, "--root", "20-platform").returncode == 6
    assert _run(operator, *words[:-1], "--root", "20-platform").returncode == 0
