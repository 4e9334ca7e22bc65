"""Names on Google Cloud: what it refuses is an error in the spec; the longest that a spec may say fit everywhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.pipeline import resolve_spec
from groundplan.components.object_store.part import buckets_of
from groundplan.diagnostics import Diagnostic
from groundplan.environment.files import SPEC_FILE
from groundplan.environment.write import write
from groundplan.stack.layers import FOUNDATION
from groundplan.stack.naming import check_name
from groundplan.terraform.offline import offline_session
from tests.unit.stack.specs import BASE, ON_GCP, gcp, gcp_stack, problems


def on_gcp(**parts: Any) -> list[Diagnostic]:
    return problems(**{"cloud": ON_GCP, **parts})


@pytest.mark.parametrize(
    "name", ["google", "my-google-models", "g00gle", "go0gle", "x-g0ogle", "goog-models", "googol"]
)
def test_no_bucket_is_called_after_google(name: str) -> None:
    found = on_gcp(name=name, storage={"buckets": {"data": {}}})
    assert {(one.code, one.hint) for one in found} == {("GP303", "do not call it after Google")}
    assert "name" in {one.path for one in found}


def test_the_name_of_a_single_bucket_counts_too() -> None:
    [found] = on_gcp(storage={"buckets": {"from-google": {}}})
    assert (found.code, found.path) == ("GP303", "storage.buckets.from-google")
    assert re.fullmatch(r"GCP refuses the bucket name `test-from-google-[0-9a-f]{8}`", found.message)


def test_what_is_but_like_it_is_allowed() -> None:
    stack = gcp_stack(name="goggles", storage={"buckets": {"log-ogle": {}}})
    assert [bucket.bucket.rpartition("-")[0] for bucket in buckets_of(stack)] == ["goggles-log-ogle"]


@pytest.mark.parametrize(("kind", "longest"), [("bucket", 63), ("cluster", 40), ("repository", 63)])
def test_the_longest_name_and_the_first_that_is_too_long(kind: str, longest: int) -> None:
    assert check_name(gcp(), kind, "a" * longest, "name") == []
    [found] = check_name(gcp(), kind, "a" * (longest + 1), "name")
    assert found.code == "GP303"
    assert f"GCP allows {longest}" in found.message


ENVIRONMENT = "e" * 24
POOL = "pool-with-the-longest-name-of-al"
"""As long as the format lets them be; two pools of the second name differ in their last letter alone."""
LONGEST = {
    "google_container_node_pool": ("name", 40),
    "google_container_cluster": ("name", 40),
    "google_service_account": ("account_id", 30),
    "google_sql_database_instance": ("name", 98),
    "google_secret_manager_secret": ("secret_id", 255),
    "google_artifact_registry_repository": ("repository_id", 63),
    "google_storage_bucket": ("name", 63),
    "google_kms_key_ring": ("name", 63),
    "google_kms_crypto_key": ("name", 63),
    "google_logging_project_bucket_config": ("bucket_id", 100),
    "google_logging_project_sink": ("name", 100),
    "google_cloud_run_v2_service": ("name", 49),
}
"""Where a type has its name, and how long the API lets it be; Compute Engine takes 63 characters for everything."""
COMPUTE = ("name", 63)


def planned(module: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Address, type and values of every managed resource of a planned module."""
    for resource in module.get("resources", []):
        if resource["mode"] == "managed":
            yield resource["address"], resource["type"], resource["values"]
    for child in module.get("child_modules", []):
        yield from planned(child)


def test_the_longest_names_of_a_spec_fit(tmp_path: Path) -> None:
    assert (len(ENVIRONMENT), len(POOL)) == (24, 32)
    pools = {f"{POOL[:-1]}{letter}": {"vcpus": 4, "nodes": {"max": 1}} for letter in "xy"}
    parts = {
        "name": ENVIRONMENT,
        "cloud": ON_GCP,
        "training": {"pools": pools},
        "registry": {"repositories": {"r" * 32: {}}},
        "tracking": {
            "mlflow": {
                "hosting": "serverless",
                "host": "mlflow.ml.example.com",
                "gcp": {"certificate": "projects/fraud-dev/regions/us-central1/sslCertificates/mlflow"},
            }
        },
        "monitoring": {"prometheus": {"hosting": "managed"}, "alerts": {"email": "a@example.com"}},
        "storage": {"buckets": {"b" * 29: {}}},
        "state": {"backend": "local"},
    }
    (tmp_path / SPEC_FILE).write_text(yaml.safe_dump({**BASE, **parts}), encoding="utf-8")
    write(resolve_spec(tmp_path / SPEC_FILE).render(tmp_path / "out"), tmp_path / "out")
    with offline_session(tmp_path / "out", [FOUNDATION]) as session:
        result = session.plan(FOUNDATION)
    assert result.ok and result.plan, result.diagnostics
    found = list(planned(result.plan["planned_values"]["root_module"]))
    assert LONGEST.keys() <= {kind for _, kind, _ in found}
    for address, kind, values in found:
        attribute, most = LONGEST.get(kind, COMPUTE if kind.startswith("google_compute_") else ("", 0))
        if values.get(attribute):
            assert len(values[attribute]) <= most, (address, values[attribute])
    pool_names = [values["name"] for _, kind, values in found if kind == "google_container_node_pool"]
    # Two of spot and two on demand, and three of the system: two of its nodes are always on.
    assert len(set(pool_names)) == len(pool_names) == 7
