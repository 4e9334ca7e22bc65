"""Namespaces of workloads on AWS."""

from __future__ import annotations

from groundplan.components.workspaces.component import WorkspacesPart
from groundplan.hcl.write import Value


class AwsWorkspaces(WorkspacesPart):
    """Credentials come from an agent on the node; nothing else there is for pods."""

    def node_access(self) -> dict[str, Value]:
        """The agent of EKS Pod Identity: https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html."""
        return {"node_services": {"169.254.170.23/32": 80}}


PART = AwsWorkspaces()
