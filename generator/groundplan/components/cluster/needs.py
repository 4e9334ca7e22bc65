"""What the cluster needs of other components."""

from __future__ import annotations

from collections.abc import Iterable

from groundplan.components.cluster.part import cluster_of
from groundplan.components.needs import Key
from groundplan.stack.model import Need, Stack


def needs(stack: Stack) -> Iterable[Need]:
    """A key for secrets and disks, and one for logs."""
    if cluster_of(stack):
        yield Key("cluster")
        yield Key("logs")
