"""Real Terraform on the state of the render before: with `moves.tf` nothing that lasts is destroyed."""

from __future__ import annotations

import contextlib
from collections import defaultdict
from collections.abc import Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.pipeline import resolve_spec
from groundplan.environment.write import write
from groundplan.terraform.effects import effects
from groundplan.terraform.offline import Inputs
from groundplan.terraform.succession import succeed

FOUNDATION = "10-foundation"
CLOUDS: dict[str, dict[str, str]] = {
    "aws": {"provider": "aws", "region": "us-east-1", "account": "444455556666"},
    "gcp": {"provider": "gcp", "region": "us-central1", "account": "ml-project"},
}
HEAD = {"apiVersion": "groundplan/v1", "name": "fraud", "owner": "ml-platform", "state": {"backend": "local"}}
NODES = {"vcpus": 4, "nodes": {"max": 2}}


class Quiet:
    def step(self, what: str) -> AbstractContextManager[None]:
        return contextlib.nullcontext()


def rendered(folder: Path, name: str, values: Mapping[str, Any]) -> Path:
    """A copy of the environment that the spec makes of what stands in `folder`, which then stands there too."""
    spec = folder / "groundplan.yaml"
    folder.mkdir(exist_ok=True)
    spec.write_text(yaml.safe_dump(dict(values), sort_keys=False), encoding="utf-8")
    files = resolve_spec(spec).render(folder)
    write(files, folder)
    copy = folder.parent / name
    write(files, copy)
    return copy


def planned(old: Path, new: Path) -> dict[str, dict[str, set[str]]]:
    """What the plan of each root does, by action: addresses."""
    found: dict[str, dict[str, set[str]]] = {}
    for root in succeed(old, new, Inputs(), progress=Quiet()):
        assert (root.applied, root.diagnostics) == (True, ())
        actions = found.setdefault(root.root, defaultdict(set))
        for resource in (root.plan or {}).get("resource_changes", ()):
            actions["/".join(resource["change"]["actions"])].add(resource["address"])
            if resource["change"].get("importing"):
                actions["import"].add(resource["address"])
    return found


def lasting(addresses: set[str]) -> set[str]:
    """Those of types that hold data."""
    types = effects().types
    kinds = {address: next(part for part in address.split(".") if part in types) for address in addresses}
    return {address for address, kind in kinds.items() if (loss := effects().loss(kind)) and loss.data}


@pytest.mark.slow
@pytest.mark.parametrize("cloud", CLOUDS)
def test_new_names_and_what_leaves_destroy_nothing_that_lasts(cloud: str, tmp_path: Path) -> None:
    first = {
        "training": {"pools": {"trainer": {**NODES, "reads": ["data"], "writes": ["models"]}}},
        "storage": {"buckets": {"data": {}, "models": {}, "raw": {}}},
        "registry": {"repositories": {"trainer": {}, "scorer": {}}},
        "tracking": {"mlflow": {}},
    }
    second = {
        "training": {
            "pools": {"learner": {"renamed_from": "trainer", **NODES, "reads": ["data"], "writes": ["weights"]}}
        },
        "storage": {"buckets": {"data": {}, "weights": {"renamed_from": "models"}}},
        "registry": {"repositories": {"ranker": {"renamed_from": "scorer"}}},
    }
    folder, head = tmp_path / "environment", HEAD | {"cloud": CLOUDS[cloud]}
    old = rendered(folder, "old", head | first)
    plans = planned(old, rendered(folder, "new", head | second))
    foundation = plans[FOUNDATION]
    gone = {address for action, found in foundation.items() if "delete" in action for address in found}
    assert lasting(gone) == set()
    assert {address.split(".")[1] for address in gone} <= {"workload_identity", "services", "keys"}
    assert not foundation["create"]
    assert [address for address in foundation["forget"] if address.startswith("module.mlflow_database.")]
    assert [address for address in foundation["no-op"] if address.startswith("module.pool_training_learner.")]
    namespaces = {address for address in plans["20-platform"]["delete"] if "_namespace_" in address}
    assert namespaces == {"module.mlflow.kubernetes_namespace_v1.mlflow"}


@pytest.mark.slow
@pytest.mark.parametrize("cloud", CLOUDS)
def test_what_comes_back_is_imported_and_nothing_else_is_touched(cloud: str, tmp_path: Path) -> None:
    """On the state of a render that was applied, and on that of one that was not."""
    folder, head = tmp_path / "environment", HEAD | {"cloud": CLOUDS[cloud]}
    larger = head | {"storage": {"buckets": {"data": {}, "raw": {}}}, "registry": {"repositories": {"a": {}}}}
    made = rendered(folder, "made", larger)
    left = rendered(folder, "left", head | {"storage": {"buckets": {"data": {}}}})
    back = rendered(folder, "back", larger)
    kinds = {
        "aws": ("aws_s3_bucket", "aws_ecr_repository"),
        "gcp": ("google_storage_bucket", "google_artifact_registry_repository"),
    }[cloud]
    bucket, repository = f'module.object_store.{kinds[0]}.this["raw"]', f'module.registry.{kinds[1]}.this["a"]'
    plan = planned(left, back)[FOUNDATION]
    assert plan["import"] == {bucket, repository}
    assert not [action for action in plan if "delete" in action]
    assert planned(made, back)[FOUNDATION]["import"] == set()


@pytest.mark.slow
@pytest.mark.parametrize("cloud", CLOUDS)
def test_components_that_leave_together_leave_in_one_apply(cloud: str, tmp_path: Path) -> None:
    """An agent of the project made anew beside a channel that goes last waits for itself."""
    head = HEAD | {"cloud": CLOUDS[cloud], "registry": {"repositories": {"scorer": {}}}}
    more = {"tracking": {"mlflow": {}}, "monitoring": {"alerts": {"email": "ml-oncall@example.com"}}}
    folder = tmp_path / "environment"
    old = rendered(folder, "old", head | more)
    foundation = planned(old, rendered(folder, "new", head))[FOUNDATION]
    assert foundation["delete"]
    assert not [address for action in ("create", "delete/create", "create/delete") for address in foundation[action]]
