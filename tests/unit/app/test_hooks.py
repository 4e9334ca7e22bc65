"""Hooks of pre-commit: which environments files belong to, and what is told of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli import run
from tests.architecture.sources import REPOSITORY
from tests.unit.render.pipelines.repository import environment, write_spec

Capture = pytest.CaptureFixture[str]


@pytest.fixture
def top(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Capture) -> Path:
    """Two environments; `b` extends a base that lies beside it."""
    environment(tmp_path / "a", "aws", name="team-a")
    spec = write_spec(tmp_path / "b", "aws", name="team-b")
    (tmp_path / "base.yaml").write_text("apiVersion: groundplan/v1\nlabels: {team: b}\n")
    spec.write_text(f"extends: ../base.yaml\n{spec.read_text()}")
    assert run(["render", str(spec), "-o", str(tmp_path / "b")]) == 0
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    return tmp_path


def test_files_belong_to_environments(top: Path, capsys: Capture) -> None:
    for files, folders in (
        (["a/10-foundation/main.tf"], ["a"]),
        (["base.yaml"], ["b"]),
        (["./a/groundplan.yaml", "b/notes.md"], ["a", "b"]),
        (["elsewhere/main.tf"], []),
        ([], ["a", "b"]),
    ):
        assert run(["hook", "fresh", *files]) == 0
        told = capsys.readouterr().out
        assert told == "".join(f"{name}: as it should be\n" for name in folders) or "no environment" in told
        assert ("no environment" in told) == (not folders)


def test_what_was_edited_and_what_moved_on(top: Path, capsys: Capture) -> None:
    main = top / "a" / "10-foundation" / "main.tf"
    main.write_text(f"{main.read_text()}# mine\n")
    base = top / "base.yaml"
    base.write_text(base.read_text().replace("team: b", "team: c"))
    assert run(["hook", "fresh"]) == 4
    told = capsys.readouterr().err
    assert "a/10-foundation/main.tf" in told and "GP401" in told
    assert "base.yaml" in told and "GP404" in told
    assert run(["hook", "fresh", "b/README.md"]) == 4
    assert "GP401" not in capsys.readouterr().err


def test_all_specs_of_a_base_are_validated_and_new_ones_too(top: Path, capsys: Capture) -> None:
    base = top / "base.yaml"
    base.write_text(base.read_text().replace("labels", "lables"))
    new = write_spec(top / "new", "aws", {"system": "circleci"}, "team-new")
    assert run(["hook", "validate", "base.yaml", str(new.relative_to(top))]) == 2
    told = capsys.readouterr().err
    assert "lables" in told and "circleci" in told
    assert run(["hook", "validate", "a/groundplan.yaml"]) == 0
    assert capsys.readouterr().out == "a/groundplan.yaml: as it should be\n"


@pytest.mark.slow
def test_check_is_the_command(top: Path, capsys: Capture) -> None:
    assert run(["hook", "check", "a/groundplan.yaml"]) == 0
    assert "0 failed" in capsys.readouterr().out


def hooks() -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = yaml.safe_load((REPOSITORY / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    return listed


@pytest.mark.parametrize("hook", hooks(), ids=lambda hook: hook["id"])
def test_pre_commit_calls_what_there_is(hook: dict[str, Any]) -> None:
    program, command, name = hook["entry"].split()
    assert (program, command, hook["language"]) == ("groundplan", "hook", "python")
    assert run([command, name, "--help"]) == 0
    assert hook["require_serial"], "files of one environment are looked at once"
