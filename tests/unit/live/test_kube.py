"""The API of a cluster, asked for what its controllers have made."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from groundplan.app.live.destroy.cluster import Controllers
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.cloud import ClusterAccess
from groundplan.live.kube import Made, kube
from tests.live.kube import FakeCluster, fake_cluster


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[FakeCluster]:
    with fake_cluster(tmp_path) as made:
        yield made


def access(cluster: FakeCluster) -> ClusterAccess:
    return ClusterAccess("demo", cluster.url, private=False, ca=cluster.ca)


def controllers(cluster: FakeCluster | None, told: list[str], **options: Any) -> Controllers:
    cloud = SimpleNamespace(cluster=lambda _name: access(cluster) if cluster else None, token=lambda _cluster: "t1")
    calls = {"10-foundation": {"module.cluster": SimpleNamespace(component="cluster")}}
    standing = SimpleNamespace(name="demo", lock=SimpleNamespace(calls=calls))
    at: Any = SimpleNamespace(cloud=cloud, standing=standing)
    return Controllers(at, told.append, looks=3, look_seconds=0.0, **options)


def test_a_cluster_stays_unless_its_root_goes(cluster: FakeCluster) -> None:
    assert controllers(cluster, []).stays(["20-platform"])
    assert not controllers(cluster, []).stays(["20-platform", "10-foundation"])
    assert not controllers(None, []).stays(["20-platform"])


def test_load_balancers_and_claims_are_found_and_gateways_that_no_cluster_has_are_none(cluster: FakeCluster) -> None:
    cluster.add("Service", "web", "front", type="LoadBalancer")
    cluster.add("Service", "web", "inner", type="ClusterIP")
    cluster.add("Ingress", "web", "site")
    cluster.add("PersistentVolumeClaim", "data", "disk")
    found = controllers(cluster, []).inside()
    assert [one.title for one in found.things] == [
        "Service web/front",
        "Ingress web/site",
        "PersistentVolumeClaim data/disk",
    ]
    assert cluster.tokens == {"t1"}


def test_they_are_deleted_and_waited_for(cluster: FakeCluster) -> None:
    told: list[str] = []
    path = cluster.add("Service", "web", "front", type="LoadBalancer")
    claim = cluster.add("PersistentVolumeClaim", "data", "disk")
    asked = controllers(cluster, told)
    asked.clear(Made.ENTRY)
    assert (cluster.deleted, list(cluster.objects), told) == ([path], [claim], ["deleting Service web/front"])
    assert [one.title for one in asked.deleted] == ["Service web/front"]


def test_what_is_not_gone_after_a_while_is_told(cluster: FakeCluster) -> None:
    cluster.add("PersistentVolumeClaim", "data", "disk", stuck=True)
    with pytest.raises(DiagnosticsError) as caught:
        controllers(cluster, []).clear(Made.VOLUME)
    [found] = caught.value.diagnostics
    assert (found.code, "PersistentVolumeClaim data/disk" in found.message) == ("GP943", True)


def test_without_a_cluster_or_where_it_is_left_out_nothing_is_asked(cluster: FakeCluster) -> None:
    cluster.add("Service", "web", "front", type="LoadBalancer")
    for asked in (controllers(None, []), controllers(cluster, [], ignored=True)):
        assert not asked.inside().there
        asked.clear(Made.ENTRY)
    assert cluster.tokens == set()


def test_a_cluster_that_does_not_answer_or_is_another_is_one_line(cluster: FakeCluster, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    with fake_cluster(tmp_path / "other") as other:
        wrong = ClusterAccess("demo", cluster.url, private=False, ca=other.ca)
        gone = ClusterAccess("demo", "https://127.0.0.1:1", private=True, ca=cluster.ca)
        for access_ in (wrong, gone):
            with pytest.raises(DiagnosticsError) as caught, kube(access_, lambda: "t") as asked:
                asked.things()
            assert [one.code for one in caught.value.diagnostics] == ["GP824"]
    assert cluster.tokens == set(), "no token goes to a server that is not the cluster"
