"""What the keys of `monitoring` mean together, and beside the rest of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.declared import wants_cluster
from groundplan.spec.document import Document, Path, dotted

ON_CLUSTER_ALERTS = tuple(("alerts", name) for name in ("slack", "pagerduty", "heartbeat", "repeat_hours"))


def _of_nothing(document: Document) -> Iterator[Diagnostic]:
    at = document.lookup
    if at.has("monitoring") and not wants_cluster(at):
        message = "`monitoring` without a cluster: it runs on one, and watches what runs there"
        hint = "add pools under `training` or `serving`, or remove `monitoring`"
        yield document.diagnostic("GP208", message, ("monitoring",), hint=hint, on_key=True)


def _managed(document: Document) -> Iterator[Diagnostic]:
    """The cloud's own service has no disk and no Grafana of ours, and tells people by e-mail."""
    at = document.lookup
    if at.value("monitoring", "prometheus", "hosting") != "managed":
        return
    for path in (("prometheus", "storage_gib"), ("grafana",), *ON_CLUSTER_ALERTS):
        whole: Path = ("monitoring", *path)
        if at.value(*whole) is not None:
            message = f"`{dotted(whole)}` is for Prometheus on the cluster"
            hint = "remove it, or set `hosting: kubernetes`"
            yield document.diagnostic("GP208", message, whole, hint=hint, on_key=True)
    if at.value("monitoring", "alerts", "email") is None:
        message = "managed monitoring needs somebody to tell"
        hint = "add `monitoring.alerts.email`"
        yield document.diagnostic("GP208", message, ("monitoring", "prometheus", "hosting"), hint=hint)


def _on_cluster(document: Document) -> Iterator[Diagnostic]:
    """Prometheus on the cluster sees neither the cloud's database nor, by a threshold of ours, the Kubernetes API."""
    at = document.lookup
    if at.value("monitoring", "prometheus", "hosting") == "managed":
        return
    for name in at.mapping("monitoring", "thresholds"):
        if name.startswith("database_") or name == "apiserver_error_percent":
            message = f"`{name}` is for the cloud's own service, which watches that"
            hint = "remove it, or set `prometheus.hosting: managed`"
            yield document.diagnostic("GP208", message, ("monitoring", "thresholds", name), hint=hint, on_key=True)


def _sign_on(document: Document) -> Iterator[Diagnostic]:
    """People come back from their identity provider to Grafana's address."""
    said = document.lookup.mapping("monitoring", "grafana")
    if "oidc" in said and "url" not in said:
        message, hint = "single sign-on returns people to Grafana's address, and there is none", "add `grafana.url`"
        yield document.diagnostic("GP208", message, ("monitoring", "grafana", "oidc"), hint=hint, on_key=True)


RULES = (_of_nothing, _managed, _on_cluster, _sign_on)
