"""What is looked at before Terraform runs a root, so that it does not end in a timeout in the middle."""

from __future__ import annotations

import shlex

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError
from groundplan.live.cloud import ClusterAccess
from groundplan.live.kube import Right, kube
from groundplan.live.reach import reachable
from groundplan.live.roots import RootState
from groundplan.live.state import State
from groundplan.live.terraform import Live
from groundplan.stack.layers import PLATFORM, STATE


def without_bucket(at: Connected, state: RootState, now: State | None) -> Diagnostic | None:
    """GP817 where the bucket is gone that keeps the state of a root; None where it is there."""
    if now is not None or not state.bucket or at.store(state).exists():
        return None
    message = f"there is no bucket {state.bucket} for the state of {state.root}"
    words = shlex.join(["groundplan", "apply", str(at.standing.folder), "--root", STATE])
    hint = f"`{words}` makes it; where others keep it, make the one that `state` names in the spec"
    return Diagnostic("GP817", message, hint=hint)


READ = (Right("get", "namespaces"),)
"""What is asked for a plan, to see whether the cluster knows the caller, who may read some namespaces alone."""
WRITTEN = (
    Right("create", "namespaces"),
    Right("create", "secrets"),
    Right("create", "clusterrolebindings", "rbac.authorization.k8s.io"),
)


def unreachable(at: Connected, live: Live, root: str) -> Diagnostic | None:
    """GP822 where the root talks to a cluster that does not answer from here, GP826 where the caller may not do there
    what the run does; None where all is well, or nobody knows.

    A proxy is Terraform's way to the cluster, and none of ours, so nothing is said where there is one.
    """
    if root != PLATFORM or live.has_proxy:
        return None
    try:
        cluster = at.cloud.cluster(at.standing.name)
    except DiagnosticsError:
        return None
    if cluster is None or not cluster.endpoint:
        return None
    if reachable(cluster):
        return _without_rights(at, live, root, cluster)
    how = "is private and" if cluster.private else "is open to some ranges and"
    message = f"{root}: the endpoint of cluster {cluster.name} {how} does not answer from here"
    ways = "run this inside its network (a runner there, VPN, bastion), or add your range to `cluster.endpoint`"
    return Diagnostic("GP822", message, hint=f"{ways}, in `private_cidrs` or `public_cidrs`; nothing was run")


def _without_rights(at: Connected, live: Live, root: str, cluster: ClusterAccess) -> Diagnostic | None:
    """GP826; a plan that refreshes nothing asks the cluster nothing either."""
    needed = (WRITTEN if live.writes else READ) if live.refreshes else ()
    try:
        with kube(cluster, lambda: at.cloud.token(cluster)) as asked:
            lacking = asked.lacking(needed)
    except (OSError, ValueError, DiagnosticsError):
        return None
    if lacking is not None and not (lacking and live.writes):
        return None
    may = f"may not {', '.join(one.title for one in lacking)} in" if lacking else "is not known to"
    message = f"{root}: {at.caller.who} {may} cluster {cluster.name}"
    return Diagnostic("GP826", message, hint=f"{at.cloud.lets_in}; nothing was run")
