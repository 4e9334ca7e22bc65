"""`groundplan compare`: formats, exit codes, what is said about wrong words, and revisions of a repository."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.app.compare.model import PURCHASE_CHOICES
from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, MISSING, OK, STALE
from groundplan.clouds import CLOUDS
from tests.unit.cli.test_commands import process
from tests.unit.stack.specs import BASE, training

SPEC = {**BASE, "training": training(vcpus=8, hours_per_month=100), "state": {"backend": "local"}}


def save(path: Path, values: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    return path


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return save(tmp_path / "groundplan.yaml", SPEC)


def compared(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> dict[str, Any]:
    assert run(["compare", *map(str, arguments), "--format", "json"]) == OK
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


class TestFormats:
    def test_json_holds_every_combination(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        found = compared(capsys, spec, "--regions", "us-east-1,us-west1", "--capacity", "on_demand,spot,commit_3y")
        assert found["ok"]
        assert len(found["combinations"]) == 2 * 3
        assert found["currency"] == "USD"
        assert found["as_of"] <= found["newest_price"] <= found["today"]
        assert all(row["available"] or row["reasons"] for row in found["combinations"])

    @pytest.mark.parametrize("name", ["text", "csv", "markdown"])
    def test_other_formats_name_every_place(self, name: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["compare", str(spec), "--format", name]) == OK
        text = capsys.readouterr().out
        assert "us-east-1" in text
        assert "us-east4" in text

    def test_into_a_file(self, spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        target = tmp_path / "cost.csv"
        assert run(["compare", str(spec), "--format", "csv", "-o", str(target)]) == OK
        assert capsys.readouterr().out == ""
        assert target.read_text(encoding="utf-8").startswith("spec,cloud,region,capacity,")

    def test_the_page_says_which_extra_it_needs(
        self, spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, "vl_convert", None)
        target = tmp_path / "cost.html"
        assert run(["compare", str(spec), "--format", "html", "-o", str(target)]) == MISSING
        error = capsys.readouterr().err
        assert "GP801" in error
        assert 'pip install "groundplan[html]"' in error
        assert not target.exists()

    @pytest.mark.parametrize("format_", ["text", "html"])
    def test_never_over_a_file_that_it_reads(
        self, format_: str, spec: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        before = spec.read_bytes()
        output = spec.parent / "." / spec.name
        assert run(["compare", str(spec), "--format", format_, "-o", str(output)]) == BAD_SPEC
        assert "an input that the result would overwrite" in capsys.readouterr().err
        assert spec.read_bytes() == before

    def test_a_file_that_cannot_be_written(self, spec: Path, tmp_path: Path) -> None:
        done = process("compare", spec, "--capacity", "spec", "-o", tmp_path / "none" / "cost.txt")
        assert done.returncode == STALE
        assert "GP403" in done.stderr
        assert not done.stdout


BLUEPRINTS = sorted((Path(__file__).parents[3] / "blueprints").glob("*/blueprint.yaml"))


class TestBlueprints:
    @pytest.mark.parametrize("blueprint", BLUEPRINTS, ids=lambda path: path.parent.name)
    def test_every_one_has_a_price_on_every_cloud(self, blueprint: Path, capsys: pytest.CaptureFixture[str]) -> None:
        found = compared(capsys, blueprint)
        for cloud in CLOUDS:
            rows = [row for row in found["combinations"] if row["cloud"] == cloud]
            assert [row["capacity"] for row in rows] == list(PURCHASE_CHOICES)
            assert any(row["available"] and row["total"]["expected"] > 0 for row in rows)

    @pytest.mark.parametrize("name", ["text", "json", "csv", "markdown", "html"])
    def test_one_in_every_format(self, name: str, tmp_path: Path) -> None:
        (blueprint,) = (path for path in BLUEPRINTS if path.parent.name == "llm-finetuning")
        target = tmp_path / "cost"
        clouds = ",".join(CLOUDS)
        assert run(["compare", str(blueprint), "--clouds", clouds, "--format", name, "-o", str(target)]) == OK
        text = target.read_text(encoding="utf-8")
        assert "us-east-1" in text
        assert "us-east4" in text


class TestWrongWords:
    @pytest.mark.parametrize(
        ("flag", "word", "suggestion"),
        [
            ("--clouds", "gpc", "did you mean `gcp`?"),
            ("--regions", "us-easst-1", "did you mean `us-east-1`?"),
            ("--capacity", "on-demand", "did you mean `on_demand`?"),
        ],
    )
    def test_unknown(
        self, flag: str, word: str, suggestion: str, spec: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["compare", str(spec), flag, word]) == BAD_SPEC
        said = capsys.readouterr()
        assert suggestion in said.err
        assert not said.out

    @pytest.mark.parametrize("flag", ["--clouds", "--regions", "--capacity"])
    def test_a_list_without_a_word(self, flag: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["compare", str(spec), flag, " , "]) == BAD_SPEC
        assert flag in capsys.readouterr().err

    def test_a_spec_with_mistakes_is_no_row(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        wrong = save(tmp_path / "wrong.yaml", {**SPEC, "trainig": {}})
        assert run(["compare", str(wrong)]) == BAD_SPEC
        assert "GP201" in capsys.readouterr().err

    def test_a_spec_in_a_region_that_nobody_knows(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        lost = save(tmp_path / "lost.yaml", {**SPEC, "cloud": {**BASE["cloud"], "region": "us-eas-1"}})
        assert run(["compare", str(lost)]) == BAD_SPEC
        assert "did you mean `us-east-1`?" in capsys.readouterr().err
        assert run(["compare", str(lost), "--regions", "us-east-1"]) == OK

    def test_when_nothing_can_be_had_the_reasons_are_errors(
        self, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        huge = save(tmp_path / "huge.yaml", {**SPEC, "training": training(vcpus=512, memory_gib=24000)})
        assert run(["compare", str(huge), "--capacity", "spec", "--format", "json"]) == BAD_SPEC
        found = json.loads(capsys.readouterr().out)
        assert not found["ok"]
        assert {d["code"] for d in found["diagnostics"]} == {"GP301"}
        assert not any(row["available"] for row in found["combinations"])


class TestTwoSpecs:
    def test_a_comment_on_a_pull_request_takes_all_of_it(
        self, repository: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        specs = [str(repository / "environments" / name / "groundplan.yaml") for name in ("prod", "dev")]
        assert run(["compare", *specs, "--regions", "all", "--format", "markdown"]) == OK
        text = capsys.readouterr().out
        assert len(text.encode()) < 65_536
        assert "more: `--format csv`" in text

    def test_the_difference_names_what_drives_it(
        self, spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        longer = save(tmp_path / "longer.yaml", {**SPEC, "training": training(vcpus=8, hours_per_month=200)})
        found = compared(capsys, spec, longer, "--capacity", "on_demand", "--clouds", "aws")
        (difference,) = found["differences"]
        assert difference["change_usd"] > 0
        assert difference["lines"][0]["path"] == "training.pools.main"
        assert difference["lines"][0]["change"] == "quantity"
        assert difference["components"][0]["component"] == "node_pool"

    def test_specs_are_called_by_their_names_where_these_differ(
        self, spec: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        same, other = (save(tmp_path / f"{name}.yaml", {**SPEC, "name": name}) for name in ("test", "other"))
        assert compared(capsys, spec, other, "--capacity", "spec")["specs"] == ["test", "other"]
        assert compared(capsys, spec, same, "--capacity", "spec")["specs"] == [str(spec), str(same)]

    def test_a_spec_given_twice_is_one(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert compared(capsys, spec, spec, "--capacity", "spec")["specs"] == ["test"]


def git(folder: Path, *arguments: str) -> str:
    who = ["-c", "user.name=A", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *who, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def history(tmp_path: Path) -> Path:
    """A spec with a base, in three commits: hours 100, then 200 by a changed base, then the base renamed."""
    folder = tmp_path / "repository"
    path = save(folder / "prod" / "groundplan.yaml", {"extends": "../base.yaml", "name": "prod"})
    save(folder / "base.yaml", SPEC)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    git(folder, "tag", "first")
    save(folder / "base.yaml", {**SPEC, "training": training(vcpus=8, hours_per_month=200)})
    commit(folder)
    git(folder, "tag", "second")
    (folder / "base.yaml").rename(folder / "shared.yaml")
    save(path, {"extends": "../shared.yaml", "name": "prod"})
    commit(folder)
    return path


def commit(folder: Path) -> None:
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "x")


class TestRevisions:
    def test_two_revisions_follow_the_bases_of_their_own(
        self, history: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        found = compared(capsys, history, "--git", "first..second", "--capacity", "on_demand", "--clouds", "aws")
        assert found["specs"] == ["first", "second"]
        (difference,) = found["differences"]
        assert difference["lines"][0]["because"].startswith("400 to 800 hour")

    def test_a_revision_against_the_disk(self, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
        save(history, {"extends": "../shared.yaml", "name": "prod", "training": training(vcpus=8, hours_per_month=50)})
        found = compared(capsys, history, "--against", "main", "--capacity", "on_demand", "--clouds", "aws")
        assert found["specs"] == ["main", "now"]
        assert found["differences"][0]["change_usd"] < 0

    def test_without_a_name_it_is_head_and_three_dots_are_where_they_parted(
        self, history: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert compared(capsys, history, "--git", "first..", "--capacity", "spec")["specs"] == ["first", "HEAD"]
        parted = git(history.parent, "rev-parse", "first")[:12]
        assert compared(capsys, history, "--git", "first...", "--capacity", "spec")["specs"] == [parted, "HEAD"]

    def test_nothing_is_checked_out(self, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = git(history.parent, "status", "--porcelain", "--branch")
        compared(capsys, history, "--git", "first..second", "--capacity", "spec")
        assert git(history.parent, "status", "--porcelain", "--branch") == before

    @pytest.mark.parametrize(
        ("arguments", "said"),
        [
            (("--against", "mian"), "did you mean `main`?"),
            (("--against", "--output=x"), "no revision"),
            (("--git", "first"), "write two revisions"),
            (("--git", "first..", "--against", "main"), "Give either --git or --against"),
        ],
        ids=["unknown", "flag", "one", "both"],
    )
    def test_wrong_revisions(
        self, arguments: tuple[str, ...], said: str, history: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["compare", str(history), *arguments]) == BAD_SPEC
        assert said in capsys.readouterr().err

    def test_a_mistake_in_a_revision_shows_where(self, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
        save(history, {"extends": "../shared.yaml", "nmae": "prod"})
        commit(history.parent.parent)
        save(history, {"extends": "../shared.yaml", "name": "prod"})
        assert run(["compare", str(history), "--against", "HEAD"]) == BAD_SPEC
        assert "HEAD:prod/groundplan.yaml:2:1: error[GP201]" in capsys.readouterr().err

    def test_a_spec_that_was_not_there_yet(self, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
        other = save(history.with_name("other.yaml"), SPEC)
        assert run(["compare", str(other), "--against", "main"]) == BAD_SPEC
        assert "no such file in this revision" in capsys.readouterr().err

    def test_a_link_in_a_revision_is_not_followed(self, history: Path, capsys: pytest.CaptureFixture[str]) -> None:
        link = history.with_name("link.yaml")
        link.symlink_to("groundplan.yaml")
        commit(history.parent.parent)
        assert run(["compare", str(link), "--against", "HEAD"]) == BAD_SPEC
        assert "not a regular file" in capsys.readouterr().err

    def test_outside_of_a_repository(
        self, spec: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(spec.parent))
        assert run(["compare", str(spec), "--against", "HEAD"]) == BAD_SPEC
        assert "no Git repository" in capsys.readouterr().err

    def test_without_git(
        self, history: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("PATH", "")
        assert run(["compare", str(history), "--against", "HEAD"]) == MISSING
        assert "GP801" in capsys.readouterr().err
