"""Namespaces of workloads on Google Cloud."""

from __future__ import annotations

from groundplan.clouds.gcp.facts import COLLECTORS
from groundplan.components.base import Arguments
from groundplan.components.workspaces.component import WorkspacesPart
from groundplan.stack.model import Stack


class GcpWorkspaces(WorkspacesPart):
    """The managed collector's pods are in a namespace of the cluster, where others come from outside."""

    def metrics_access(self, stack: Stack) -> Arguments:
        """From the collectors' namespace."""
        return {"ingress_from_namespaces": [COLLECTORS]}


PART = GcpWorkspaces()
