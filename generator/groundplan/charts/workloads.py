"""The containers of objects: their images, and what they ask for.

Docker Hub's limits: https://docs.docker.com/docker-hub/usage/pulls/ (100 pulls in six hours without an account).
Bitnami: https://github.com/bitnami/containers/issues/83267, of 2025-07: versioned tags left docker.io/bitnami on
2025-08-28, and docker.io/bitnamilegacy gets no updates.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Object = Mapping[str, Any]

DOCKER_HUB = "docker.io"
_REGISTRY = re.compile(r"(?:localhost|[^/]*[.:][^/]*)/")
_NO_LONGER_FREE = re.compile(r"(?:docker\.io/)?(?:bitnami|bitnamilegacy|bitnamisecure)/")
_POD = {"Pod": ("spec",), "CronJob": ("spec", "jobTemplate", "spec", "template", "spec")}
_TEMPLATE = ("spec", "template", "spec")
_KINDS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", *_POD)


@dataclass(frozen=True, slots=True)
class Image:
    """An image by its parts; `registry` is empty where the reference leaves it to the node."""

    reference: str
    registry: str
    tag: str
    digest: str

    @property
    def server(self) -> str:
        """The registry that a node asks."""
        return self.registry or DOCKER_HUB

    @property
    def no_longer_free(self) -> bool:
        """Whether it is of a publisher whose images can no longer be relied on without a contract."""
        return bool(_NO_LONGER_FREE.match(self.reference))


@dataclass(frozen=True, slots=True)
class Container:
    """A container of a pod, or of the pods of a workload."""

    name: str
    image: Image
    requests: frozenset[str]
    limits: frozenset[str]


def containers(item: Object) -> Iterator[Container]:
    """Those of an object of the API, with the ones that run before them; none of other kinds."""
    pod: Any = item if item.get("kind") in _KINDS else {}
    for key in _POD.get(str(item.get("kind")), _TEMPLATE):
        pod = pod.get(key) if isinstance(pod, Mapping) else None
    for part in ("initContainers", "containers"):
        found = pod.get(part) if isinstance(pod, Mapping) else None
        every = found if isinstance(found, list) else ()
        yield from (_container(one) for one in every if isinstance(one, Mapping))


def image(reference: str) -> Image:
    """A reference as container runtimes read it."""
    rest, _, digest = reference.partition("@")
    found = _REGISTRY.match(rest)
    registry = found[0].removesuffix("/") if found else ""
    _, colon, tag = rest.rpartition("/")[2].partition(":")
    return Image(reference, registry, tag if colon else "", digest)


def _container(container: Object) -> Container:
    resources = container.get("resources")
    asked = resources if isinstance(resources, Mapping) else {}
    return Container(
        str(container.get("name", "")),
        image(str(container.get("image", ""))),
        _keys(asked.get("requests")),
        _keys(asked.get("limits")),
    )


def _keys(amounts: object) -> frozenset[str]:
    return frozenset(amounts) if isinstance(amounts, Mapping) else frozenset()
