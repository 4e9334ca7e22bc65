"""Kubernetes and Helm."""

from __future__ import annotations

from typing import Any

from groundplan.terraform.plugin.answers.registry import answers
from groundplan.terraform.plugin.synthetic import Synthesizer


@answers("resource", "kubernetes_manifest")
def manifest(ask: Synthesizer) -> dict[str, Any]:
    """The object is what the manifest says: a cluster would only add to it."""
    return {"object": ask.values["manifest"]}


@answers("data", "kubernetes_server_version")
def server_version(_ask: Synthesizer) -> dict[str, Any]:
    """A current version."""
    return {"version": "1.34.1", "major": "1", "minor": "34", "git_version": "v1.34.1"}


@answers("data", "kubernetes_all_namespaces")
def all_namespaces(_ask: Synthesizer) -> dict[str, Any]:
    """What a new cluster has."""
    return {"namespaces": ["default", "kube-node-lease", "kube-public", "kube-system"]}


@answers("data", "helm_template")
def helm_template(_ask: Synthesizer) -> dict[str, Any]:
    """Nothing: charts are not rendered."""
    return {"manifest": "", "manifests": {}, "notes": ""}
