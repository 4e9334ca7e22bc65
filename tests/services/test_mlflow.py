"""The MLflow server exactly as the module renders it, on a real PostgreSQL, S3 and Secrets Manager API."""

from __future__ import annotations

import json
import re
import stat
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import psycopg2
import pytest

from tests.monitoring.programs import had
from tests.monitoring.prometheus import ask as query
from tests.monitoring.prometheus import prometheus
from tests.services.conftest import BUCKET, SECRETS, Cluster, Server
from tests.services.pods import Pod, command_lines
from tests.services.processes import ask

User = tuple[str, str]
EXPERIMENTS = "/api/2.0/mlflow/experiments/search?max_results=10"
LOG, USE = range(2)


def example(repository: Path, number: int) -> str:
    """A Python example of docs/mlflow.md."""
    text = (repository / "docs" / "mlflow.md").read_text(encoding="utf-8")
    return re.findall(r"^```python\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)[number]


def run_script(text: str, server: Server, user: User, home: Path) -> str:
    """What a script prints on a data scientist's machine, who knows an address, a name and a password."""
    environment = {
        "HOME": str(home),
        "PATH": "/usr/bin:/bin",
        "MLFLOW_TRACKING_URI": server.url,
        "MLFLOW_TRACKING_USERNAME": user[0],
        "MLFLOW_TRACKING_PASSWORD": user[1],
        "MLFLOW_HTTP_REQUEST_MAX_RETRIES": "0",
        "MLFLOW_DISABLE_TELEMETRY": "true",
        "GIT_PYTHON_REFRESH": "quiet",
    }
    done = subprocess.run(
        [sys.executable, "-c", text],
        env=environment,
        cwd=home,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-4000:]
    return done.stdout


@pytest.fixture(scope="session")
def run_id(server: Server, repository: Path, admin: User, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The run that the example of the docs has logged."""
    printed = run_script(example(repository, LOG), server, admin, tmp_path_factory.mktemp("laptop"))
    (found,) = re.findall(r"^[0-9a-f]{32}$", printed, re.MULTILINE)
    return str(found)


def test_every_hosting_starts_the_same_way(repository: Path) -> None:
    """A module stands alone, so each has a copy of the scripts; what is tested here holds for all."""
    cluster, *others = (
        repository / "modules" / name
        for name in ("kubernetes/mlflow", "aws/mlflow_serverless", "gcp/mlflow_serverless")
    )
    for serverless in others:
        copies = [path.name for path in serverless.glob("*.py") if (cluster / path.name).exists()]
        assert {"fetch_secret.py", "upgrade_schema.py", "serve.py"} <= set(copies)
        assert [name for name in copies if (cluster / name).read_bytes() != (serverless / name).read_bytes()] == []


def test_pods_that_start_together_upgrade_once(first: Pod) -> None:
    """The fixture started two at a time. Both sets of tables are there, at one revision each, and no lock is left."""
    uri = (first.volume("secrets") / "backend_store_uri").read_text("utf-8").replace("+psycopg2", "")
    with psycopg2.connect(uri) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT (SELECT count(*) FROM alembic_version), (SELECT count(*) FROM alembic_version_auth)")
        assert cursor.fetchone() == (1, 1)
        cursor.execute("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
        assert cursor.fetchone() == (0,)
    connection.close()


def test_database_is_checked_and_reached_with_tls_alone(first: Pod, other_authority: Path) -> None:
    uri = (first.volume("secrets") / "backend_store_uri").read_text("utf-8").replace("+psycopg2", "")
    assert "sslmode=verify-full" in uri
    ca = str(first.volume("scripts") / "database-ca.pem")
    with pytest.raises(psycopg2.OperationalError, match="certificate verify failed"):
        psycopg2.connect(re.sub(r"sslrootcert=.*", f"sslrootcert={other_authority}", uri))
    with pytest.raises(psycopg2.OperationalError):
        psycopg2.connect(re.sub(r"sslmode=verify-full&sslrootcert=.*", "sslmode=disable", uri))
    assert ca in uri.replace("%2F", "/")


def test_secrets_are_in_files_of_the_user_alone(cluster: Cluster, first: Pod) -> None:
    files = sorted(first.volume("secrets").iterdir())
    assert [path.name for path in files] == ["backend_store_uri", "basic_auth.ini", "flask_secret_key"]
    assert {stat.S_IMODE(path.stat().st_mode) for path in files} == {0o400}
    rendered = json.dumps(cluster.plan, ensure_ascii=False)
    assert not [secret for secret in SECRETS if secret in rendered]
    (volume,) = (v for v in first.spec["volumes"] if v["name"] == "secrets")
    assert volume["emptyDir"]["medium"] == "Memory"


def test_secrets_are_in_no_command_line_and_no_log(server: Server) -> None:
    seen = command_lines(server.process.pid)
    assert "mlflow\0server\0" in seen
    logged = "".join(path.read_text("utf-8", "replace") for path in server.pod.folder.glob("*.log"))
    assert "Uvicorn running" in logged
    assert not [secret for secret in SECRETS if secret in seen + logged]


@pytest.mark.parametrize("path", ["/", EXPERIMENTS, "/metrics", "/graphql", "/api/2.0/mlflow-artifacts/artifacts"])
def test_nobody_without_a_password(server: Server, admin: User, path: str) -> None:
    assert ask(server.url + path).status == 401
    assert ask(server.url + path, user=(admin[0], "wrong")).status == 401
    assert ask(server.url + path, user=("admin", "password1234")).status == 401
    assert ask(server.url + path, user=("", "")).status == 401


def test_administrator_comes_in(server: Server, admin: User) -> None:
    assert ask(server.url + "/health").status == 200
    assert ask(server.url + EXPERIMENTS, user=admin).json()["experiments"][0]["name"] == "Default"
    assert "MLflow" in ask(server.url + "/", user=admin).body


def test_pages_of_others_do_not_come_in(server: Server, admin: User) -> None:
    """A foreign name for the server (DNS rebinding), and a request that a page of another site makes."""
    for name in ("evil.example.com", "10.1.2.3:5000"):
        answer = ask(server.url + EXPERIMENTS, user=admin, headers={"Host": name})
        assert (answer.status, "rebinding" in answer.body) == (403, True)
    for name in ("mlflow.mlflow.svc.cluster.local:5000", "localhost:15000"):
        assert ask(server.url + EXPERIMENTS, user=admin, headers={"Host": name}).status == 200
    create = {"url": server.url + "/api/2.0/mlflow/experiments/create", "user": admin}
    foreign = ask(**create, body={"name": "theirs"}, headers={"Origin": "https://evil.example.com"})
    assert (foreign.status, foreign.body) == (403, "Cross-origin request blocked")
    assert ask(**create, body={"name": "ours"}, headers={"Origin": "http://localhost:5000"}).status == 200


def test_run_artifact_and_model_are_where_they_belong(
    cluster: Cluster, server: Server, admin: User, run_id: str
) -> None:
    run = ask(f"{server.url}/api/2.0/mlflow/runs/get?run_id={run_id}", user=admin).json()["run"]
    assert run["info"]["status"] == "FINISHED"
    assert run["info"]["artifact_uri"].startswith("mlflow-artifacts:/")
    assert {metric["key"] for metric in run["data"]["metrics"]} == {"accuracy"}
    listed = cluster.aws.client("s3").list_objects_v2(Bucket=BUCKET)["Contents"]
    keys = [entry["Key"] for entry in listed]
    assert [key for key in keys if key.endswith(f"{run_id}/artifacts/source.txt")]
    assert [key for key in keys if key.endswith("/MLmodel")]
    assert all(key.startswith("artifacts/") for key in keys)
    assert not list(server.pod.folder.rglob("MLmodel"))
    model = ask(f"{server.url}/api/2.0/mlflow/registered-models/get?name=irises", user=admin).json()
    assert model["registered_model"]["latest_versions"][0]["version"] == "1"


def test_user_reads_and_does_not_change(server: Server, admin: User, run_id: str) -> None:
    user = ("ada", "a-password-of-ada")
    created = ask(
        server.url + "/api/2.0/mlflow/users/create", user=admin, body={"username": user[0], "password": user[1]}
    )
    assert created.status == 200, created.body
    assert ask(f"{server.url}/api/2.0/mlflow/runs/get?run_id={run_id}", user=user).status == 200
    change = {"run_id": run_id, "key": "accuracy", "value": 1, "timestamp": 1}
    assert ask(server.url + "/api/2.0/mlflow/runs/log-metric", user=user, body=change).status == 403
    assert ask(server.url + "/api/2.0/mlflow/runs/delete", user=user, body={"run_id": run_id}).status == 403
    other = {"username": "eve", "password": "a-password-of-eve"}
    assert ask(server.url + "/api/2.0/mlflow/users/create", user=user, body=other).status == 403


def test_metrics_answer_on_their_own_port(server: Server, admin: User, run_id: str) -> None:
    own = ask(server.pod.metrics_url)
    assert own.status == 200
    assert re.search(r'^mlflow_http_request_total\{.*status="200".*\} [1-9]', own.body, re.MULTILINE)
    assert re.search(r"^mlflow_http_request_duration_seconds_bucket\{", own.body, re.MULTILINE)
    assert "mlflow_http_request_total" in ask(server.url + "/metrics", user=admin).body
    assert ask(server.pod.metrics_url.replace("/metrics", EXPERIMENTS)).body.startswith("# HELP")


def test_prometheus_scrapes_the_server(server: Server, run_id: str, tmp_path: Path) -> None:
    target = urlsplit(server.pod.metrics_url)
    scrape = {"job_name": "mlflow", "scrape_interval": "1s", "static_configs": [{"targets": [target.netloc]}]}
    config = {"scrape_configs": [{**scrape, "metrics_path": target.path}]}
    requests: list[Any] = []
    with prometheus(had("prometheus", "prometheus"), tmp_path, config) as url:
        end = time.monotonic() + 60
        while not requests and time.monotonic() < end:
            time.sleep(0.5)
            requests = query(f"{url}/api/v1/query?query=mlflow_http_request_total")["result"]
    assert {sample["metric"]["job"] for sample in requests} == {"mlflow"}
    assert "200" in {sample["metric"]["status"] for sample in requests}


def test_everything_is_there_after_a_restart(
    server: Server, later: Pod, repository: Path, admin: User, run_id: str
) -> None:
    """The pod ends; one that never met the run serves it, and the model to the second example of the docs."""
    server.replace(later)
    found = ask(f"{server.url}/api/2.0/mlflow/runs/get?run_id={run_id}", user=admin).json()["run"]
    assert found["data"]["params"] == [{"key": "max_iter", "value": "500"}]
    assert float(run_script(example(repository, USE), server, admin, later.folder)) > 0.9
    assert ask(server.url + EXPERIMENTS, user=(admin[0], "wrong")).status == 401
