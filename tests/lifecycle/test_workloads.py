"""The example workloads against the plan: each lands on the nodes of its pool, under its identity, and nowhere else."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli.pipeline import Resolved, resolve_spec
from groundplan.components.base import FOUNDATION, PLATFORM
from groundplan.components.node_pool import call_name
from groundplan.render.lock import SPEC_FILE
from groundplan.render.write import write
from groundplan.terraform.offline import offline_session
from tests.golden.test_golden import CASES, IDS, spec_text

EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute"}
"""Effects of taints that keep pods away, in EKS's words and Kubernetes's."""

Values = dict[str, Any]


def resources(module: Values, kind: str) -> Iterator[tuple[str, Values]]:
    """Address and planned values of every resource of the type."""
    for resource in module.get("resources", []):
        if resource["type"] == kind:
            yield resource["address"], resource["values"]
    for child in module.get("child_modules", []):
        yield from resources(child, kind)


@pytest.fixture(scope="module", params=CASES, ids=IDS)
def planned(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Resolved, Path, dict[str, Values]]:
    """The spec, its environment, and the planned values of both roots."""
    folder = tmp_path_factory.mktemp(request.param[0])
    (folder / SPEC_FILE).write_text(spec_text(*request.param), encoding="utf-8")
    resolved = resolve_spec(folder / SPEC_FILE)
    out = folder / "out"
    write(resolved.render(out), out)
    with offline_session(out, (FOUNDATION, PLATFORM)) as session:
        plans = {root: session.plan(root) for root in (FOUNDATION, PLATFORM)}
    assert all(plan.ok for plan in plans.values()), plans
    roots = {root: plan.plan["planned_values"]["root_module"] for root, plan in plans.items() if plan.plan}
    return resolved, out, roots


def pod_specs(out: Path, pool_id: str) -> list[Values]:
    documents = yaml.safe_load_all((out / "workloads" / f"{pool_id}.yaml").read_text(encoding="utf-8"))
    return [one["spec"]["template"]["spec"] for one in documents if one["kind"] in ("Job", "Deployment")]


def tolerated(taint: Values, tolerations: list[Values]) -> bool:
    """https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/, for operator Equal."""
    if taint["effect"] not in EFFECTS:
        return True
    wanted = {**taint, "effect": EFFECTS[taint["effect"]], "operator": "Equal"}
    return any(wanted.items() <= toleration.items() for toleration in tolerations)


def test_a_workload_lands_on_the_node_groups_of_its_pool_only(
    planned: tuple[Resolved, Path, dict[str, Values]],
) -> None:
    resolved, out, roots = planned
    groups = list(resources(roots[FOUNDATION], "aws_eks_node_group"))
    for pool in resolved.stack.workload_pools:
        [pod] = pod_specs(out, pool.id)
        selected = {address for address, group in groups if pod["nodeSelector"].items() <= group["labels"].items()}
        own = {address for address, _ in groups if address.startswith(f"module.{call_name(pool)}.")}
        assert selected == own
        assert own
        for address, group in groups:
            if address in own:
                refused = [taint for taint in group["taint"] if not tolerated(taint, pod.get("tolerations", []))]
                assert not refused, address
                assert len(group["taint"]) == len(pod.get("tolerations", [])), "a toleration of nothing"


def test_a_workload_runs_under_an_account_that_the_platform_makes(
    planned: tuple[Resolved, Path, dict[str, Values]],
) -> None:
    resolved, out, roots = planned
    accounts = {
        (values["metadata"][0]["namespace"], values["metadata"][0]["name"])
        for _, values in resources(roots[PLATFORM], "kubernetes_service_account_v1")
    }
    identities = {
        (values["namespace"], values["service_account"])
        for _, values in resources(roots[FOUNDATION], "aws_eks_pod_identity_association")
    }
    for pool in resolved.stack.workload_pools:
        [pod] = pod_specs(out, pool.id)
        account = (pool.namespace, pod["serviceAccountName"])
        assert account in accounts
        assert (account in identities) == bool(pool.reads or pool.writes)


def test_the_gpus_of_a_workload_are_within_the_quota(planned: tuple[Resolved, Path, dict[str, Values]]) -> None:
    resolved, out, roots = planned
    quotas = {
        values["metadata"][0]["namespace"]: int(values["spec"][0]["hard"]["requests.nvidia.com/gpu"])
        for _, values in resources(roots[PLATFORM], "kubernetes_resource_quota_v1")
    }
    gpu_pools = [pool for pool in resolved.stack.workload_pools if pool.gpu]
    assert set(quotas) == {pool.namespace for pool in gpu_pools}
    for pool in gpu_pools:
        [pod] = pod_specs(out, pool.id)
        assert pod["containers"][0]["resources"]["limits"]["nvidia.com/gpu"] <= quotas[pool.namespace]
