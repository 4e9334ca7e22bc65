"""The cluster that was decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from groundplan.hcl.write import Value
from groundplan.stack.model import Part, Stack


@dataclass(frozen=True, slots=True)
class Cluster(Part):
    """The Kubernetes cluster."""

    component: ClassVar[str] = "cluster"
    name: str
    version: str
    public_endpoint_cidrs: tuple[str, ...]
    private_endpoint_cidrs: tuple[str, ...]
    logs_retention_days: int
    deletion_protection: bool
    extended_support: bool
    """Whether this version is past standard support at the book's date and costs more."""
    zones: tuple[str, ...]
    """Zones its nodes may be in; empty where the subnets of an existing network decide that."""
    options: Mapping[str, Value]
    """Settings that only this cloud has, by the name of the module's argument."""
    addon_versions: Mapping[str, str] = field(default_factory=dict)
    """Versions that add-ons are held at, by the names of the spec."""
    node_release: str = ""
    """Release of the nodes' image, or which one to take; empty for the one they have."""


def cluster_of(stack: Stack) -> Cluster | None:
    """The stack's Kubernetes cluster; None without one."""
    return stack.part(Cluster)


def has_dns_endpoint(cluster: Cluster | None) -> bool:
    """Whether its DNS name answers from everywhere."""
    access = cluster.options.get("access") if cluster else None
    return isinstance(access, Mapping) and access["dns_endpoint"] is True
