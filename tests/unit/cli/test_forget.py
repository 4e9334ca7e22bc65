"""What a render into an environment's folder refuses, whatever else it is asked, and what `--forget` is for."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.cli import run as groundplan
from groundplan.cli.common import BAD_SPEC, OK
from groundplan.environment.files import LOCK_FILE

SPEC = """\
apiVersion: groundplan/v1
name: acme
owner: ml-platform
cloud: {provider: aws, region: us-east-1, account: "210987654321"}
cluster: {version: "VERSION"}
training:
  pools:
    a: {vcpus: 4, nodes: {min: 0, max: 4}}
"""


def render(folder: Path, version: str, *options: str) -> int:
    spec = folder / "spec.yaml"
    spec.write_text(SPEC.replace("VERSION", version), encoding="utf-8")
    return groundplan(["render", str(spec), "-o", str(folder / "out"), *options])


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert render(tmp_path, "1.33") == OK
    return tmp_path


@pytest.mark.parametrize("options", [[], ["--dry-run"], ["--overwrite"], ["--upgrade"]], ids=str)
def test_a_skipped_version_writes_nothing(folder: Path, options: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    lock = (folder / "out" / LOCK_FILE).read_bytes()
    assert render(folder, "1.35", *options) == BAD_SPEC
    told = capsys.readouterr().err
    assert f"{folder}/spec.yaml:5:20: error[GP308]" in told
    assert 'use cluster.version: "1.34" and apply it' in told
    assert (folder / "out" / LOCK_FILE).read_bytes() == lock


def test_the_next_version_is_written(folder: Path) -> None:
    assert render(folder, "1.34") == OK
    assert render(folder, "1.35") == OK


def test_an_environment_can_be_forgotten(folder: Path) -> None:
    assert render(folder, "1.35", "--forget") == OK
    assert render(folder, "1.34") == BAD_SPEC


@pytest.mark.parametrize(
    ("change", "path", "options"),
    [
        (("us-east-1", "us-west-2"), "cloud.region", []),
        (("acme", "acme-2"), "name", []),
        (("210987654321", "310987654321"), "cloud.account", []),
        (("us-east-1", "us-east-1"), "cloud.region", ["--region", "us-west-2"]),
    ],
)
def test_a_folder_does_not_become_another_environment(
    folder: Path, change: tuple[str, str], path: str, options: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    spec, lock = folder / "spec.yaml", (folder / "out" / LOCK_FILE).read_bytes()
    spec.write_text(SPEC.replace("VERSION", "1.33").replace(*change), encoding="utf-8")
    command = ["render", str(spec), "-o", str(folder / "out"), *options]
    assert groundplan(command) == BAD_SPEC
    told = capsys.readouterr().err
    assert told.count("error[GP308]") == 1
    assert f"`{path}` is" in told
    assert (folder / "out" / LOCK_FILE).read_bytes() == lock
    assert groundplan([*command, "--forget"]) == OK
