"""The example workloads against what Terraform made: each lands on the nodes of its pool, under its identity."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from groundplan.clouds import find_cloud
from groundplan.components.node_pool.component import call_name
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.render.workloads import ARCHITECTURE_LABEL
from groundplan.stack.layers import FOUNDATION, PLATFORM
from groundplan.stack.model import Stack

Values = dict[str, Any]
Account = tuple[str, str]
"""A namespace, and a service account in it."""


@dataclass(frozen=True)
class Nodes:
    """A group of nodes in Kubernetes' terms; `address` is that of the module call that makes it."""

    address: str
    labels: Values
    taints: list[Values]


@dataclass(frozen=True)
class Words:
    """How to read a cloud's resources: its groups of nodes, and the accounts that may reach buckets."""

    node_group: str
    machine: Callable[[Values], str]
    labels: Callable[[Values], Values]
    taints: Callable[[Values], list[Values]]
    grant: str
    account: Callable[[Values], Account]


def _subject(grant: Values) -> Account:
    """The end of a principal, `…/subject/ns/<namespace>/sa/<account>`."""
    namespace, _, account = grant["member"].rpartition("/subject/ns/")[2].partition("/sa/")
    return namespace, account


WORDS = {
    "aws": Words(
        node_group="aws_eks_node_group",
        machine=lambda group: group["instance_types"][0],
        labels=lambda group: group["labels"],
        taints=lambda group: group["taint"],
        grant="aws_eks_pod_identity_association",
        account=lambda grant: (grant["namespace"], grant["service_account"]),
    ),
    "gcp": Words(
        node_group="google_container_node_pool",
        machine=lambda pool: pool["node_config"][0]["machine_type"],
        labels=lambda pool: pool["node_config"][0]["labels"],
        taints=lambda pool: pool["node_config"][0]["taint"],
        grant="google_storage_bucket_iam_member",
        account=_subject,
    ),
}
GPUS = "requests.nvidia.com/gpu"
EFFECTS = {"NO_SCHEDULE": "NoSchedule", "NO_EXECUTE": "NoExecute"}
"""Effects of taints that keep pods away, in the clouds' words and Kubernetes's."""


def resources(state: Values, kind: str) -> Iterator[tuple[str, Values]]:
    """Module and attributes of every resource of the type, in a state as Terraform stores it."""
    for resource in state["resources"]:
        if (resource["mode"], resource["type"]) == ("managed", kind):
            for instance in resource["instances"]:
                yield resource.get("module", ""), instance["attributes"]


def pod_spec(out: Path, pool_id: str) -> Values:
    """The pods of the pool's example."""
    documents = yaml.safe_load_all((out / "workloads" / f"{pool_id}.yaml").read_text(encoding="utf-8"))
    [pod] = [one["spec"]["template"]["spec"] for one in documents if one["kind"] in ("Job", "Deployment")]
    return dict(pod)


def tolerated(taint: Values, tolerations: list[Values]) -> bool:
    """https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/, for operator Equal."""
    if taint["effect"] not in EFFECTS:
        return True
    wanted = {**taint, "effect": EFFECTS[taint["effect"]], "operator": "Equal"}
    return any(wanted.items() <= toleration.items() for toleration in tolerations)


def check_workloads(stack: Stack, out: Path, states: Mapping[str, Values]) -> None:
    """Asserts all of it for every pool of the stack."""
    words = WORDS[stack.provider]
    groups = [
        Nodes(
            module.partition("[")[0],
            {**words.labels(group), **_architecture(stack, words.machine(group))},
            words.taints(group),
        )
        for module, group in resources(states[FOUNDATION], words.node_group)
    ]
    for pool in workload_pools_of(stack):
        pod = pod_spec(out, pool.id)
        selected = [nodes for nodes in groups if pod["nodeSelector"].items() <= nodes.labels.items()]
        own = [nodes for nodes in groups if nodes.address == f"module.{call_name(pool)}"]
        assert own
        assert selected == own
        for nodes in own:
            tolerations = pod.get("tolerations", [])
            assert [taint for taint in nodes.taints if not tolerated(taint, tolerations)] == []
            assert len(nodes.taints) == len(tolerations), "a toleration of nothing"
    _check_accounts(stack, out, states)
    _check_quotas(stack, out, states[PLATFORM])


def _architecture(stack: Stack, machine: str) -> Values:
    """The label that the kubelet puts on a node; machines that GPUs are attached to are not in the catalog as such."""
    cloud = find_cloud(stack.provider)
    known = cloud.catalog.instance(machine) if cloud else None
    return {ARCHITECTURE_LABEL: "arm64" if known and known.architecture == "arm64" else "amd64"}


def _check_accounts(stack: Stack, out: Path, states: Mapping[str, Values]) -> None:
    """A workload's account is one that the platform makes, with rights on buckets where the pool has relations."""
    words = WORDS[stack.provider]
    made = {
        (values["metadata"][0]["namespace"], values["metadata"][0]["name"])
        for _, values in resources(states[PLATFORM], "kubernetes_service_account_v1")
    }
    granted = {words.account(values) for _, values in resources(states[FOUNDATION], words.grant)}
    for pool in workload_pools_of(stack):
        account = (pool.namespace, pod_spec(out, pool.id)["serviceAccountName"])
        assert account in made
        assert (account in granted) == bool(pool.reads or pool.writes)


def _check_quotas(stack: Stack, out: Path, platform: Values) -> None:
    """The GPUs of a workload are within the quota of its namespace."""
    quotas = {
        values["metadata"][0]["namespace"]: int(hard[GPUS])
        for _, values in resources(platform, "kubernetes_resource_quota_v1")
        for hard in [values["spec"][0]["hard"]]
        if GPUS in hard
    }
    gpu_pools = [pool for pool in workload_pools_of(stack) if pool.gpu]
    assert set(quotas) == {pool.namespace for pool in gpu_pools}
    for pool in gpu_pools:
        limits = pod_spec(out, pool.id)["containers"][0]["resources"]["limits"]
        assert limits["nvidia.com/gpu"] <= quotas[pool.namespace]
