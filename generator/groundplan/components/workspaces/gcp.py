"""Namespaces of workloads on Google Cloud."""

from __future__ import annotations

from groundplan.clouds.gcp.facts import COLLECTORS
from groundplan.components.base import Arguments
from groundplan.components.workspaces.component import WorkspacesPart
from groundplan.hcl.write import Value
from groundplan.stack.model import Stack


class GcpWorkspaces(WorkspacesPart):
    """The managed collector's pods are in a namespace of the cluster, where others come from outside."""

    def metrics_access(self, stack: Stack) -> Arguments:
        """From the collectors' namespace."""
        return {"ingress_from_namespaces": [COLLECTORS]}

    def node_access(self) -> dict[str, Value]:
        """GKE's metadata server, under both of its addresses, and NodeLocal DNSCache or Cloud DNS.

        https://cloud.google.com/kubernetes-engine/docs/how-to/workload-identity#network-policy,
        https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache
        """
        return {
            "node_services": {"169.254.169.254/32": 80, "169.254.169.252/32": 988},
            "resolvers": ["169.254.20.10/32", "169.254.169.254/32"],
        }


PART = GcpWorkspaces()
