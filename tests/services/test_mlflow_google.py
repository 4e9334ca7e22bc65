"""MLflow as rendered for Google Cloud, on the cluster and on Cloud Run, with a real PostgreSQL and the real clients."""

from __future__ import annotations

import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psycopg2
import pytest

from tests.kubernetes.objects import objects
from tests.kubernetes.roots import MLFLOW_GOOGLE
from tests.monitoring.programs import UnavailableError, must_be_had, unpacked
from tests.services.cloud_run import Instance
from tests.services.conftest import DATABASE_PASSWORD, SECRETS, planned, secret_of
from tests.services.google import Google, google
from tests.services.pods import Pod
from tests.services.postgres import Database, postgres
from tests.services.processes import ask
from tests.services.test_mlflow import EXPERIMENTS, LOG, USE, User, example

BUCKET, SECRET, HOST = "fraud-dev-mlflow", "projects/fraud-dev/secrets/fraud-dev-mlflow", "mlflow.example.com"
SERVERLESS = """
provider "google" {
  project = "fraud-dev"
  region  = "us-central1"
}

module "mlflow" {
  source = "../modules/gcp/mlflow_serverless"

  name             = "fraud-dev"
  region           = "us-central1"
  database         = { secret_id = "projects/fraud-dev/secrets/fraud-dev-mlflow", ca_bundle_pem = AUTHORITY }
  artifacts_bucket = { name = "fraud-dev-mlflow" }
  client_cidrs     = ["10.20.0.0/16"]
  logs             = { access_log_bucket = "fraud-dev-mlflow" }
  network = {
    id            = "projects/p/global/networks/n"
    subnetwork_id = "projects/p/regions/us-central1/subnetworks/s"
  }
  kms_keys = {
    storage = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/storage"
    logs    = "projects/p/locations/us-central1/keyRings/r/cryptoKeys/logs"
  }
  endpoint = { host = "mlflow.example.com", certificate = "projects/p/locations/us-central1/certificates/c" }
}
"""


@dataclass(frozen=True)
class Cloud:
    """A database, a secret that says how to reach it, and an empty bucket."""

    database: Database
    google: Google
    folder: Path


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    folder = tmp_path_factory.mktemp("google")
    with postgres(folder, "mlflow", DATABASE_PASSWORD) as database, google() as services:
        services.secrets[SECRET] = secret_of(database, server_ca=database.authority.read_text(encoding="utf-8"))
        yield Cloud(database, services, folder)


@pytest.fixture(scope="module")
def pod(cloud: Cloud, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Pod:
    """A pod that has its secret and an upgraded database. Its role was given a moment ago."""
    folder = tmp_path_factory.mktemp("pod")
    written = list(objects(planned(repository, folder, MLFLOW_GOOGLE)))
    (deployment,) = (o for o in written if o["kind"] == "Deployment")
    config_maps = {o["metadata"]["name"]: o["data"] for o in written if o["kind"] == "ConfigMap"}
    variables = deployment["spec"]["template"]["spec"]["initContainers"][0]["env"]
    (secret_url,) = (entry["value"] for entry in variables if entry["name"] == "SECRET_URL")
    cloud.google.refusals = 1
    found = Pod(deployment, config_maps, folder, cloud.google.environment(secret_url))
    found.initialise()
    return found


@pytest.fixture(scope="module")
def serving(pod: Pod) -> Iterator[Pod]:
    with pod.serving():
        yield pod


def run_script(text: str, url: str, user: User, home: Path) -> str:
    """What a script prints on a data scientist's machine, who knows an address, a name and a password."""
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "MLFLOW_TRACKING_URI": url,
        "MLFLOW_TRACKING_USERNAME": user[0],
        "MLFLOW_TRACKING_PASSWORD": user[1],
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    command = [sys.executable, "-c", text]
    done = subprocess.run(command, env=environment, cwd=home, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


def test_the_secret_comes_with_the_workloads_own_identity(cloud: Cloud, pod: Pod) -> None:
    assert cloud.google.refusals == 0, "it was refused, and asked again"
    files = sorted(pod.volume("secrets").iterdir())
    names = [path.name for path in files]
    assert names == ["backend_store_uri", "basic_auth.ini", "flask_secret_key", "server_ca.pem"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o400}


def test_the_database_is_known_by_its_own_authority(pod: Pod, other_authority: Path) -> None:
    uri = (pod.volume("secrets") / "backend_store_uri").read_text("utf-8").replace("+psycopg2", "")
    assert "sslmode=verify-ca" in uri
    psycopg2.connect(uri).close()
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        psycopg2.connect(re.sub(r"sslrootcert=.*", f"sslrootcert={other_authority}", uri))


def test_a_run_and_its_model_through_cloud_storage(
    cloud: Cloud, serving: Pod, repository: Path, admin: User, tmp_path: Path
) -> None:
    run_script(example(repository, LOG), serving.url, admin, tmp_path)
    names = [name for bucket, name in cloud.google.objects if bucket == BUCKET]
    assert [name for name in names if name.endswith("/artifacts/source.txt")]
    assert [name for name in names if name.endswith("/MLmodel")]
    assert all(name.startswith("artifacts/") for name in names)
    assert float(run_script(example(repository, USE), serving.url, admin, tmp_path)) > 0.9
    assert ask(serving.url + EXPERIMENTS).status == 401
    logged = "".join(path.read_text("utf-8", "replace") for path in serving.folder.glob("*.log"))
    assert not [secret for secret in SECRETS if secret in logged]


def nginx() -> Path:
    """nginx from PATH, or else from its Debian package."""
    try:
        return Path(shutil.which("nginx") or unpacked("nginx") / "usr" / "sbin" / "nginx")
    except UnavailableError as reason:
        if must_be_had():
            pytest.fail(str(reason))
        pytest.skip(str(reason))


@pytest.fixture(scope="module")
def instance(cloud: Cloud, repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Instance]:
    """An instance of the Cloud Run service, both containers serving."""
    folder = tmp_path_factory.mktemp("instance")
    folder.chmod(0o755)
    authority = json.dumps(cloud.database.authority.read_text(encoding="utf-8"))
    plan = planned(repository, folder, SERVERLESS.replace("AUTHORITY", authority))
    (service,) = (c for c in plan["resource_changes"] if c["type"] == "google_cloud_run_v2_service")
    containers = {c["name"]: c for c in service["change"]["after"]["template"][0]["containers"]}
    (secret_url,) = (entry["value"] for entry in containers["server"]["env"] if entry["name"] == "SECRET_URL")
    found = Instance(containers, folder, cloud.google.environment(secret_url), nginx())
    with found.serving():
        yield found


def curl(*arguments: str, user: User | None = None, host: str = HOST) -> subprocess.CompletedProcess[bytes]:
    """A request to the proxy in the only way Cloud Run makes one: HTTP/2 without TLS, under the server's name."""
    who = ["--user", ":".join(user)] if user else []
    command = ["curl", "--silent", "--show-error", "--noproxy", "*", "--http2-prior-knowledge", *who]
    return subprocess.run(
        [*command, "--header", f"Host: {host}", *arguments], capture_output=True, timeout=120, check=False
    )


def test_cloud_run_serves_with_a_password(instance: Instance, admin: User) -> None:
    status = ["--output", os.devnull, "--write-out", "%{http_version} %{http_code}"]
    assert curl(*status, instance.url + "/health").stdout == b"2 200"
    assert curl(*status, instance.url + EXPERIMENTS).stdout == b"2 401"
    assert json.loads(curl(instance.url + EXPERIMENTS, user=admin).stdout)["experiments"]
    foreign = curl(*status, instance.url + EXPERIMENTS, user=admin, host="evil.example.com")
    assert foreign.stdout == b"2 403"


def test_cloud_run_takes_more_than_its_limit_for_http_1(
    cloud: Cloud, instance: Instance, admin: User, tmp_path: Path
) -> None:
    file, back = tmp_path / "model.bin", tmp_path / "back.bin"
    file.write_bytes(os.urandom(1 << 20) * 40)
    url = f"{instance.url}/api/2.0/mlflow-artifacts/artifacts/large/model.bin"
    sent = curl("--fail", "--upload-file", str(file), url, user=admin)
    assert sent.returncode == 0, sent.stderr
    assert cloud.google.objects[BUCKET, "artifacts/large/model.bin"] == file.read_bytes()
    got = curl("--fail", "--output", str(back), url, user=admin)
    assert got.returncode == 0, got.stderr
    assert back.read_bytes() == file.read_bytes()


def test_cloud_run_keeps_what_is_secret_out_of_sight(instance: Instance) -> None:
    secrets = instance.folder / "secrets"
    assert stat.S_IMODE(secrets.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in secrets.iterdir()} == {0o400}
    logged = "".join(path.read_text("utf-8", "replace") for path in instance.folder.glob("*.log"))
    assert "Uvicorn running" in logged
    assert not [secret for secret in SECRETS if secret in logged]
    assert not [secret for secret in SECRETS if secret in json.dumps(dict(instance.containers))]
