"""What would cost less: each proposal is resolved and estimated anew, and only a real saving is told."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from groundplan.clouds.base import Cloud
from groundplan.components.cluster.part import cluster_of
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.mlflow.resolve import DEFAULT_NEEDS
from groundplan.components.mlflow.resolve import PATH as TRACKING
from groundplan.components.mlflow.spec import Tracking
from groundplan.components.network.part import Network, network_of
from groundplan.components.node_pool.part import Pool, pools_of, workload_pools_of
from groundplan.cost.report import CostReport
from groundplan.diagnostics import DiagnosticsError
from groundplan.spec.model import Spec
from groundplan.stack.model import Stack

CODE = "GP704"
TRYING = re.compile(r"(^|[-_])(dev|development|test|testing|sandbox|staging|stage|demo|try|qa)($|[-_])")
"""What an environment is called that nobody depends on."""
LEAST_USD = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A change to the spec: the places that are set (None removes the key), and the words for it."""

    path: str
    message: str
    change: str
    values: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Hint:
    """A proposal that saves money. `path` is the line of the spec to change; each saving is of that change alone."""

    code: str
    message: str
    saving_usd: Decimal
    """US dollars off the expected month."""
    path: str
    change: str


def hints(
    spec: Spec, stack: Stack, cloud: Cloud, report: CostReport, estimate_of: Callable[[Spec], CostReport]
) -> tuple[Hint, ...]:
    """The proposals that save money, the largest saving first; `estimate_of` resolves and prices a changed spec."""
    found = []
    for proposal in _proposals(spec, stack, cloud):
        try:
            after = estimate_of(changed(spec, proposal.values))
        except DiagnosticsError:
            continue  # what cannot be built saves nothing
        saving = report.total.expected - after.total.expected
        if saving >= LEAST_USD and len(after.unpriced) <= len(report.unpriced):
            found.append(Hint(CODE, proposal.message, saving, proposal.path, proposal.change))
    return tuple(sorted(found, key=lambda hint: (-hint.saving_usd, hint.path)))


def changed(spec: Spec, values: Mapping[str, Any]) -> Spec:
    """The spec with these places set, and those with None removed."""
    said = spec.model_dump(exclude_unset=True, by_alias=True)
    for path, value in values.items():
        *parents, last = path.split(".")
        block = said
        for key in parents:
            block = block.setdefault(key, {})
        if value is None:
            block.pop(last, None)
        else:
            block[last] = value
    return type(spec).model_validate(said)


def _proposals(spec: Spec, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    for pool in workload_pools_of(stack):
        yield from _of_pool(pool, stack, cloud)
    yield from _of_network(spec, stack)
    yield from _of_cluster(stack, cloud)
    yield from _of_database(spec, stack)


def _of_pool(pool: Pool, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    if pool.kind == "training" and pool.nodes_min:
        nodes = "1 node of this pool is" if pool.nodes_min == 1 else f"{pool.nodes_min} nodes of this pool are"
        message = f"{nodes} always on; jobs wait some minutes for a node where none is"
        yield Proposal(f"{pool.path}.nodes.min", message, "nodes.min: 0", {f"{pool.path}.nodes.min": 0})
    if pool.kind == "training" and pool.capacity == "on_demand" and stack.purchase is None:
        message = "training on demand, although jobs that keep checkpoints can run on spot"
        values = {f"{pool.path}.capacity": "spot_with_fallback"}
        yield Proposal(f"{pool.path}.capacity", message, "capacity: spot_with_fallback", values)
    instance = cloud.catalog.instance(pool.instance_types[0])
    if instance is not None and instance.generation == "previous":
        needs: dict[str, Any] = {"vcpus": instance.vcpus, "memory_gib": int(instance.memory_gib)}
        needs["architecture"] = instance.architecture
        if pool.gpu:
            needs["gpu"] = {"memory_gib": pool.gpu.memory_gib, "count": pool.gpu.count}
        words = ", ".join(f"{key}: {value}" for key, value in needs.items()).replace("'", "")
        anew: dict[str, Any] = {f"{pool.path}.{key}": value for key, value in {"instance_types": None, **needs}.items()}
        message = f"{instance.name} is of a previous generation; a current type of its size costs less"
        yield Proposal(f"{pool.path}.instance_types", message, f"in place of instance_types: {words}", anew)


def _of_network(spec: Spec, stack: Stack) -> Iterator[Proposal]:
    network = network_of(stack)
    if not isinstance(network, Network) or network.nat != "per_zone":
        return
    if _for_trying(spec):
        message = "a NAT gateway in each zone, in an environment that nobody depends on"
    elif not any(pool.kind == "serving" and pool.capacity == "on_demand" for pool in pools_of(stack)):
        message = "a NAT gateway in each zone, although nothing serves on demand"
    else:
        return
    yield Proposal("network.nat", message, "nat: single", {"network.nat": "single"})


def _of_cluster(stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    cluster = cluster_of(stack)
    if cluster is None or not cluster.extended_support:
        return
    standard = [v.version for v in cloud.catalog.kubernetes_versions if v.support(v.as_of) == "standard"]
    if standard:
        message = f"Kubernetes {cluster.version} is in extended support, which is billed higher by the hour"
        change = f'version: "{standard[0]}", one minor version at a time'
        yield Proposal("cluster.version", message, change, {"cluster.version": standard[0]})


def _of_database(spec: Spec, stack: Stack) -> Iterator[Proposal]:
    mlflow, tracking = mlflow_of(stack), spec.block(Tracking)
    if mlflow is None or tracking is None:
        return
    path, said = f"{TRACKING}.database", tracking.mlflow.database
    vcpus, memory = DEFAULT_NEEDS
    if (said.vcpus or 0) > vcpus or (said.memory_gib or 0) > memory:
        message = f"a database larger than the {vcpus} vCPUs and {memory} GiB that runs and metrics of a team need"
        place = f"{path}.vcpus" if (said.vcpus or 0) > vcpus else f"{path}.memory_gib"
        values = {f"{path}.vcpus": vcpus, f"{path}.memory_gib": memory}
        yield Proposal(place, message, f"vcpus: {vcpus}, memory_gib: {memory}", values)
    if mlflow.database.high_availability and _for_trying(spec):
        message = "a database with a standby, in an environment that nobody depends on"
        values_ = {f"{path}.high_availability": False}
        yield Proposal(f"{path}.high_availability", message, "high_availability: false", values_)


def _for_trying(spec: Spec) -> bool:
    """Whether its name or a label says that the environment is for development or tests."""
    return any(TRYING.search(word) for word in (spec.name, *spec.labels.values()))
