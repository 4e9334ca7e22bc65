"""`groundplan affected`: by what files hold, not by their names."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from groundplan.cli import run
from groundplan.environment.files import LOCK_FILE
from tests.unit.render.pipelines.repository import commit, git, repository

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def _committed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return repository(tmp_path_factory.mktemp("affected") / "infra")


@pytest.fixture
def top(_committed: Path, tmp_path: Path, capsys: Capture) -> Path:
    capsys.readouterr()
    return Path(shutil.copytree(_committed, tmp_path / "infra"))


def affected(top: Path, capsys: Capture, *arguments: str, base: str = "HEAD") -> dict[str, Any]:
    assert run(["affected", str(top), "--base", base, "--format", "json", *arguments]) in (0, 6)
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def folders(found: dict[str, Any]) -> list[str]:
    return [one["folder"] for one in found["environments"]]


def append(file: Path, text: str = "# more\n") -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text((file.read_text(encoding="utf-8") if file.exists() else "") + text, encoding="utf-8")


def test_nothing_changed(top: Path, capsys: Capture) -> None:
    found = affected(top, capsys)
    assert (found["environments"], found["untouched"], found["matrix"]) == ([], ["aws", "gcp"], {"include": []})


def test_a_module_touches_the_roots_that_call_it(top: Path, capsys: Capture) -> None:
    append(top / "aws/modules/aws/keys/main.tf")
    [found] = affected(top, capsys)["environments"]
    assert (found["folder"], found["roots"]) == ("aws", ["10-foundation"])
    assert found["files"] == ["aws/modules/aws/keys/main.tf"]


@pytest.mark.parametrize(
    ("file", "touched"),
    [
        ("gcp/10-foundation/main.tf", ["gcp"]),
        ("gcp/10-foundation/own.tf", ["gcp"]),
        ("gcp/groundplan.yaml", ["gcp"]),
        (f"gcp/{LOCK_FILE}", ["gcp"]),
        ("gcp/COST.md", []),
        ("gcp/notes.md", []),
        ("gcp/10-foundation/.terraform/modules/x.tf", []),
        ("README.md", []),
        ("aws/.hidden/x.tf", []),
    ],
)
def test_what_counts(top: Path, capsys: Capture, file: str, touched: list[str]) -> None:
    if file.endswith(LOCK_FILE):
        text = (top / file).read_text(encoding="utf-8")
        (top / file).write_text(text.replace('"groundplan": "', '"groundplan": "9', 1), encoding="utf-8")
    else:
        append(top / file)
    assert folders(affected(top, capsys)) == touched


def test_a_change_that_the_base_has_too_is_none(top: Path, capsys: Capture) -> None:
    """A file that was touched and put back, or that both branches changed alike."""
    append(top / "aws/10-foundation/main.tf")
    commit(top)
    assert folders(affected(top, capsys, base="HEAD~1")) == ["aws"]
    assert folders(affected(top, capsys)) == []


def test_an_environment_that_is_gone_and_one_that_is_new(top: Path, capsys: Capture) -> None:
    shutil.move(top / "gcp", top / "new")
    found = affected(top, capsys)
    assert (folders(found), found["removed"]) == (["new"], ["gcp"])


@pytest.mark.parametrize("base", ["", "0" * 40])
def test_without_a_base_everything_is_touched(top: Path, capsys: Capture, base: str) -> None:
    assert folders(affected(top, capsys, base=base)) == ["aws", "gcp"]


def test_one_of_them_and_what_it_hands_over(top: Path, capsys: Capture, tmp_path: Path) -> None:
    append(top / "aws/10-foundation/main.tf")
    results = tmp_path / "results"
    results.write_text("BEFORE=1\n")
    words = ["affected", str(top), "--base", "HEAD", "--exit-code", "--results", str(results), "--only"]
    assert run([*words, "gcp"]) == 0
    assert run([*words, "./aws/"]) == 6
    assert results.read_text().splitlines() == [
        "BEFORE=1",
        "GROUNDPLAN_TOUCHED=false",
        'GROUNDPLAN_MATRIX={"include": []}',
        "GROUNDPLAN_TOUCHED=true",
        'GROUNDPLAN_MATRIX={"include": [{"environment": "team-aws", "folder": "aws"}]}',
    ]


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--base", "HEAD", "--only", "../aws"], "GP207"),
        (["--base", "nowhere"], "GP101"),
        (["--base", "--upload-pack=id"], "GP101"),
        (["--base", "HEAD\n;id"], "GP101"),
    ],
)
def test_what_is_not_there(top: Path, capsys: Capture, words: list[str], code: str) -> None:
    assert run(["affected", str(top), *words]) == 2
    assert code in capsys.readouterr().err


def test_where_there_is_nothing_to_touch(top: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "empty").mkdir()
    assert run(["affected", str(tmp_path / "empty"), "--base", "HEAD"]) == 2
    assert "empty is in no Git repository, so that `HEAD` is no revision" in capsys.readouterr().err
    (top / "none").mkdir()
    assert run(["affected", str(top / "none"), "--base", "HEAD"]) == 0
    assert capsys.readouterr().out.strip() == "no environment is below this folder"


def test_no_results_are_written_through_a_link(top: Path, tmp_path: Path, capsys: Capture) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "target")
    assert run(["affected", str(top), "--base", "", "--results", str(tmp_path / "link")]) == 4
    assert not (tmp_path / "target").exists()


def test_more_than_a_matrix_takes(tmp_path: Path, capsys: Capture) -> None:
    for number in range(257):
        append(tmp_path / f"e{number}" / LOCK_FILE, "{}")
    git(tmp_path, "init", "--quiet")
    assert run(["affected", str(tmp_path), "--base", ""]) == 1
    assert "257 environments" in capsys.readouterr().err
