"""Who may take whose identity, and what leaves a namespace, as the modules are called."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest

from groundplan import paths
from groundplan.clouds import find_cloud
from groundplan.components.load import components
from groundplan.components.node_pool.part import workload_pools_of
from groundplan.compose.compose import compose
from groundplan.render.workloads import workloads
from groundplan.stack.model import Stack
from tests.unit.stack.specs import ON_GCP, aws, gcp, stack_of

CLOUDS = {"aws": (aws, {}), "gcp": (gcp, {"cloud": ON_GCP})}
POOL = {"vcpus": 2, "nodes": {"max": 2}}
BUCKETS = {"storage": {"buckets": {"mine": {}, "theirs": {}}}}
# Names that would meet if a kind and a name were put together carelessly.
POOLS: dict[str, Any] = {
    "training": {"pools": {"a": {**POOL, "writes": ["mine"]}, "b": {**POOL, "reads": ["theirs"]}, "a-b": POOL}},
    "serving": {"pools": {"a": POOL, "b-a": POOL, "training-a": {**POOL, "reads": ["mine"]}}},
}


@pytest.fixture(params=CLOUDS)
def cloud(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


def stack_on(cloud: str, **parts: Any) -> Stack:
    return stack_of(**{"state": {"backend": "local"}, **BUCKETS, **POOLS, **CLOUDS[cloud][1], **parts})


def arguments(cloud: str, call: str, **parts: Any) -> Any:
    roots = compose(stack_on(cloud, **parts), CLOUDS[cloud][0](), components(), paths.MODULES).roots
    return next(one.arguments for root in roots for one in root.calls if one.name == call)


def test_no_namespace_has_the_accounts_of_two_pools(cloud: str) -> None:
    spaces = arguments(cloud, "workspaces")["workspaces"]
    assert len(spaces) == 6
    assert all(len(space["service_accounts"]) == 1 for space in spaces.values())


def test_no_namespace_has_two_identities(cloud: str) -> None:
    identities = arguments(cloud, "workload_identity", tracking={"mlflow": {}})["identities"]
    assert set(Counter(one["namespace"] for one in identities.values()).values()) == {1}
    spaces = arguments(cloud, "workspaces")["workspaces"]
    for name, one in identities.items():
        assert name == "mlflow" or spaces[one["namespace"]]["service_accounts"] == [one["service_account"]]


def test_examples_stay_in_the_namespace_of_their_pool(cloud: str) -> None:
    stack, own = stack_on(cloud), find_cloud(cloud)
    assert own
    files = workloads(stack, own)
    for pool in workload_pools_of(stack):
        text = files[f"workloads/{pool.id}.yaml"]
        assert text.count("namespace: ") == text.count(f"namespace: {pool.id}\n") > 0


def test_what_leaves_is_what_is_declared(cloud: str) -> None:
    bare = arguments(cloud, "workspaces")["egress"]
    full = arguments(cloud, "workspaces", tracking={"mlflow": {}}, monitoring={})["egress"]
    assert "servers" not in bare and "https_cidr_blocks" not in bare
    assert [(one["namespace"], one["port"]) for one in full["servers"]] == [("mlflow", 5000), ("monitoring", 9091)]
    assert bare == {key: value for key, value in full.items() if key != "servers"}


def test_instance_metadata_is_for_google_alone() -> None:
    """There it is what hands out the identity of pods; on AWS it is the node's own."""
    assert arguments("aws", "workspaces")["egress"]["node_services"] == {"169.254.170.23/32": 80}
    assert arguments("gcp", "workspaces")["egress"]["node_services"] == {
        "169.254.169.254/32": 80,
        "169.254.169.252/32": 988,
    }
