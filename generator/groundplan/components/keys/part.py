"""Which keys a stack has."""

from __future__ import annotations

from groundplan.components.cluster.part import cluster_of
from groundplan.components.mlflow.part import mlflow_of
from groundplan.components.monitoring.part import monitoring_of
from groundplan.components.network.part import Network, network_of
from groundplan.components.object_store.part import buckets_of
from groundplan.components.registry.part import repositories_of
from groundplan.stack.model import Stack


def key_purposes_of(stack: Stack) -> tuple[str, ...]:
    """Purposes that get an encryption key of their own."""
    mlflow, monitoring, cluster = mlflow_of(stack), monitoring_of(stack), cluster_of(stack)
    purposes = []
    if buckets_of(stack) or repositories_of(stack):
        purposes.append("storage")
    if mlflow:
        purposes.append("database")
    if monitoring and monitoring.managed:
        purposes.append("alerts")
    if cluster:
        purposes.append("cluster")
    if cluster or mlflow or isinstance(network_of(stack), Network):
        purposes.append("logs")
    return tuple(purposes)
