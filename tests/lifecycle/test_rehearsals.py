"""Every example environment, applied, planned without changes, destroyed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from groundplan.cli import run
from groundplan.stack.layers import FOUNDATION, PLATFORM
from tests.architecture.sources import REPOSITORY

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
    assert {"dev", "prod"} <= set(ENVIRONMENTS)


@pytest.mark.parametrize("name", ENVIRONMENTS)
def test_environment(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    rehearse(REPOSITORY / "environments" / name, capsys)
