"""The scripts that start MLflow: the same in both hostings, and laid out and called as the task definition says."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from groundplan.terraform.offline import offline_session
from tests.modules.test_modules import example_root, with_callees
from tools.module_docs import MODULES

HOSTINGS = ("aws/mlflow_serverless", "kubernetes/mlflow")
SHARED = ("fetch_secret.py", "serve.py", "upgrade_schema.py")


@pytest.mark.parametrize("name", SHARED)
def test_both_hostings_start_with_the_same_scripts(name: str) -> None:
    one, other = ((MODULES / hosting / name).read_text(encoding="utf-8") for hosting in HOSTINGS)
    assert one == other, f"copy {name} from one module to the other: each must stand alone"


@pytest.fixture(scope="module")
def containers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """The containers of the task that the README's example plans, by name."""
    top = tmp_path_factory.mktemp("serverless")
    (top / "modules").symlink_to(MODULES)
    root = example_root(HOSTINGS[0])
    (top / root).mkdir()
    (top / root / "main.tf").write_text(with_callees(HOSTINGS[0]), encoding="utf-8")
    with offline_session(top, [root]) as session:
        result = session.plan(root)
    assert result.plan is not None, result.diagnostics
    [definition] = [
        change["change"]["after"]["container_definitions"]
        for change in result.plan["resource_changes"]
        if change["type"] == "aws_ecs_task_definition"
    ]
    return {container["name"]: container for container in json.loads(definition)}


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


def start(server: dict[str, Any], tmp_path: Path, failing: str = "none") -> tuple[int, list[list[str]]]:
    """Exit code of the server's own command, and every call of `python`, which only notes its arguments."""
    calls = tmp_path / "calls"
    fake = tmp_path / "python"
    fake.write_text(
        f'#!{sys.executable}\nimport json, sys\nopen({str(calls)!r}, "a").write(json.dumps(sys.argv[1:]) + "\\n")\n'
        f'sys.exit(int(sys.argv[1].endswith("/{failing}.py")))\n',
        encoding="utf-8",
    )
    fake.chmod(0o755)
    command = [*server["entryPoint"], *server["command"]]
    done = subprocess.run(command, env={"PATH": f"{tmp_path}:{os.defpath}"}, check=False)
    return done.returncode, [json.loads(line) for line in calls.read_text(encoding="utf-8").splitlines()]


def test_the_server_fetches_upgrades_and_serves(containers: dict[str, dict[str, Any]], tmp_path: Path) -> None:
    code, calls = start(containers["server"], tmp_path)
    assert code == 0
    assert [call[0] for call in calls] == [
        f"/etc/mlflow/{name}" for name in ("fetch_secret.py", "upgrade_schema.py", "serve.py")
    ]
    assert calls[2][1:] == containers["server"]["command"]
    assert "--app-name=basic-auth" in calls[2]


@pytest.mark.parametrize(("failing", "steps"), [("fetch_secret", 1), ("upgrade_schema", 2)])
def test_the_server_does_not_start_after_a_failed_step(
    containers: dict[str, dict[str, Any]], tmp_path: Path, failing: str, steps: int
) -> None:
    code, calls = start(containers["server"], tmp_path, failing)
    assert code == 1
    assert len(calls) == steps
