"""What is looked at before Terraform runs a root, so that it does not end in a timeout in the middle."""

from __future__ import annotations

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.reach import reachable
from groundplan.live.terraform import Live
from groundplan.stack.layers import PLATFORM


def unreachable(at: Connected, live: Live, root: str) -> Diagnostic | None:
    """GP822 where the root talks to a cluster that does not answer from here; None where it does, or nobody knows.

    A proxy is Terraform's way to the cluster, and none of ours, so nothing is said where there is one.
    """
    if root != PLATFORM or live.has_proxy:
        return None
    try:
        cluster = at.cloud.cluster(at.standing.name)
    except DiagnosticsError:
        return None
    if cluster is None or not cluster.endpoint or reachable(cluster):
        return None
    how = "is private and" if cluster.private else "is open to some ranges and"
    message = f"{root}: the endpoint of cluster {cluster.name} {how} does not answer from here"
    ways = "run this inside its network (a runner there, VPN, bastion), or add your range to `cluster.endpoint`"
    return Diagnostic("GP822", message, hint=f"{ways}, in `private_cidrs` or `public_cidrs`; nothing was run")
