"""What the applied roots hand out, and the way into the cluster."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from groundplan.app.live.connected import Connected
from groundplan.diagnostics import Diagnostic, DiagnosticsError, did_you_mean, shortened
from groundplan.live.cloud import ClusterAccess
from groundplan.live.reach import reachable
from groundplan.live.state import Output


@dataclass(frozen=True, slots=True)
class Access:
    """What kubectl needs, and whether the cluster answers from here."""

    cluster: ClusterAccess
    config: Mapping[str, Any]
    reached: bool


def outputs(at: Connected, roots: tuple[str, ...], name: str | None) -> Mapping[str, Mapping[str, Output]]:
    """Outputs by root, of roots that were applied; of that name alone where one is given. Raises GP937 for none."""
    states = {state.root: at.read(state) for state in at.standing.chosen(roots)}
    found = {root: dict(sorted(state.outputs.items())) for root, state in states.items() if state is not None}
    if name is None:
        return found
    named = {root: {name: one[name]} for root, one in found.items() if name in one}
    if not named:
        hint = did_you_mean(name, [each for one in found.values() for each in one]) or None
        message = f"no applied root has an output {shortened(name)}"
        raise DiagnosticsError([Diagnostic("GP937", message, hint=hint)])
    return named


def access(at: Connected) -> Access:
    """The way into the environment's cluster. Raises GP938 where there is none, or none that is ready."""
    name = at.standing.name
    cluster = at.cloud.cluster(name)
    if cluster is None or not cluster.endpoint:
        message = f"there is no cluster {name} that is ready in {at.standing.outline.region}"
        raise DiagnosticsError([Diagnostic("GP938", message, hint="apply 10-foundation first")])
    trusted = {"certificate-authority-data": cluster.ca} if cluster.ca else {}
    entry = {"cluster": {"server": cluster.endpoint, **trusted}, "name": name}
    config = {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [entry],
        "contexts": [{"name": name, "context": {"cluster": name, "user": name}}],
        "current-context": name,
        "users": [{"name": name, "user": dict(at.cloud.kubeconfig(cluster))}],
    }
    return Access(cluster, config, reachable(cluster))
