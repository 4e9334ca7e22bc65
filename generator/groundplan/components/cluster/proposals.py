"""What the cluster could do with less."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.clouds.base import Cloud
from groundplan.components.cluster.part import cluster_of
from groundplan.components.proposal import Proposal
from groundplan.spec.model import Spec
from groundplan.stack.model import Stack


def proposals(spec: Spec, stack: Stack, cloud: Cloud) -> Iterator[Proposal]:
    """A version in standard support."""
    cluster = cluster_of(stack)
    if cluster is None or not cluster.extended_support:
        return
    standard = [v.version for v in cloud.catalog.kubernetes_versions if v.support(v.as_of) == "standard"]
    if standard:
        message = f"Kubernetes {cluster.version} is in extended support, which is billed higher by the hour"
        change = f'version: "{standard[0]}", one minor version at a time'
        yield Proposal("cluster.version", message, change, {"cluster.version": standard[0]})
