"""A cloud is data and modules: one that lives in a test folder goes through the whole chain."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from groundplan import paths
from groundplan.cli import arguments, run
from groundplan.clouds import CLOUDS
from tests.architecture.tiny.cloud import FOLDER

SPEC = """\
apiVersion: groundplan/v1
name: third
owner: ml-platform
cloud: {provider: tiny, region: here-1, account: sandbox-1}
training:
  pools:
    finetune: {gpu: {memory_gib: 20}, vcpus: 4, nodes: {max: 2}, hours_per_month: 100, reads: [data], writes: [data2]}
serving:
  pools:
    ranker: {vcpus: 4, memory_gib: 16, capacity: on_demand, nodes: {min: 1, max: 3}}
storage:
  buckets: {data: {size_gib: 100}, data2: {size_gib: 10}}
state: {backend: local}
"""


def test_it_is_not_among_the_clouds_that_help_names() -> None:
    assert arguments.CloudName().choices == ("aws", "gcp")


@pytest.fixture
def spec(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    modules = tmp_path / "modules"
    shutil.copytree(paths.MODULES / "kubernetes", modules / "kubernetes")
    shutil.copytree(FOLDER / "modules", modules / "tiny")
    monkeypatch.setattr(paths, "MODULES", modules)
    monkeypatch.setitem(CLOUDS, "tiny", "tests.architecture.tiny.cloud:TINY")
    file = tmp_path / "groundplan.yaml"
    file.write_text(SPEC, encoding="utf-8")
    return file


@pytest.mark.slow
def test_it_is_built_checked_priced_and_rehearsed(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = spec.parent / "out"
    assert run(["build", str(spec), "-o", str(out), "--format", "json"]) == 0, capsys.readouterr()
    report = json.loads(capsys.readouterr().out)
    assert report["ok"] and report["checkov"]["failed"] == 0
    roots = report["terraform"]["roots"]
    assert list(roots) == ["10-foundation", "20-platform"]
    assert all(root["valid"] and root["planned"] for root in roots.values())
    main = (out / "10-foundation" / "main.tf").read_text(encoding="utf-8")
    assert "streets = 2" in main and 'source = "../modules/tiny/node_pool"' in main
    assert run(["rehearse", str(out), "--format", "json"]) == 0, capsys.readouterr()
    assert json.loads(capsys.readouterr().out)["ok"]


def test_it_is_priced_from_its_own_tables(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["cost", str(spec), "--format", "json"]) == 0, capsys.readouterr()
    lines = {(line["item"], line["component"]): line for line in json.loads(capsys.readouterr().out)["lines"]}
    assert float(lines["large", "node_pool"]["monthly_usd"]["low"]) == 0.4 * 730
    assert ("shiny", "node_pool") in lines
    assert not [item for item, _ in lines if item == "keys.key"], "which this cloud does not bill for"


def test_wishes_it_cannot_fulfil_are_errors_with_a_place(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SPEC.replace("memory_gib: 20", "memory_gib: 80"), encoding="utf-8")
    assert run(["validate", str(spec)]) == 2
    error = capsys.readouterr().err
    assert "groundplan.yaml:7:5: error[GP301]" in error and "without `gpu.memory_gib` these would fit: shiny" in error


def test_a_spec_of_another_cloud_moves_there(spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec.write_text(SPEC.replace("tiny, region: here-1, account: sandbox-1", "gcp, region: us-west1, account: fraud-1"))
    assert run(["resolve", str(spec), "--cloud", "tiny", "--format", "json"]) == 0, capsys.readouterr()
    stack = json.loads(capsys.readouterr().out)
    assert (stack["stack"]["provider"], stack["stack"]["account"]) == ("tiny", "example-0")
