"""What the keys of `monitoring` mean together, and beside the rest of the spec."""

from __future__ import annotations

from collections.abc import Iterator

from groundplan.diagnostics import Diagnostic
from groundplan.spec.declared import wants_cluster
from groundplan.spec.document import Document, Path, dotted


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
    for path in (("prometheus", "storage_gib"), ("grafana",), ("alerts", "slack"), ("alerts", "pagerduty")):
        whole: Path = ("monitoring", *path)
        if at.value(*whole) is not None:
            message = f"`{dotted(whole)}` is for Prometheus on the cluster"
            hint = "remove it, or set `hosting: kubernetes`"
            yield document.diagnostic("GP208", message, whole, hint=hint, on_key=True)
    if at.value("monitoring", "alerts", "email") is None:
        message = "managed monitoring needs somebody to tell"
        hint = "add `monitoring.alerts.email`"
        yield document.diagnostic("GP208", message, ("monitoring", "prometheus", "hosting"), hint=hint)


RULES = (_of_nothing, _managed)
