"""The example environments on each other cloud: only the `cloud` block of their spec changes, and a number in `ci`."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path

import pytest

from groundplan.cli import run
from groundplan.clouds import CLOUDS
from groundplan.spec.load import load
from groundplan.stack.layers import IDENTITY, LAYERS
from tests.architecture.sources import REPOSITORY

PLACES = {
    "aws": '{provider: aws, region: us-east-1, account: "111122223333"}',
    "gcp": "{provider: gcp, region: us-west1, account: fraud-elsewhere}\nci: {gcp: {project_number: 271828182845}}",
}
CHANGED = {"aws": {"cloud"}, "gcp": {"cloud", "ci"}}
"""A pipeline on Google Cloud names the number of the project too."""
ENVIRONMENTS = ("dev", "prod")
BLOCK = re.compile(r"^cloud: \{provider: (\w+), .*\}$", re.MULTILINE)
MOVES = [(name, cloud) for name in ENVIRONMENTS for cloud in CLOUDS if cloud != "aws"]
"""Both are on AWS as they are."""

EXPECTED = {
    "dev": {"GP715", "GP907", "GP913", "GP917", "GP918", "GP919"},
    "prod": {"GP715", "GP917", "GP919"},
}
"""Warnings and notes: dev protects nothing, has no standby and keeps logs for a month, as its spec says. In its last
year of standard support, the version of Kubernetes is told too."""


def test_there_is_something_to_move() -> None:
    assert PLACES.keys() == set(CLOUDS)
    assert len(MOVES) == 2


@pytest.mark.parametrize(("name", "cloud"), MOVES, ids=[f"{name}-{cloud}" for name, cloud in MOVES])
def test_only_the_cloud_block_changes(
    name: str, cloud: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    shutil.copy(REPOSITORY / "environments" / "base.yaml", tmp_path)
    original = REPOSITORY / "environments" / name / "groundplan.yaml"
    spec = folder / "groundplan.yaml"
    spec.write_text(BLOCK.sub(f"cloud: {PLACES[cloud]}", original.read_text(encoding="utf-8")), encoding="utf-8")
    assert BLOCK.findall(original.read_text(encoding="utf-8")) == ["aws"]
    before, after = load(original).values, load(spec).values
    assert {key for key in before if before[key] != after[key]} == CHANGED[cloud]
    assert before.keys() == after.keys()

    capsys.readouterr()
    code = run(["build", str(spec), "-o", str(tmp_path / "out"), "--format", "json"])
    output = capsys.readouterr().out
    assert code == 0, output
    report = json.loads(output)
    assert [found for found in report["diagnostics"] if found["code"] not in EXPECTED[name]] == []
    assert report["checkov"]["failed"] == 0
    assert [root for root, state in report["terraform"]["roots"].items() if not state["planned"]] == []
    assert set(report["terraform"]["roots"]) == {*LAYERS, IDENTITY}
    assert (tmp_path / "out" / "modules" / cloud / "cluster").is_dir()
