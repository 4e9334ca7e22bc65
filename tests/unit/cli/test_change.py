"""The gate before an environment is written over, and `groundplan change`: exit codes, words, what is left alone."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from groundplan.change.model import Change, Entry, Kind
from groundplan.cli import run
from groundplan.cli.common import BAD_SPEC, FINDINGS, MISSING, NEEDS_WORD, OK, STALE
from groundplan.diagnostics import Diagnostic
from groundplan.environment.files import LOCK_FILE
from tests.unit.change.samples import BUCKET, DATABASE, NEW_RELEASE, POOL, quiet, sample

SPEC = """\
apiVersion: groundplan/v1
name: acme
owner: ml-platform
cloud: {provider: aws, region: us-east-1, account: "210987654321"}
storage:
  buckets:
    data: {size_gib: SIZE, retention_days: DAYS}
state: {backend: local}
"""
WORDS = ["--allow", "destroys-data:storage.buckets.scratch", "--allow", f"destroys-data:{DATABASE.address}"]
FAILED = Diagnostic("GP514", "10-foundation as it was cannot be applied")
Rehearse = Callable[[Change | None], list[Any]]


def unplanned(root: str) -> Entry:
    return Entry(Kind.UNKNOWN, f"root {root} could not be rehearsed", root=root, reason=FAILED.message)


def said(folder: Path, days: int = 30, size: int = 10, more: str = "") -> str:
    spec = folder / "spec.yaml"
    text = SPEC.replace("DAYS", str(days)).replace("SIZE", str(size))
    spec.write_text(text + more, encoding="utf-8")
    return str(spec)


def content(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    assert run(["render", said(tmp_path), "-o", str(tmp_path / "out")]) == OK
    return tmp_path


@pytest.fixture
def rehearsed(monkeypatch: pytest.MonkeyPatch) -> Iterator[Rehearse]:
    """Says what every rehearsal comes to; gives what was asked of it."""
    asked: list[Any] = []

    def becomes(change: Change | None) -> list[Any]:
        def answer(*arguments: Any) -> Change | None:
            asked.append(arguments)
            return change

        monkeypatch.setattr("groundplan.app.change.rehearse_write", answer)
        monkeypatch.setattr("groundplan.app.change.change", answer)
        return asked

    return becomes


def render(folder: Path, *options: str, days: int = 7, more: str = "") -> int:
    return run(["render", said(folder, days, more=more), "-o", str(folder / "out"), *options])


class TestRender:
    def test_a_first_render_rehearses_nothing(self, tmp_path: Path, rehearsed: Rehearse) -> None:
        asked = rehearsed(sample())
        assert render(tmp_path) == OK
        assert asked == []

    def test_a_render_that_changes_no_terraform_starts_none(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        def started(*_: Any, **__: Any) -> None:
            raise AssertionError("Terraform was started")

        monkeypatch.setattr("groundplan.app.change.succeed", started)
        assert render(folder, days=30) == OK
        assert run(["render", said(folder, 30, size=99), "-o", str(folder / "out")]) == OK, "prices alone"
        capsys.readouterr()
        assert run(["render", said(folder, 30, size=99), "-o", str(folder / "out"), "--format", "json"]) == OK
        assert json.loads(capsys.readouterr().out)["change"] is None

    @pytest.mark.parametrize("options", [[], ["--dry-run"], ["--overwrite"], WORDS[:2]], ids=str)
    def test_what_needs_the_word_writes_nothing(
        self, folder: Path, options: list[str], rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rehearsed(sample())
        before = content(folder / "out")
        assert render(folder, *options) == NEEDS_WORD
        out = capsys.readouterr().out
        assert "(nothing written)" in out or "(dry run, nothing written)" in out
        assert BUCKET.what in out and f"--allow destroys-data:{DATABASE.address}" in out
        assert content(folder / "out") == before

    @pytest.mark.parametrize("words", [WORDS, ["--allow", "destroys-data"]], ids=["each", "class"])
    def test_what_is_allowed_is_written(self, folder: Path, words: list[str], rehearsed: Rehearse) -> None:
        rehearsed(sample())
        before = content(folder / "out")
        assert render(folder, *words) == OK
        assert content(folder / "out") != before

    def test_a_dated_line_of_the_spec_lets_it_pass(self, folder: Path, rehearsed: Rehearse) -> None:
        from datetime import UTC, datetime, timedelta

        rehearsed(sample(BUCKET))
        day = datetime.now(UTC).date()
        line = '{kind: destroys-data, at: storage.buckets.scratch, until: "UNTIL", reason: moved}'
        for until, code in ((day - timedelta(days=1), NEEDS_WORD), (day + timedelta(days=2), OK)):
            more = f"changes: {{allow: {{drop: {line.replace('UNTIL', str(until))}}}}}\n"
            assert render(folder, more=more) == code

    @pytest.mark.parametrize("word", ["destroys-data:storage.buckets.scratsh", "replaces:module.network"])
    def test_a_slip_writes_nothing(
        self, folder: Path, word: str, rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rehearsed(sample())
        before = content(folder / "out")
        assert render(folder, *WORDS, "--allow", word) == BAD_SPEC
        assert f"error[GP207]: --allow {word} allows nothing that is here" in capsys.readouterr().err
        assert content(folder / "out") == before

    def test_a_word_where_nothing_is_rehearsed_is_a_slip_too(self, tmp_path: Path) -> None:
        assert render(tmp_path, "--allow", "destroys-data") == BAD_SPEC
        assert not (tmp_path / "out").exists()

    def test_a_forgotten_environment_was_never_applied(self, folder: Path, rehearsed: Rehearse) -> None:
        asked = rehearsed(sample())
        assert render(folder, "--forget") == OK
        assert asked == []

    def test_what_was_edited_by_hand_is_said_before_anything_is_rehearsed(
        self, folder: Path, rehearsed: Rehearse
    ) -> None:
        asked = rehearsed(sample())
        (folder / "out/README.md").write_text("mine")
        assert render(folder) == STALE
        assert asked == []

    def test_what_could_not_be_rehearsed_takes_a_word_of_its_own(
        self, folder: Path, rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rehearsed(replace(sample(NEW_RELEASE), diagnostics=(FAILED,)))
        before = content(folder / "out")
        assert render(folder) == NEEDS_WORD
        err = capsys.readouterr().err
        assert "error[GP514]" in err and "error[GP737]" in err and "--allow unknown" in err
        assert content(folder / "out") == before
        assert render(folder, "--allow", "unknown") == OK
        assert "warning[GP514]" in capsys.readouterr().err

    def test_edits_of_the_root_that_failed_are_given_up_and_are_not_what_runs(
        self, folder: Path, rehearsed: Rehearse
    ) -> None:
        rehearsed(replace(sample(NEW_RELEASE, unplanned("10-foundation")), diagnostics=(FAILED,)))
        (folder / "out/10-foundation/main.tf").write_text("# mine")
        assert render(folder, "--overwrite") == OK
        rehearsed(sample())
        (folder / "out/10-foundation/main.tf").write_text("# mine")
        assert render(folder, "--overwrite", days=9) == NEEDS_WORD, "what is known to be lost still needs the word"

    @pytest.mark.parametrize("edited", ["README.md", "10-foundation/main.tf"])
    def test_edits_that_have_nothing_to_do_with_what_failed_open_nothing(
        self, folder: Path, edited: str, rehearsed: Rehearse
    ) -> None:
        rehearsed(replace(sample(unplanned("20-platform")), diagnostics=(FAILED,)))
        (folder / "out" / edited).write_text("# mine")
        before = content(folder / "out")
        assert render(folder, "--overwrite") == NEEDS_WORD
        assert content(folder / "out") == before
        assert render(folder, "--overwrite", "--allow", "unknown") == OK

    def test_a_word_about_one_thing_lets_no_failed_root_pass(self, folder: Path, rehearsed: Rehearse) -> None:
        roots = unplanned("10-foundation"), unplanned("20-platform")
        rehearsed(replace(sample(NEW_RELEASE, *roots), diagnostics=(FAILED,)))
        before = content(folder / "out")
        one, other, thing = (["--allow", f"unknown:{at}"] for at in ("10-foundation", "20-platform", "tracking.mlflow"))
        assert render(folder, *thing) == NEEDS_WORD
        assert render(folder, *thing, *one) == NEEDS_WORD
        assert content(folder / "out") == before
        assert render(folder, *one, *other) == OK

    @pytest.mark.parametrize("damaged", [True, False])
    def test_an_environment_without_its_lock_is_rehearsed_or_left_alone(
        self, folder: Path, damaged: bool, rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        asked = rehearsed(sample())
        lock = folder / "out" / LOCK_FILE
        lock.write_text("{") if damaged else lock.unlink()
        before = content(folder / "out")
        assert render(folder, "--overwrite") == (STALE if damaged else NEEDS_WORD)
        assert bool(asked) is not damaged
        assert content(folder / "out") == before
        assert ("error[GP402]" in capsys.readouterr().err) is damaged
        assert render(folder, "--overwrite", "--forget") == OK

    def test_what_is_harmless_is_written_and_told_in_short(
        self, folder: Path, rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rehearsed(sample(POOL))
        capsys.readouterr()
        assert render(folder) == OK
        assert POOL.what in capsys.readouterr().out
        rehearsed(quiet())
        assert render(folder, "--format", "json", days=8) == OK
        data = json.loads(capsys.readouterr().out)
        assert data["change"]["entries"] == [] and data["change"]["resources"]["updated"] == 3


class TestBuild:
    def test_what_needs_the_word_writes_and_checks_nothing(
        self, folder: Path, rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]
    ) -> None:
        rehearsed(sample())
        before = content(folder / "out")
        command = ["build", said(folder, 7), "-o", str(folder / "out")]
        assert run(command) == NEEDS_WORD
        assert "2 changes need your word" in capsys.readouterr().out
        assert run([*command, "--format", "json"]) == NEEDS_WORD
        data = json.loads(capsys.readouterr().out)
        assert data["ok"] is False and len(data["change"]["needs_word"]) == 2 and data["files"]["changed"]
        assert run([*command, "--format", "markdown"]) == NEEDS_WORD
        assert "### groundplan change: 2 changes need your word" in capsys.readouterr().out
        assert content(folder / "out") == before


class TestChange:
    @pytest.mark.parametrize(
        ("change", "options", "code"),
        [
            (sample(), [], NEEDS_WORD),
            (sample(), WORDS, OK),
            (sample(), ["--allow", "destroys-data:storage.buckets.b"], BAD_SPEC),
            (sample(POOL), [], OK),
            (quiet(), [], OK),
            (replace(sample(NEW_RELEASE), diagnostics=(FAILED,)), [], FINDINGS),
            (replace(sample(), diagnostics=(FAILED,)), [], NEEDS_WORD),
            (replace(quiet(), diagnostics=(Diagnostic("GP507", "no schema"),)), [], MISSING),
        ],
    )
    def test_exit_codes(self, folder: Path, change: Change, options: list[str], code: int, rehearsed: Rehearse) -> None:
        rehearsed(change)
        before = content(folder)
        assert run(["change", str(folder / "out"), *options]) == code
        assert content(folder) == before

    @pytest.mark.parametrize("shown", ["json", "markdown", "html"])
    def test_formats(self, folder: Path, shown: str, rehearsed: Rehearse, capsys: pytest.CaptureFixture[str]) -> None:
        rehearsed(sample())
        capsys.readouterr()
        assert run(["change", str(folder / "out"), "--format", shown]) == NEEDS_WORD
        out = capsys.readouterr().out
        begins = {"json": "{", "markdown": "### groundplan change", "html": "<!DOCTYPE html>"}
        assert out.startswith(begins[shown])

    def test_sides_are_those_that_were_asked_for(self, folder: Path, rehearsed: Rehearse) -> None:
        asked = rehearsed(quiet())
        assert run(["change", said(folder, 7), "-o", str(folder / "out")]) == OK
        assert run(["change", str(folder / "out"), "--from", said(folder, 3), "--to", str(folder / "out")]) == OK
        labels = [[side.label for side in arguments[0]] for arguments in asked]
        spec, out = str(folder / "spec.yaml"), str(folder / "out")
        assert labels == [[out, spec], [spec, out]]

    def test_words_are_read_before_anything_is_done(self, tmp_path: Path, rehearsed: Rehearse) -> None:
        asked = rehearsed(quiet())
        assert run(["change", said(tmp_path), "--allow", "destroys-everything"]) == BAD_SPEC
        assert asked == []


@pytest.mark.slow
def test_a_render_that_expires_data_needs_the_word(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With real Terraform: old versions of a bucket's objects would go."""
    before = content(folder / "out")
    assert render(folder, days=7) == NEEDS_WORD
    assert "--allow destroys-data:storage.buckets.data.retention_days" in capsys.readouterr().out
    assert content(folder / "out") == before
    assert render(folder, "--allow", "destroys-data:storage.buckets.data.retention_days", days=7) == OK
    assert run(["change", str(folder / "out")]) == OK
