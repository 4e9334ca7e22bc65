"""The example workloads: valid objects that fit their nodes, pass Pod Security and name what the pool may reach."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import kubernetes_validate
import pytest
import yaml

from groundplan.clouds import CLOUDS, find_cloud
from groundplan.clouds.base import Cloud
from groundplan.clouds.nodes import daemon_sets
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.node_pool.part import Pool, workload_pools_of
from groundplan.components.object_store.part import buckets_of
from groundplan.components.workspaces.component import COMPONENT as WORKSPACES_COMPONENT
from groundplan.render.workloads import (
    ARCHITECTURE_LABEL,
    GPU_TAINT,
    IMAGE,
    KINDS,
    pods_per_node,
    share,
    workloads,
    yaml_scalar,
)
from groundplan.stack.model import Stack
from tests.sizes import CASES, spec_text
from tests.unit.stack.specs import aws, gcp, gcp_stack, serving, stack_of, training

Object = dict[str, Any]


def cloud_of(stack: Stack) -> Cloud:
    cloud = find_cloud(stack.provider)
    assert cloud is not None
    return cloud


SPECS = [yaml.safe_load(spec_text(*case)) for case in CASES if case[2] != "minimal"] + [
    {
        "training": {"pools": {"no": {"vcpus": 4, "nodes": {"max": 1}, "reads": ["a-b"], "writes": ["on"]}}},
        "serving": {
            "pools": {
                "one": {"vcpus": 2, "nodes": {"min": 0, "max": 1}},
                "gpu": {"gpu": {"type": "l4", "count": 4}, "nodes": {"min": 1, "max": 2}},
                "lone-gpu": {"gpu": {"type": "l4", "count": 1}, "nodes": {"min": 1, "max": 1}},
            }
        },
        "storage": {"buckets": {"on": {}, "a-b": {}}},
    },
]
STACKS = [stack_of(**spec) for spec in SPECS]
FILES = {id(stack): workloads(stack, cloud_of(stack)) for stack in STACKS}
OBJECTS = {
    (id(stack), name): {one["kind"]: one for one in yaml.load_all(text, yaml.CSafeLoader)}
    for stack in STACKS
    for name, text in FILES[id(stack)].items()
    if name.endswith(".yaml")
}
PAIRS = [(stack, pool) for stack in STACKS for pool in workload_pools_of(stack)]
IDS = [f"{stack.name}-{stack.provider}-{pool.id}" for stack, pool in PAIRS]
every_pool = pytest.mark.parametrize(("stack", "pool"), PAIRS, ids=IDS)


def objects(stack: Stack, pool: Pool) -> dict[str, Object]:
    """The objects of a pool's file by kind."""
    return OBJECTS[id(stack), f"workloads/{pool.id}.yaml"]


def workload(stack: Stack, pool: Pool) -> Object:
    """The Job or the Deployment."""
    return objects(stack, pool)["Job" if pool.kind == "training" else "Deployment"]


def pod_of(stack: Stack, pool: Pool) -> Object:
    """The spec of its pods."""
    spec: Object = workload(stack, pool)["spec"]["template"]["spec"]
    return spec


def container_of(stack: Stack, pool: Pool) -> Object:
    [container] = pod_of(stack, pool)["containers"]
    found: Object = container
    return found


def millis(quantity: str | int) -> int:
    return int(quantity.removesuffix("m")) if isinstance(quantity, str) else quantity * 1000


def mib(quantity: str) -> int:
    return int(quantity[:-2]) * {"Mi": 1, "Gi": 1024}[quantity[-2:]]


@pytest.mark.slow
@every_pool
@pytest.mark.parametrize("version", aws().catalog.kubernetes_versions, ids=lambda version: str(version.version))
def test_every_object_is_valid_in_every_kubernetes_version(stack: Stack, pool: Pool, version: Any) -> None:
    found = objects(stack, pool)
    assert tuple(found) == KINDS[pool.kind]
    for one in found.values():
        assert kubernetes_validate.validate(one, version.version, strict=True) == version.version


@every_pool
def test_no_job_is_evicted_where_nodes_are_renewed(stack: Stack, pool: Pool) -> None:
    """A budget of its own for what `kubectl create` makes more than once; a service's stands beside it."""
    if pool.kind != "training":
        assert f"workloads/{pool.id}-budget.yaml" not in FILES[id(stack)]
        return
    budget = OBJECTS[id(stack), f"workloads/{pool.id}-budget.yaml"]["PodDisruptionBudget"]
    job = workload(stack, pool)
    assert budget["metadata"]["namespace"] == job["metadata"]["namespace"]
    assert budget["spec"]["selector"]["matchLabels"] == job["spec"]["template"]["metadata"]["labels"]
    assert budget["spec"]["minAvailable"] >= 2 * pool.nodes_max, "so many nodes both purchase options may have"


@every_pool
def test_requests_fit_the_node(stack: Stack, pool: Pool) -> None:
    """As many pods as stand on a node, beside the daemon sets: nothing stays Pending for want of any resource."""
    resources = container_of(stack, pool)["resources"]
    on_a_node = pods_per_node(pool, cloud_of(stack))
    offered = cloud_of(stack).allocatable(pool.size)
    left = offered.less(daemon_sets(pool.size))
    assert millis(resources["requests"]["cpu"]) * on_a_node <= left.cpu_millis
    assert mib(resources["requests"]["memory"]) * on_a_node <= left.memory_mib
    assert mib(resources["requests"]["ephemeral-storage"]) * on_a_node <= left.storage_gib * 1024
    assert resources["requests"]["memory"] == resources["limits"]["memory"]
    assert resources["limits"]["cpu"] == pool.vcpus
    shared = pool.gpu is not None and pool.gpu.shares > pool.gpu.count
    gpus = resources["limits"].get(GPU_TAINT, 0)
    assert gpus * on_a_node == (pool.gpu.count if pool.gpu else 0) or (shared and gpus == 1)


@every_pool
def test_volumes_fit_the_limits(stack: Stack, pool: Pool) -> None:
    limits = container_of(stack, pool)["resources"]["limits"]
    sizes = [one["emptyDir"] for one in pod_of(stack, pool)["volumes"]]
    on_disk = sum(mib(size["sizeLimit"]) for size in sizes if "medium" not in size)
    in_memory = sum(mib(size["sizeLimit"]) for size in sizes if size.get("medium") == "Memory")
    assert on_disk < mib(limits["ephemeral-storage"])
    assert in_memory <= mib(limits["memory"]) / 2
    mounted = {one["name"] for one in container_of(stack, pool)["volumeMounts"]}
    assert mounted == {one["name"] for one in pod_of(stack, pool)["volumes"]}


@every_pool
def test_pod_security_restricted(stack: Stack, pool: Pool) -> None:
    """https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted."""
    pod, container = pod_of(stack, pool), container_of(stack, pool)
    assert pod["securityContext"]["runAsNonRoot"] is True
    assert pod["securityContext"]["runAsUser"] > 0
    assert pod["securityContext"]["seccompProfile"] == {"type": "RuntimeDefault"}
    assert container["securityContext"] == {
        "allowPrivilegeEscalation": False,
        "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]},
    }
    assert not {"hostNetwork", "hostPID", "hostIPC", "initContainers"} & set(pod)
    assert all("emptyDir" in volume for volume in pod["volumes"])
    assert all("hostPort" not in port for port in container.get("ports", []))


@every_pool
def test_identity_and_buckets(stack: Stack, pool: Pool) -> None:
    assert all(one["metadata"]["namespace"] == pool.namespace for one in objects(stack, pool).values())
    assert pod_of(stack, pool)["serviceAccountName"] == pool.service_account
    names = {bucket.name: bucket.bucket for bucket in buckets_of(stack)}
    variables = {one["name"]: one["value"] for one in container_of(stack, pool).get("env", [])}
    tracking = variables.pop("MLFLOW_TRACKING_URI", None)
    assert (tracking is not None) == (mlflow_of(stack) is not None)
    assert sorted(variables.values()) == sorted(names[name] for name in {*pool.reads, *pool.writes})
    assert "@sha256:" in container_of(stack, pool)["image"] == IMAGE


@pytest.mark.parametrize(
    ("stack", "pool"), [pair for pair in PAIRS if pair[1].kind == "training"], ids=lambda one: getattr(one, "id", "")
)
def test_a_job_ends_and_outlives_its_node(stack: Stack, pool: Pool) -> None:
    job = workload(stack, pool)["spec"]
    assert job["template"]["spec"]["restartPolicy"] == "Never"
    assert 0 < job["activeDeadlineSeconds"] <= 86400
    assert job["ttlSecondsAfterFinished"] > 0
    assert job["backoffLimit"] == 3
    [rule] = job["podFailurePolicy"]["rules"]
    assert rule == {"action": "Ignore", "onPodConditions": [{"type": "DisruptionTarget", "status": "True"}]}
    assert job["template"]["spec"]["terminationGracePeriodSeconds"] < 120, "what a spot node gives"


@pytest.mark.parametrize(
    ("stack", "pool"), [pair for pair in PAIRS if pair[1].kind == "serving"], ids=lambda one: getattr(one, "id", "")
)
def test_a_service_scales_within_its_pool(stack: Stack, pool: Pool) -> None:
    found = objects(stack, pool)
    deployment, scaler = found["Deployment"]["spec"], found["HorizontalPodAutoscaler"]["spec"]
    on_a_node = pods_per_node(pool, cloud_of(stack))
    places = on_a_node * pool.nodes_max
    assert "replicas" not in deployment
    assert 1 <= scaler["minReplicas"] <= scaler["maxReplicas"] <= places
    rolling = deployment["strategy"].get("rollingUpdate", {"maxSurge": 0})
    assert scaler["maxReplicas"] + rolling["maxSurge"] <= places, "an update would wait for a node that cannot come"
    labels = deployment["template"]["metadata"]["labels"]
    assert scaler["scaleTargetRef"]["name"] == found["Deployment"]["metadata"]["name"]
    assert labels == deployment["selector"]["matchLabels"] == found["Service"]["spec"]["selector"]
    assert labels == found["PodDisruptionBudget"]["spec"]["selector"]["matchLabels"]
    assert found["PodDisruptionBudget"]["spec"]["maxUnavailable"] == 1
    ports = {port["name"] for port in container_of(stack, pool)["ports"]}
    assert {port["targetPort"] for port in found["Service"]["spec"]["ports"]} <= ports
    container = container_of(stack, pool)
    assert {container[f"{probe}Probe"]["httpGet"]["port"] for probe in ("startup", "readiness", "liveness")} <= ports


@pytest.mark.parametrize("name", CLOUDS)
def test_a_node_of_every_type_is_filled_and_not_overfilled(name: str, sample: Pool) -> None:
    cloud = find_cloud(name)
    assert cloud
    kinds = [one for one in cloud.catalog.instances.values() if one.memory_gib >= 4 and one.vcpus >= 2]
    assert len(kinds) > 100
    for kind in kinds:
        pool = replace(sample, instance_types=(kind.name,), vcpus=kind.vcpus, memory_gib=kind.memory_gib)
        found, offered = share(pool, cloud), cloud.allocatable(pool.size)
        assert kind.vcpus * 200 <= found.cpu_millis <= offered.cpu_millis - 300, kind.name
        assert kind.memory_gib * 102 <= found.memory_mib <= offered.memory_mib - 1024, kind.name
        assert 20 <= found.storage_gib < offered.storage_gib, kind.name


SHARED = {
    "turns": ({"sharing": {"strategy": "time_sharing", "clients": 4}}, 4),
    "parts": ({"partition": "1g.5gb"}, 7),
    "turns on parts": ({"partition": "3g.20gb", "sharing": {"strategy": "time_sharing", "clients": 3}}, 6),
}


@pytest.mark.parametrize("how", SHARED)
@pytest.mark.parametrize("kind", ["training", "serving"])
def test_pods_on_a_shared_gpu(kind: str, how: str) -> None:
    """A pod asks for one share, which is all that GKE grants; a node and the namespace's quota hold all of them."""
    options, shares = SHARED[how]
    pool = {"gpu": {"type": "a100", "count": 2, "gcp": options}, "nodes": {"max": 3}}
    stack = gcp_stack(**{kind: {"pools": {"main": pool}}})
    [found] = workload_pools_of(stack)
    assert found.gpu and (found.gpu.count, found.gpu.shares) == (2, 2 * shares)
    text = workloads(stack, gcp())[f"workloads/{kind}-main.yaml"]
    made = {one["kind"]: one for one in yaml.safe_load_all(text)}
    pod = made["Job" if kind == "training" else "Deployment"]["spec"]["template"]["spec"]
    resources = pod["containers"][0]["resources"]
    assert resources["limits"][GPU_TAINT] == 1 and "hostIPC" not in pod
    left = gcp().allocatable(found.size).less(daemon_sets(found.size))
    assert millis(resources["requests"]["cpu"]) * 2 * shares <= left.cpu_millis
    assert mib(resources["requests"]["ephemeral-storage"]) * 2 * shares <= left.storage_gib * 1024
    [call] = WORKSPACES_COMPONENT.calls(stack, gcp())
    workspace = cast(dict[str, Any], call.arguments["workspaces"])[f"{kind}-main"]
    assert workspace["max_gpus"] == 2 * shares * 3
    if kind == "serving":
        assert made["HorizontalPodAutoscaler"]["spec"]["maxReplicas"] == 2 * shares * 3 - 1


def test_images_for_arm_say_so_and_others_do_not() -> None:
    """GKE keeps pods that do not select the architecture off its Arm nodes."""
    said = {pool.architecture: pod_of(stack, pool)["nodeSelector"].get(ARCHITECTURE_LABEL) for stack, pool in PAIRS}
    assert said == {"x86_64": None, "arm64": "arm64"}


@pytest.fixture(scope="module")
def sample() -> Pool:
    return next(pool for _, pool in PAIRS if pool.kind == "training")


def test_no_pools_no_workloads() -> None:
    assert workloads(stack_of(storage={"buckets": {"data": {}}}), aws()) == {}


def test_the_readme_names_every_file() -> None:
    for stack in STACKS:
        files = dict(FILES[id(stack)])
        readme = files.pop("workloads/README.md")
        assert all(f"]({name.removeprefix('workloads/')})" in readme for name in files)


@pytest.mark.parametrize(
    "value",
    ["no", "On", "null", "NULL", "y", "~", "1e3", "0x1f", "1_000", "12:30:45", ".nan", "1.30", "", " a", "a: b", "a #b",
     "{x}", "[x]", "&a", "*a", "!a", "%a", "@a", "`a", "'", '"', "\\", "a\nb", "\x85", "é", "🚀", "--- a", "- a",
     "700m", "12Gi", "groundplan/pool", "2026-10-01", 0, 8, "true", "<<", "="],
)  # fmt: skip
def test_scalars_come_back(value: str | int) -> None:
    text = yaml_scalar(value)
    assert "\n" not in text
    assert yaml.safe_load(f"- {text} # comment") == [value]
    quoted = text.startswith(('"', "'"))
    assert quoted or isinstance(value, int) or value in ("700m", "12Gi", "groundplan/pool")


def test_serving_stands_on_untainted_nodes_and_training_does_not() -> None:
    for stack, pool in PAIRS:
        keys = [one["key"] for one in pod_of(stack, pool).get("tolerations", [])]
        assert keys == [GPU_TAINT] * bool(pool.gpu) + ["groundplan/pool"] * (pool.kind == "training")


def test_a_single_pool_of_each_kind() -> None:
    both = stack_of(training=training(vcpus=4), serving=serving(vcpus=4))
    assert list(workloads(both, aws())) == [
        "workloads/training-main.yaml",
        "workloads/serving-main.yaml",
        "workloads/training-main-budget.yaml",
        "workloads/README.md",
    ]
