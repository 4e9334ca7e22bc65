"""GP919: another image may run tomorrow under the same name."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from groundplan.check.rules.base import Resource, Rule, Subject, Violation, values_at
from groundplan.diagnostics import Severity

_POD = (("spec",), ("spec", "template", "spec"), ("spec", "job_template", "spec", "template", "spec"))
_RUN = (("template",), ("template", "template"))
_KUBERNETES = (
    *("cron_job", "daemon_set", "daemonset", "deployment", "job", "pod", "replication_controller", "stateful_set"),
)
_PODS: Mapping[str, tuple[tuple[str, ...], ...]] = {
    **{f"kubernetes_{kind}{version}": _POD for kind in _KUBERNETES for version in ("", "_v1")},
    "kubernetes_cron_job_v1beta1": _POD,
    "google_cloud_run_v2_job": _RUN,
    "google_cloud_run_v2_service": _RUN,
}
"""Where a type has its containers."""

_CONTAINERS = ("container", "containers", "init_container")


class ImageDigest(Rule):
    """A container is planned with an image by its tag alone."""

    code = "GP919"
    remedy = "add the digest: `NAME:TAG@sha256:…`; that of an image index serves every architecture"
    needs_plan = True
    answers = frozenset({"CKV_K8S_43"})

    def check(self, subject: Subject) -> Iterator[Violation]:
        """Looks at containers of Kubernetes, Cloud Run and ECS; an image that only the apply knows has no digest."""
        for resource in subject.planned():
            for image in sorted({image for image in _images(resource) if "@sha256:" not in image}):
                message, keys = f"{image} has no digest", ("image",)
                root, address = resource.root, resource.address
                yield Violation(message, root, address, chosen=Severity.WARNING, keys=keys, value=image)


def _images(resource: Resource) -> Iterator[str]:
    for container in _containers(resource):
        if isinstance(container, dict):
            yield str(container.get("image") or "an image known only after apply")


def _containers(resource: Resource) -> Iterator[Any]:
    for path in _PODS.get(resource.type, ()):
        for part in _CONTAINERS:
            yield from values_at(resource.values, (*path, part))
    if resource.type == "aws_ecs_task_definition":
        yield from _definitions(resource.values.get("container_definitions"))


def _definitions(text: Any) -> list[Any]:
    try:
        found = json.loads(text) if isinstance(text, str) else []
    except (ValueError, RecursionError):
        return []
    return found if isinstance(found, list) else []
