"""What is looked at before Terraform runs a root, so that it does not end in a timeout in the middle."""

from __future__ import annotations

import shlex

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError
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
