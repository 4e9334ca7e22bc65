"""The example workloads: valid objects that fit their nodes, pass Pod Security and name what the pool may reach."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import kubernetes_validate
import pytest
import yaml

from groundplan.catalog.catalog import InstanceType
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.node_pool.part import Pool, workload_pools_of
from groundplan.components.object_store.part import buckets_of
from groundplan.render.workloads import ARCHITECTURE_LABEL, GPU_TAINT, IMAGE, KINDS, room, workloads, yaml_scalar
from groundplan.stack.model import Stack
from tests.sizes import CASES, spec_text
from tests.unit.stack.specs import aws, serving, stack_of, training

Object = dict[str, Any]

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
FILES = {id(stack): workloads(stack, 100) for stack in STACKS}
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


def eks_allocatable(vcpus: int, memory_gib: Decimal) -> tuple[Decimal, Decimal]:
    """Millicores and MiB that EKS leaves to pods: nodeadm's reserves, with the most pods any type of the size takes.

    https://github.com/awslabs/amazon-eks-ami/blob/main/nodeadm/internal/kubelet/config.go: 6, 1, 0.5, 0.5 and then
    0.25 % of the cores; 255 MiB and 11 MiB for each pod; 100 MiB before pods are evicted. The kernel sees 3 % less.
    """
    shares = ["0.06", "0.01", "0.005", "0.005"][:vcpus] + ["0.0025"] * (vcpus - 4)
    pods = next(most for limit, most in ((2, 35), (15, 58), (63, 250), (10_000, 737)) if vcpus <= limit)
    reserved = 255 + 11 * pods + 100
    return vcpus * 1000 - sum(Decimal(share) * 1000 for share in shares), memory_gib * 1024 * Decimal("0.97") - reserved


@pytest.mark.slow
@every_pool
@pytest.mark.parametrize("version", aws().catalog.kubernetes_versions, ids=lambda version: str(version.version))
def test_every_object_is_valid_in_every_kubernetes_version(stack: Stack, pool: Pool, version: Any) -> None:
    found = objects(stack, pool)
    assert tuple(found) == KINDS[pool.kind]
    for one in found.values():
        assert kubernetes_validate.validate(one, version.version, strict=True) == version.version


@every_pool
def test_requests_fit_the_node(stack: Stack, pool: Pool) -> None:
    resources = container_of(stack, pool)["resources"]
    on_a_node = 1 if pool.kind == "training" else pool.gpu.count if pool.gpu else 2
    cpu, memory = eks_allocatable(pool.vcpus, pool.memory_gib)
    assert millis(resources["requests"]["cpu"]) * on_a_node <= cpu - 300
    assert mib(resources["requests"]["memory"]) * on_a_node <= memory - 200
    disk = pool.local_storage_gib or pool.disk_gib
    assert mib(resources["requests"]["ephemeral-storage"]) * on_a_node < disk * 1024 * 0.9
    assert resources["requests"]["memory"] == resources["limits"]["memory"]
    assert resources["limits"]["cpu"] == pool.vcpus
    assert resources["limits"].get(GPU_TAINT, 0) * on_a_node == (pool.gpu.count if pool.gpu else 0)


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
    on_a_node = pool.gpu.count if pool.gpu else 2
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


@pytest.mark.parametrize(
    "kind",
    [one for one in aws().catalog.instances.values() if one.memory_gib >= 2 and one.vcpus >= 2],
    ids=lambda kind: kind.name,
)
def test_there_is_room_on_every_type_of_the_catalog(kind: InstanceType, sample: Pool) -> None:
    found = room(replace(sample, vcpus=kind.vcpus, memory_gib=kind.memory_gib))
    cpu, memory = eks_allocatable(kind.vcpus, kind.memory_gib)
    assert kind.vcpus * 500 <= found.cpu_millis <= cpu - 300
    assert kind.memory_gib * 512 - 256 <= found.memory_mib <= memory - 100


def test_images_for_arm_say_so_and_others_do_not() -> None:
    """GKE keeps pods that do not select the architecture off its Arm nodes."""
    said = {pool.architecture: pod_of(stack, pool)["nodeSelector"].get(ARCHITECTURE_LABEL) for stack, pool in PAIRS}
    assert said == {"x86_64": None, "arm64": "arm64"}


@pytest.fixture(scope="module")
def sample() -> Pool:
    return next(pool for _, pool in PAIRS if pool.kind == "training")


def test_no_pools_no_workloads() -> None:
    assert workloads(stack_of(storage={"buckets": {"data": {}}}), 100) == {}


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
    assert list(workloads(both, 100)) == [
        "workloads/training-main.yaml",
        "workloads/serving-main.yaml",
        "workloads/README.md",
    ]
