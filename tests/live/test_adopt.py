"""What is there already and named in the spec: the first plan imports it and changes nothing."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.live.world import NAME, World, world
from tests.sizes import spec_text

pytestmark = pytest.mark.slow
GROUNDPLAN = Path(sys.executable).with_name("groundplan")
FOUNDATION = "10-foundation"
THINGS = {"storage": {"buckets": {"data": {}}}, "registry": {"repositories": {"trainer": {}}}}


@dataclass(frozen=True)
class _Key:
    id: str
    types: tuple[str, ...]
    """Words in the addresses of what it is made of."""


KEY = {
    "aws": _Key(f"alias/{NAME}-storage", ('aws_kms_key.this["storage"]', 'aws_kms_alias.this["storage"]')),
    "gcp": _Key(
        f"projects/example-project/locations/us-central1/keyRings/{NAME}/cryptoKeys/storage",
        ("google_kms_key_ring.this", 'google_kms_crypto_key.this["storage"]'),
    ),
}


def render(provider: str, folder: Path, **blocks: Any) -> Path:
    """An environment of a few things alone, with a state bucket of its own."""
    values = yaml.safe_load(spec_text("cpu-serving", provider, "minimal"))
    spec = {key: values[key] for key in ("apiVersion", "name", "owner", "cloud")} | blocks
    spec["state"] = {"own_state": "local"}
    folder.mkdir()
    file, target = folder / "groundplan.yaml", folder / "rendered"
    file.write_text(yaml.safe_dump(spec, sort_keys=False), encoding="utf-8")
    command = [GROUNDPLAN, "render", file, "-o", target]
    ran = subprocess.run(command, check=False, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    return target


def plan(operator: World, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and what was told on stderr."""
    words = [GROUNDPLAN, "plan", operator.folder, "--terraform-bin", operator.program, "--format", "json", *arguments]
    ran = subprocess.run(words, check=False, env=operator.variables, capture_output=True, text=True, timeout=300)
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout), ran.stderr


CERTIFICATES = {
    "aws": "arn:aws:acm:us-east-1:123456789012:certificate/0a1b2c3d-0000-1111-2222-333344445555",
    "gcp": "projects/example-project/regions/us-central1/sslCertificates/mlflow",
}


def tracking(provider: str, **database: Any) -> dict[str, Any]:
    """A database, with a server that needs no cluster."""
    certificate = {provider: {"certificate": CERTIFICATES[provider]}}
    server = {"hosting": "serverless", "host": "mlflow.ml.example.com", **certificate}
    return {"tracking": {"mlflow": {**server, "database": database}}}


def forget(operator: World, *words: str) -> int:
    """Takes what has these words in its address out of the state, and tells how much that was: the cloud keeps it."""
    listed = operator.good(FOUNDATION, "state", "list").output.split("\n")
    gone = [one.strip() for one in listed if any(word in one for word in words) and ".data." not in one]
    operator.good(FOUNDATION, "state", "rm", *gone)
    return len(gone)


def again(operator: World, rendered: Path) -> None:
    """The environment as rendered anew, without a memory of the last render; `00-state` has its state in a file."""
    (operator.folder / "groundplan.lock.json").unlink()
    shutil.copytree(rendered, operator.folder, dirs_exist_ok=True)
    operator.cloud.start()


def names(operator: World, type_: str, attribute: str = "name") -> dict[str, str]:
    """Names in the cloud of what is there of a type, by themselves."""
    return {one.values[attribute]: one.key for one in operator.cloud.store.objects(type_)}


@pytest.fixture(params=["aws", "gcp"])
def operator(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[World]:
    """Somebody who has applied the things once, and lost them from the state."""
    blocks = tracking(request.param) if "database" in request.node.name else THINGS
    rendered = render(request.param, tmp_path / "first", **blocks)
    with world(request.param, rendered, tmp_path) as made:
        made.apply("00-state", FOUNDATION)
        yield made


def test_what_is_there_is_imported_and_stays_as_it_is(operator: World, tmp_path: Path) -> None:
    bucket, repository = {
        "aws": (("aws_s3_bucket", "bucket"), ("aws_ecr_repository", "name")),
        "gcp": (("google_storage_bucket", "name"), ("google_artifact_registry_repository", "repository_id")),
    }[operator.provider]
    [data] = [name for name in names(operator, *bucket) if name.startswith(f"{NAME}-data")]
    [images] = names(operator, *repository)
    gone = forget(operator, '.this["data"]', '.this["trainer"]', *KEY[operator.provider].types)
    assert gone == {"aws": 12, "gcp": 4}[operator.provider]
    things = {
        "storage": {"buckets": {"data": {"existing": data}}},
        "registry": {"repositories": {"trainer": {"existing": images}}},
        "keys": {"storage": {"existing": KEY[operator.provider].id}},
    }
    again(operator, render(operator.provider, tmp_path / "second", **things))
    imports_alone_and_then_nothing(operator, gone)


def imports_alone_and_then_nothing(operator: World, gone: int) -> None:
    """The plan imports as much as is gone from the state and changes nothing; applied, nothing is left to do."""
    code, found, told = plan(operator, "--root", FOUNDATION)
    assert found["change"]["resources"] == {
        "created": 0,
        "updated": 0,
        "replaced": 0,
        "destroyed": 0,
        "moved": 0,
        "forgotten": 0,
        "imported": gone,
    }, (found["diagnostics"], told)
    taken = found["change"]["adopted"]
    assert sum(one["imported"] for one in taken) == gone
    assert [one["differences"] for one in taken] == [[]] * len(taken)
    assert code == 6, "an import has to be applied"
    command = [GROUNDPLAN, "apply", operator.folder, "--terraform-bin", operator.program, "--root", FOUNDATION, "--yes"]
    assert subprocess.run(command, check=False, env=operator.variables).returncode == 0
    assert operator.plan_code(FOUNDATION) == 0
    assert plan(operator, "--root", FOUNDATION)[0] == 0


def test_a_database_that_is_there_is_imported_with_its_parts_and_keeps_its_password(
    operator: World, tmp_path: Path
) -> None:
    versions = {"aws": "aws_secretsmanager_secret_version", "gcp": "google_secret_manager_secret_version"}
    own: dict[str, Any] = {"existing": f"{NAME}-mlflow"}
    if operator.provider == "aws":
        rules = operator.cloud.store.objects(
            "aws_vpc_security_group_ingress_rule", description="PostgreSQL from mlflow"
        )
        own["aws"] = {"client_rule": rules[0].values["id"]}
    gone = forget(operator, "module.mlflow_database.")
    again(operator, render(operator.provider, tmp_path / "second", **tracking(operator.provider, **own)))
    imports_alone_and_then_nothing(operator, gone - 1)
    assert operator.cloud.store.count(versions[operator.provider]) == 1, "the secret that there was, with its content"
