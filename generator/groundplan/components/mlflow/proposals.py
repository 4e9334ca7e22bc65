"""What MLflow could do with less."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.clouds.base import Cloud
from groundplan.components.mlflow.part import PATH, mlflow_of
from groundplan.components.mlflow.resolve import DEFAULT_NEEDS
from groundplan.components.mlflow.spec import Tracking
from groundplan.components.proposal import Proposal, is_non_production
from groundplan.spec.model import Spec
from groundplan.stack.model import Stack


def proposals(spec: Spec, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    """A smaller database, and one without a standby outside production."""
    mlflow, tracking = mlflow_of(stack), spec.block(Tracking)
    if mlflow is None or tracking is None:
        return
    path, said = f"{PATH}.database", tracking.mlflow.database
    vcpus, memory = DEFAULT_NEEDS
    if (said.vcpus or 0) > vcpus or (said.memory_gib or 0) > memory:
        message = f"a database larger than the {vcpus} vCPUs and {memory} GiB that runs and metrics of a team need"
        place = f"{path}.vcpus" if (said.vcpus or 0) > vcpus else f"{path}.memory_gib"
        values = {f"{path}.vcpus": vcpus, f"{path}.memory_gib": memory}
        yield Proposal(place, message, f"vcpus: {vcpus}, memory_gib: {memory}", values)
    if mlflow.database.high_availability and is_non_production(spec):
        message = "a database standby in a non-production environment"
        values_ = {f"{path}.high_availability": False}
        yield Proposal(f"{path}.high_availability", message, "high_availability: false", values_)
