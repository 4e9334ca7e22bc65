"""Every blueprint on every cloud, and every example environment, applied, planned without changes, destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan import paths
from groundplan.cli import run
from groundplan.clouds import CLOUDS
from groundplan.components.base import FOUNDATION, PLATFORM
from tests.architecture.sources import REPOSITORY

BLUEPRINTS = sorted(path.parent.name for path in paths.BLUEPRINTS.glob("*/blueprint.yaml"))
ENVIRONMENTS = sorted(path.parent.name for path in (REPOSITORY / "environments").glob("*/groundplan.yaml"))


def rehearse(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    code = run(["rehearse", str(folder), "--format", "json"])
    output = capsys.readouterr().out
    assert code == 0, output
    report = json.loads(output)
    assert report["ok"], report["diagnostics"]
    roots = report["roots"]
    assert {FOUNDATION, PLATFORM} <= set(roots)
    for name, root in roots.items():
        assert root["ok"], name
        assert root["applied"] > 0, name
        assert root["destroyed"] == root["applied"], name
        assert root["second_plan_changes"] == 0, name
    assert roots[FOUNDATION]["applied"] >= 60
    assert roots[PLATFORM]["secrets_searched"] > 0, "the token of the cluster must be searched for"


def test_there_is_something_to_rehearse() -> None:
    assert {"gpu-training", "cpu-serving", "llm-finetuning", "small-team"} <= set(BLUEPRINTS)
    assert {"dev", "prod"} <= set(ENVIRONMENTS)


@pytest.mark.parametrize("cloud", CLOUDS)
@pytest.mark.parametrize("blueprint", BLUEPRINTS)
def test_blueprint(blueprint: str, cloud: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["init", str(tmp_path / "spec"), "--blueprint", blueprint, "--cloud", cloud]) == 0
    assert run(["render", str(tmp_path / "spec" / "groundplan.yaml"), "-o", str(tmp_path / "out")]) == 0
    rehearse(tmp_path / "out", capsys)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rehearse(REPOSITORY / "environments" / name, capsys)
