"""Containers of objects: their images, and what they ask for."""

from __future__ import annotations

from typing import Any

import pytest

from groundplan.charts.workloads import Image, containers, image

CONTAINER = {
    "name": "a",
    "image": "example.com/a:1",
    "resources": {"requests": {"cpu": "1", "memory": "1Gi"}, "limits": {"memory": "1Gi"}},
}


@pytest.mark.parametrize(
    ("reference", "registry", "tag", "digest"),
    [
        ("nginx", "", "", ""),
        ("grafana/grafana:13.2.0", "", "13.2.0", ""),
        ("docker.io/grafana/grafana:13.2.0", "docker.io", "13.2.0", ""),
        ("localhost:5000/a", "localhost:5000", "", ""),
        ("quay.io/a/b:v1@sha256:00", "quay.io", "v1", "sha256:00"),
        ("registry.k8s.io/a@sha256:00", "registry.k8s.io", "", "sha256:00"),
    ],
)
def test_a_reference_has_parts(reference: str, registry: str, tag: str, digest: str) -> None:
    assert image(reference) == Image(reference, registry, tag, digest)
    assert image(reference).server == (registry or "docker.io")


def test_bitnami_is_no_longer_free_wherever_it_is_written() -> None:
    named = [f"{prefix}{name}/redis:7" for prefix in ("", "docker.io/") for name in ("bitnami", "bitnamilegacy")]
    assert all(image(one).no_longer_free for one in named)
    assert not image("ghcr.io/bitnami/redis:7").no_longer_free


@pytest.mark.parametrize(
    ("kind", "spec"),
    [
        ("Pod", {"containers": [CONTAINER]}),
        ("Deployment", {"template": {"spec": {"containers": [CONTAINER]}}}),
        ("Job", {"template": {"spec": {"initContainers": [CONTAINER]}}}),
        ("CronJob", {"jobTemplate": {"spec": {"template": {"spec": {"containers": [CONTAINER]}}}}}),
    ],
)
def test_containers_are_where_the_kind_has_them(kind: str, spec: dict[str, Any]) -> None:
    (one,) = containers({"kind": kind, "spec": spec})
    assert (one.name, one.image.tag) == ("a", "1")
    assert (one.requests, one.limits) == ({"cpu", "memory"}, {"memory"})


@pytest.mark.parametrize("resources", [5, {"requests": 5, "limits": [1]}])
def test_what_is_no_map_of_amounts_asks_for_nothing(resources: Any) -> None:
    (one,) = containers({"kind": "Pod", "spec": {"containers": [{**CONTAINER, "resources": resources}]}})
    assert (one.requests, one.limits) == (set(), set())


@pytest.mark.parametrize(
    "item",
    [
        {"kind": "Cart", "spec": {"template": {}}},
        {"kind": "Job"},
        {"kind": "Pod", "spec": 1},
        {"kind": "Pod", "spec": {"containers": 5}},
    ],
)
def test_other_objects_have_none(item: dict[str, Any]) -> None:
    assert list(containers(item)) == []
