"""The scripts that start MLflow: the same in every hosting, and laid out and called as the containers say."""

from __future__ import annotations

import importlib.util
import json
import os
import stat
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from types import ModuleType
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from groundplan.terraform.offline import OfflineSession
from tests.modules.examples import example_root
from tools.module_docs import MODULES

HOSTINGS = ("aws/mlflow_serverless", "kubernetes/mlflow", "gcp/mlflow_serverless")
SHARED = ("fetch_secret.py", "serve.py", "upgrade_schema.py")


@pytest.mark.parametrize("name", SHARED)
def test_every_hosting_starts_with_the_same_scripts(name: str) -> None:
    one, *others = ((MODULES / hosting / name).read_text(encoding="utf-8") for hosting in HOSTINGS)
    assert others == [one, one], f"copy {name} from one module to the others: each must stand alone"


def planned(session: OfflineSession, hosting: str, kind: str) -> dict[str, Any]:
    """The one resource of a type that the example of a module's README plans."""
    result = session.plan(example_root(hosting))
    assert result.plan is not None, result.diagnostics
    [found] = [change["change"]["after"] for change in result.plan["resource_changes"] if change["type"] == kind]
    resource: dict[str, Any] = found
    return resource


@pytest.fixture(scope="module")
def containers(session: OfflineSession) -> dict[str, dict[str, Any]]:
    """The containers of the task of ECS, by name."""
    task = planned(session, HOSTINGS[0], "aws_ecs_task_definition")
    return {container["name"]: container for container in json.loads(task["container_definitions"])}


@pytest.fixture(scope="module")
def cloud_run(session: OfflineSession) -> dict[str, Any]:
    """The server's container of Cloud Run."""
    service = planned(session, HOSTINGS[2], "google_cloud_run_v2_service")
    [server] = [c for c in service["template"][0]["containers"] if c["name"] == "server"]
    container: dict[str, Any] = server
    return container


def test_prepare_lays_out_the_scripts_and_opens_scratch(containers: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    prepare = containers["prepare"]
    scripts, scratch = tmp_path / "scripts", tmp_path / "scratch"
    scripts.mkdir()
    scratch.mkdir(mode=0o755)
    command = [*prepare["entryPoint"], str(scripts), str(scratch), prepare["command"][2]]
    subprocess.run([sys.executable, *command[1:]], check=True)
    assert {path.name: path.read_text(encoding="utf-8") for path in scripts.iterdir()} == {
        name: (MODULES / HOSTINGS[0] / name).read_text(encoding="utf-8") for name in SHARED
    }
    assert stat.S_IMODE(scratch.stat().st_mode) == 0o1777


def start(command: list[str], tmp_path: Path, failing: str = "none") -> tuple[int, list[list[str]]]:
    """Exit code of the server's own command, and every call of `python`, which only notes its arguments."""
    calls = tmp_path / "calls"
    fake = tmp_path / "python"
    fake.write_text(
        f'#!{sys.executable}\nimport json, sys\nopen({str(calls)!r}, "a").write(json.dumps(sys.argv[1:]) + "\\n")\n'
        f'sys.exit(int(sys.argv[1].endswith("/{failing}.py")))\n',
        encoding="utf-8",
    )
    fake.chmod(0o755)
    done = subprocess.run(command, env={"PATH": f"{tmp_path}:{os.defpath}"}, check=False)
    return done.returncode, [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]


def test_cloud_run_prepares_and_gives_up_root(cloud_run: dict[str, Any], tmp_path: Path) -> None:
    """It lays out, opens scratch, hands the secrets to the user, and becomes the command as that user."""
    folders = {name: str(tmp_path / name) for name in json.loads(cloud_run["args"][1])}
    Path(folders["scratch"]).mkdir(mode=0o755)
    user = int(cloud_run["args"][0]) if os.getuid() == 0 else os.getuid()
    tmp_path.chmod(0o755)
    arguments = [str(user), json.dumps(folders), cloud_run["args"][2], "sh", "-c", "id -u; id -G"]
    command = [sys.executable, *cloud_run["command"][1:], *arguments]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    groups = user if os.getuid() == 0 else " ".join(map(str, [os.getgid(), *os.getgroups()]))
    assert (done.returncode, done.stdout.splitlines()[0]) == (0, str(user)), done.stderr
    assert set(done.stdout.splitlines()[1].split()) == set(str(groups).split())
    scripts = {path.name: path.read_text(encoding="utf-8") for path in Path(folders["scripts"]).iterdir()}
    assert scripts.pop("database-ca.pem").startswith("-----BEGIN CERTIFICATE-----")
    assert scripts == {name: (MODULES / HOSTINGS[2] / name).read_text(encoding="utf-8") for name in SHARED}
    secrets = Path(folders["secrets"]).stat()
    assert (stat.S_IMODE(secrets.st_mode), secrets.st_uid) == (0o700, user)
    assert stat.S_IMODE(Path(folders["scratch"]).stat().st_mode) == 0o1777


def command_of(hosting: str, request: pytest.FixtureRequest) -> list[str]:
    """What starts the server, once the scripts are there."""
    if hosting == HOSTINGS[0]:
        server = request.getfixturevalue("containers")["server"]
        return [*server["entryPoint"], *server["command"]]
    command: list[str] = request.getfixturevalue("cloud_run")["args"][3:]
    return command


SERVERLESS = pytest.mark.parametrize("hosting", [HOSTINGS[0], HOSTINGS[2]])


@SERVERLESS
def test_the_server_fetches_upgrades_and_serves(hosting: str, request: pytest.FixtureRequest, tmp_path: Path) -> None:
    command = command_of(hosting, request)
    code, calls = start(command, tmp_path)
    assert code == 0
    assert [call[0] for call in calls] == [
        f"/etc/mlflow/{name}" for name in ("fetch_secret.py", "upgrade_schema.py", "serve.py")
    ]
    assert calls[2][1:] == command[4:]
    assert "--app-name=basic-auth" in calls[2]


@SERVERLESS
@pytest.mark.parametrize(("failing", "steps"), [("fetch_secret", 1), ("upgrade_schema", 2)])
def test_the_server_does_not_start_after_a_failed_step(
    hosting: str, request: pytest.FixtureRequest, tmp_path: Path, failing: str, steps: int
) -> None:
    code, calls = start(command_of(hosting, request), tmp_path, failing)
    assert code == 1
    assert len(calls) == steps


def fetch_secret() -> ModuleType:
    """The script that reads the secret, as a module."""
    spec = importlib.util.spec_from_file_location("fetch_secret", MODULES / HOSTINGS[1] / "fetch_secret.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


PEM = "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n"
DATABASE = {"host": "10.4.0.3", "port": 5432, "username": "u", "password": "p", "dbname": "mlflow"}
GIVEN, FETCHED = "/etc/mlflow/database-ca.pem", "{secrets}/server_ca.pem"
URL = "https://truststore.pki.rds.amazonaws.com/us-east-1/us-east-1-bundle.pem"

WAYS: dict[str, tuple[dict[str, str], dict[str, str], dict[str, str]]] = {
    "RDS, given": ({}, {"DATABASE_CA_BUNDLE": GIVEN}, {"sslmode": "verify-full", "sslrootcert": GIVEN}),
    "RDS, fetched": ({}, {"DATABASE_CA_URL": URL}, {"sslmode": "verify-full", "sslrootcert": FETCHED}),
    "Cloud SQL, looked up": (
        {"server_ca": "old"},
        {"DATABASE_CA_BUNDLE": GIVEN, "DATABASE_SSLMODE": "verify-ca", "DATABASE_SERVER_NAME": ""},
        {"sslmode": "verify-ca", "sslrootcert": GIVEN},
    ),
    "Cloud SQL, by a name": (
        {"server_ca": "old"},
        {"DATABASE_CA_BUNDLE": GIVEN, "DATABASE_SSLMODE": "verify-ca", "DATABASE_SERVER_NAME": "a.b.sql.goog."},
        {"sslmode": "verify-full", "sslrootcert": GIVEN, "hostaddr": "10.4.0.3"},
    ),
    "Cloud SQL, in the secret": ({"server_ca": PEM}, {}, {"sslmode": "verify-ca", "sslrootcert": FETCHED}),
}


@pytest.mark.parametrize("way", WAYS)
def test_the_database_is_known_by_its_authorities(way: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    more, variables, wanted = WAYS[way]
    script, secret = fetch_secret(), {**DATABASE, **more}
    for name in ("DATABASE_CA_BUNDLE", "DATABASE_CA_URL", "DATABASE_SSLMODE", "DATABASE_SERVER_NAME"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(script, "published", {URL: PEM}.get)
    bundle = script.authorities(secret, tmp_path)
    uri = urlsplit(script.database_uri(secret, script.tls(secret, bundle)))
    assert dict(parse_qsl(uri.query)) == {key: value.format(secrets=tmp_path) for key, value in wanted.items()}
    assert uri.hostname == (variables.get("DATABASE_SERVER_NAME") or DATABASE["host"])
    if str(bundle) != GIVEN:
        assert (bundle.read_text(encoding="utf-8"), stat.S_IMODE(bundle.stat().st_mode)) == (PEM, 0o400)


def test_no_server_talks_to_a_database_that_it_cannot_know(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("DATABASE_CA_BUNDLE", raising=False)
    monkeypatch.delenv("DATABASE_CA_URL", raising=False)
    with pytest.raises(SystemExit, match="no certificate authority"):
        fetch_secret().authorities(DATABASE, tmp_path)


@pytest.mark.parametrize(
    ("answer", "status", "says"),
    [(PEM, 200, None), ("<html>sign in</html>", 200, "holds no certificates"), ("", 404, "404.*ca_bundle_pem")],
)
def test_certificates_are_fetched_or_the_start_ends(answer: str, status: int, says: str | None) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(status)
            self.end_headers()
            self.wfile.write(answer.encode())

        def log_message(self, format: str, *args: object) -> None:
            """Nothing is logged."""

    with HTTPServer(("127.0.0.1", 0), Handler) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        url = f"http://127.0.0.1:{server.server_port}/bundle.pem"
        if says is None:
            assert fetch_secret().published(url) == PEM
        else:
            with pytest.raises(SystemExit, match=says):
                fetch_secret().published(url)
        server.shutdown()
