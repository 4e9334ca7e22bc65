"""The action at the top of the repository and the image of jobs: as far as they can be tried without their systems."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.render.pipelines.actions import SETUP_PYTHON
from tests.architecture.sources import REPOSITORY
from tests.unit.render.pipelines.systems import BIN, audited

ACTION = REPOSITORY / "action.yml"
DOCKERFILE = (REPOSITORY / "Dockerfile").read_text(encoding="utf-8")


def step(name: str) -> dict[str, Any]:
    steps: list[dict[str, Any]] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))["runs"]["steps"]
    return next(one for one in steps if one["name"] == name)


def played(name: str, folder: Path, **variables: str) -> str:
    """What the step writes, with `groundplan` and `make` that print their arguments."""
    for program in ("groundplan", "make"):
        stub = folder / program
        stub.write_text('#!/bin/sh\nprintf "<%s>" "${0##*/}" "$@"\n', encoding="utf-8")
        stub.chmod(0o755)
    environment = {"PATH": f"{folder}:{os.defpath}", "GITHUB_ACTION_PATH": str(REPOSITORY), **variables}
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step(name)["run"]]
    done = subprocess.run(command, env=environment, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_zizmor_and_the_schema_find_nothing_in_the_action() -> None:
    assert audited(ACTION) == (0, [])
    command = [BIN / "check-jsonschema", "--builtin-schema", "vendor.github-actions", ACTION]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout


def test_the_action_uses_commits_and_the_python_of_pipelines() -> None:
    used = re.findall(r"uses: (\S+)", ACTION.read_text(encoding="utf-8"))
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", one) for one in used)
    assert f"{SETUP_PYTHON.name}@{SETUP_PYTHON.sha}" in used


def test_a_command_is_words_and_nothing_of_it_is_evaluated(tmp_path: Path) -> None:
    told = played("groundplan", tmp_path, COMMAND="check a/b $(id) ;id `id` > x")
    assert told == "<groundplan><check><a/b><$(id)><;id><`id`><>><x>"
    assert not (tmp_path / "x").exists()


def test_it_installs_what_make_installs(tmp_path: Path) -> None:
    path = tmp_path / "path"
    told = played("Install groundplan", tmp_path, PYTHON=sys.executable, GITHUB_PATH=str(path))
    assert told.startswith(f"<make><--directory><{REPOSITORY}>")
    assert path.read_text() == f"{REPOSITORY}/.venv/bin\n"
    targets = subprocess.run(
        ["make", "--dry-run", ".venv/installed"], cwd=REPOSITORY, capture_output=True, text=True, check=False
    )
    assert targets.returncode == 0, targets.stderr


def test_packages_are_cached_by_what_is_locked(tmp_path: Path) -> None:
    output = tmp_path / "output"
    about = {"RUNNER_OS": "Linux", "RUNNER_ARCH": "X64", "PYTHON_VERSION": "3.12.1", "GITHUB_OUTPUT": str(output)}
    played("Name of the cache", tmp_path, **about)
    assert re.fullmatch(r"packages=groundplan-Linux-X64-3\.12\.1-[0-9a-f]{64}\n", output.read_text())


def test_the_image_is_made_of_what_the_wheel_is_made_of() -> None:
    copied = {word for line in re.findall(r"^COPY (?!--)(.+)$", DOCKERFILE, re.MULTILINE) for word in line.split()[:-1]}
    kept = re.findall(r"^!(\S+)$", (REPOSITORY / ".dockerignore").read_text(encoding="utf-8"), re.MULTILINE)
    assert copied == set(kept)
    assert all((REPOSITORY / name).exists() for name in copied)
    assert {"generator", "modules", "blueprints", "CHANGELOG.md", "requirements/demo.txt"} <= copied


def test_the_image_is_pinned_and_its_user_is_not_root() -> None:
    base, *others = re.findall(r"^FROM (\S+)", DOCKERFILE, re.MULTILINE)
    assert re.fullmatch(r"docker\.io/library/python:[\d.]+-slim-\w+@sha256:[0-9a-f]{64}", base)
    assert others == ["base", "base"]
    assert re.findall(r"^USER (\d+)$", DOCKERFILE, re.MULTILINE) == ["10001"]
    assert DOCKERFILE.count("--require-hashes") == 3


@pytest.mark.slow
def test_checkov_finds_nothing_in_the_dockerfile() -> None:
    command = [BIN / "checkov", "-f", "Dockerfile", "--framework", "dockerfile", "--skip-download", "-o", "json"]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    summary = json.loads(done.stdout)["summary"]
    assert (done.returncode, summary["failed"]) == (0, 0), done.stdout
    assert summary["passed"] > 10
