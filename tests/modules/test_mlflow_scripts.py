"""The scripts that start MLflow: the same in every hosting, and laid out and called as the containers say."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

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
