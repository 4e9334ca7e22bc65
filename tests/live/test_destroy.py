"""`groundplan destroy` on a cloud that remembers, with Terraform and states in buckets."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.live.world import NAME, World

pytestmark = pytest.mark.slow
GROUNDPLAN = Path(sys.executable).with_name("groundplan")
aws = pytest.mark.parametrize("operator", ["aws"], indirect=True)


def destroy(operator: World, *arguments: str) -> tuple[int, dict[str, Any], str]:
    """Exit code, JSON and what was told on stderr."""
    ran = subprocess.run(
        [GROUNDPLAN, "destroy", operator.folder, "--terraform-bin", operator.program, "--format", "json", *arguments],
        check=False,
        env=operator.variables,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert ran.stdout, ran.stderr
    return ran.returncode, json.loads(ran.stdout), ran.stderr


def results(found: dict[str, Any]) -> list[tuple[str, str]]:
    return [(root["root"], root["result"]) for root in found["roots"]]


def test_one_command_takes_it_down_in_reverse_and_has_nothing_to_do_the_second_time(operator: World) -> None:
    operator.apply()
    kept = operator.cloud.store.count()
    code, found, told = destroy(operator)
    assert (code, operator.cloud.store.count()) == (6, kept), told
    code, found, told = destroy(operator, "--dry-run")
    assert (code, operator.cloud.store.count()) == (6, kept), told
    code, found, told = destroy(operator, "--confirm", NAME)
    assert (code, results(found)) == (0, [("20-platform", "destroyed"), ("10-foundation", "destroyed")]), (found, told)
    assert operator.get(operator.state_key("20-platform"))
    code, found, _ = destroy(operator)
    assert (code, {result for _, result in results(found)}) == (0, {"nothing to destroy"})
