"""What a check says of the choices in a spec, worked out from the stack instead of from plans."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.app.pipeline import Resolved
from groundplan.components.cluster.part import Cluster
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.network.part import ExistingNetwork, Network
from groundplan.components.object_store.part import Buckets

YEAR_DAYS = 365
WEEK_DAYS = 7


def choices(resolved: Resolved) -> set[str]:
    """Codes of the warnings and notes that the spec's choices give."""
    return {*_of_the_cluster(resolved), *_of_the_database(resolved), *_of_the_rest(resolved)}


def _of_the_cluster(resolved: Resolved) -> Iterator[str]:
    cluster = resolved.stack.part(Cluster)
    if cluster is None:
        return
    if not cluster.deletion_protection:
        yield "GP907"
    if cluster.options.get("binary_authorization") is False:
        yield "GP916"
    if cluster.logs_retention_days < YEAR_DAYS:
        yield "GP918"
    if resolved.stack.part(ExistingNetwork) and resolved.cloud.name == "gcp":
        yield "GP902"  # the nodes' range, which only the cloud knows, reaches the private endpoint


def _of_the_database(resolved: Resolved) -> Iterator[str]:
    mlflow = mlflow_of(resolved.stack)
    if mlflow is None:
        return
    yield "GP917"
    if not mlflow.database.deletion_protection:
        yield "GP907"
    if not mlflow.database.high_availability:
        yield "GP913"
    if mlflow.database.backup_days < WEEK_DAYS:
        yield "GP914"


def _of_the_rest(resolved: Resolved) -> Iterator[str]:
    network, buckets = resolved.stack.part(Network), resolved.stack.part(Buckets)
    if network and network.flow_logs_retention_days < YEAR_DAYS:
        yield "GP918"
    if buckets and not all(bucket.versioning for bucket in buckets.buckets):
        yield "GP912"
