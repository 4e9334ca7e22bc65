"""`groundplan plan` against a cloud that remembers, with the states in a bucket."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.live.world import World

pytestmark = pytest.mark.slow


def _plan(operator: World, *args: str, code: int) -> Any:
    words = [sys.executable, "-m", "groundplan", "plan", str(operator.folder), "--terraform-bin", str(operator.program)]
    done = subprocess.run(
        [*words, "--format", "json", *args], check=False, env=operator.variables, capture_output=True, text=True
    )
    assert done.returncode == code, done.stdout + done.stderr
    return json.loads(done.stdout)


def test_roots_before_the_first_apply_wait_for_each_other(operator: World) -> None:
    found = _plan(operator, code=6)
    assert [(root["root"], root["after"]) for root in found["roots"]] == [
        ("00-state", None),
        ("10-foundation", "00-state"),
        ("20-platform", "10-foundation"),
    ]
    assert found["pending"]


def test_what_was_applied_has_nothing_to_apply(operator: World, tmp_path: Path) -> None:
    operator.apply("00-state")
    found = _plan(operator, "--root", "00-state", code=0)
    assert not found["pending"]
    waiting = _plan(operator, "--out", str(tmp_path / "plans"), code=6)
    assert [root["after"] for root in waiting["roots"]] == [None, None, "10-foundation"]
    record = json.loads((tmp_path / "plans" / "plan.json").read_text())
    roots = [(root["root"], root["pending"]) for root in record["roots"]]
    assert roots == [
        ("00-state", False),
        ("10-foundation", True),
    ]
    assert record["later"] == {"20-platform": "10-foundation"}
