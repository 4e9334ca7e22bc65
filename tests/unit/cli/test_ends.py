"""How a command ends that does not end by itself."""

from __future__ import annotations

import errno
import json
import os
import re
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from groundplan.cli import COMMANDS, run
from groundplan.cli.ends import INTERNAL
from tests.unit.hostile import COMMANDS as CI_COMMANDS
from tests.unit.hostile import CONTROLS, assert_harmless

REPOSITORY = Path(__file__).resolve().parents[3]
SPEC = str(REPOSITORY / "blueprints/gpu-training/blueprint.yaml")
SECRET = "hunter2-of-the-environment"
USED = "--cloud", "aws", "--format=text"


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[Path]]:
    """The report files of errors so far."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return lambda: sorted(folder.glob("groundplan-error-*"))


def raising(error: BaseException, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("groundplan.app.pipeline.resolve_spec", fail)


class Panic(BaseException):
    """What a library in Rust raises that panics."""


class TestInternalErrors:
    """One line, a report without any value, and an exit code that nothing else has."""

    @pytest.mark.parametrize(
        "error",
        [
            Panic(SECRET),
            KeyError(SECRET),
            ValueError(SECRET),
            RecursionError(),
            MemoryError(),
            AssertionError(),
            OSError(SECRET),
        ],
        ids=lambda error: type(error).__name__,
    )
    def test_ends_with_one_line_and_a_report(
        self,
        error: BaseException,
        reports: Callable[[], list[Path]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        raising(error, monkeypatch)
        monkeypatch.setenv("TOKEN", SECRET)
        assert run(["validate", *USED, "--region", f"{SECRET}-region", f"{SECRET}.yaml"]) == INTERNAL == 70
        out, err = capsys.readouterr()
        (report,) = reports()
        assert not out
        kind = type(error).__name__
        place = r"tests/unit/cli/test_ends\.py:\d+ in fail|test_ends\.py:\d+ in fail"
        assert re.fullmatch(
            rf"groundplan: internal error: {kind} at ({place}); report: {re.escape(str(report))}\n", err
        )
        text = report.read_text()
        assert stat.S_IMODE(report.stat().st_mode) == 0o600
        assert "command: validate --cloud --format --region\n" in text
        assert f".{kind}\n" in text
        assert "groundplan/cli/common.py:" in text
        for private in (SECRET, str(Path.home()), str(report.parent), "Traceback"):
            assert private not in text + err.replace(str(report), "")

    def test_with_json_stdout_is_one_object(
        self,
        reports: Callable[[], list[Path]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        raising(KeyError("x"), monkeypatch)
        for options in (["--format", "json"], ["--format=json"]):
            assert run(["validate", SPEC, *options]) == INTERNAL
            out, err = capsys.readouterr()
            answer = json.loads(out)
            assert answer["ok"] is False
            assert [found["code"] for found in answer["diagnostics"]] == ["GP999"]
            assert len(err.splitlines()) == 1
        assert len(reports()) == 2

    def test_a_report_that_cannot_be_written_is_said_in_the_line(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        raising(KeyError("x"), monkeypatch)
        monkeypatch.setattr(tempfile, "tempdir", "/nowhere/at/all")
        assert run(["validate", SPEC]) == INTERNAL
        assert capsys.readouterr().err.endswith("report: none, it cannot be written: no such file or directory\n")

    def test_a_long_recursion_has_a_short_report(
        self, reports: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def deeper(*_: object, **__: object) -> None:
            deeper()

        monkeypatch.setattr("groundplan.app.pipeline.resolve_spec", deeper)
        assert run(["validate", SPEC]) == INTERNAL
        (report,) = reports()
        assert len(report.read_text().splitlines()) < 100

    def test_the_first_error_is_in_the_report_too(
        self, reports: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fail(*_: object, **__: object) -> None:
            try:
                int(SECRET)
            except ValueError as error:
                raise KeyError(SECRET) from error

        monkeypatch.setattr("groundplan.app.pipeline.resolve_spec", fail)
        assert run(["validate", SPEC]) == INTERNAL
        text = reports()[0].read_text()
        assert "builtins.KeyError\n" in text
        assert "builtins.ValueError\n" in text
        assert SECRET not in text

    def test_who_debugs_sees_the_traceback(self, monkeypatch: pytest.MonkeyPatch) -> None:
        raising(KeyError("x"), monkeypatch)
        monkeypatch.setenv("GROUNDPLAN_DEBUG", "1")
        with pytest.raises(KeyError):
            run(["validate", SPEC])

    @pytest.mark.parametrize("command", COMMANDS)
    def test_also_where_a_command_cannot_be_loaded(
        self, command: str, reports: Callable[[], list[Path]], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setitem(sys.modules, f"groundplan.cli.{command}", None)
        assert run([command]) == INTERNAL
        assert len(reports()) == 1


class TestTheMachine:
    """What a machine refuses is no defect."""

    @pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EMFILE, errno.ENFILE])
    def test_it_is_named(
        self,
        number: int,
        reports: Callable[[], list[Path]],
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        raising(OSError(number, os.strerror(number), "/a/\x1b[31mb\n::error::x"), monkeypatch)
        assert run(["validate", SPEC]) == 5
        err = capsys.readouterr().err
        assert err.startswith(f"error[GP809]: the machine gave out: {os.strerror(number).lower()} for /a/")
        assert_harmless(err)
        assert not reports()

    def test_with_json_stdout_is_one_object(
        self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        raising(OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)), monkeypatch)
        assert run(["validate", SPEC, "--format", "json"]) == 5
        out, err = capsys.readouterr()
        assert [found["code"] for found in json.loads(out)["diagnostics"]] == ["GP809"]
        assert not err


@pytest.mark.parametrize("attack", [f"x\n{one}\n\x1b[31mForged" for one in CI_COMMANDS] + list(CONTROLS))
def test_no_argument_reaches_anybody_as_more_than_text(
    attack: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    words = attack.replace("\0", "").replace("\ud800", "")  # which no argument of a process can hold
    for arguments in (
        [words],
        ["validate", words],
        ["validate", f"--{words}"],
        ["validate", SPEC, "--region", words],
        ["validate", SPEC, "--format", words],
        ["cost", SPEC, "--capacity", words],
        ["cost", "--plan", words],
        ["compare", SPEC, "--clouds", words],
        ["compare", SPEC, "--capacity", words],
        ["explain", SPEC, words],
        ["prices", "show", "--item", words],
        ["prices", "check", words],
        ["check", words],
        ["rehearse", words],
        ["init", words, "--region", words],
    ):
        assert run(arguments) not in (0, INTERNAL), arguments
        out, err = capsys.readouterr()
        for text in (out, err):
            assert_harmless(text)
            assert "\nForged" not in text


def test_choices_that_are_left_to_make_are_a_line_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion"]) == 2
    assert "bash" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["prices"]])
def test_without_a_command_the_help_is_shown(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert run(arguments) == 2
    shown = capsys.readouterr().err
    assert run([*arguments, "--help"]) == 0
    assert shown == capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_a_script_is_printed_as_it_is(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["completion", shell, "--format", "json"]) == 0
    script = json.loads(capsys.readouterr().out)["script"]
    assert run(["completion", shell]) == 0
    assert capsys.readouterr().out.strip() == script.strip()


@pytest.mark.slow
@pytest.mark.parametrize("streams", ["os.dup2(full, 1)", "os.dup2(full, 1); os.dup2(full, 2)"])
def test_a_terminal_that_is_closed_leaves_the_exit_code(streams: str) -> None:
    """Python itself ends with 120 where the last of the output cannot be written."""
    code = (
        "import os, signal, sys\nfrom groundplan.cli import main\n"
        f"def closed():\n    print('more')\n    {streams}\n    os.kill(os.getpid(), signal.SIGHUP)\n"
        "full = os.open('/dev/full', os.O_WRONLY)\n"
        "import groundplan.app.pipeline\n"
        "groundplan.app.pipeline.resolve_spec = lambda *_, **__: closed()\n"
        "main.main(args=['validate', sys.argv[1]])"
    )
    ended = subprocess.run([sys.executable, "-c", code, SPEC], check=False, capture_output=True, text=True)
    assert ended.returncode == 128 + signal.SIGHUP, ended.stderr


def test_what_is_to_be_done_at_the_end_is_done_before_the_process_ends() -> None:
    code = (
        "import atexit, sys, threading\nfrom groundplan.__main__ import main\n"
        "atexit.register(lambda: print('at the end', flush=True))\n"
        "threading.Thread(target=lambda: (threading.main_thread().join(), print('thread', flush=True))).start()\n"
        "sys.argv[1:] = ['validate', sys.argv[1]]\nmain()"
    )
    ended = subprocess.run([sys.executable, "-c", code, SPEC], check=False, capture_output=True, text=True)
    assert (ended.returncode, ended.stdout.split("\n")[-3:]) == (0, ["thread", "at the end", ""]), ended.stderr


def test_an_interrupt_while_the_program_is_imported_leaves_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "click.py").write_text("import time\nprint('imported', flush=True)\ntime.sleep(60)\n")
    process = subprocess.Popen(
        ["/usr/bin/env", "--default-signal", sys.executable, "-m", "groundplan", "validate", SPEC],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "imported\n"
    process.send_signal(signal.SIGINT)
    _, err = process.communicate()
    assert (process.returncode, err) == (-signal.SIGINT, "")


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP, signal.SIGINT])
@pytest.mark.parametrize("moment", ["terraform", "checking"])
def test_a_signal_leaves_nothing_behind(number: signal.Signals, moment: str, tmp_path: Path) -> None:
    """Wherever it arrives: no process, no temporary folder, no hidden folder, and the environment whole."""
    temporary, out = tmp_path / "temporary", tmp_path / "out"
    temporary.mkdir()
    process = subprocess.Popen(
        ["/usr/bin/env", "--default-signal", sys.executable, "-m", "groundplan", "build", SPEC, "-o", str(out)],
        env={**os.environ, "TMPDIR": str(temporary)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    until(lambda: process.poll() is not None or reached(moment, out, temporary))
    process.send_signal(number)
    _, err = process.communicate()
    assert process.returncode == 128 + number
    assert err.splitlines()[-1] == ("Interrupted" if number == signal.SIGINT else f"Ended by {number.name}")
    assert "Traceback" not in err
    until(lambda: not alive_in(process.pid))
    assert list(temporary.iterdir()) == []
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []
    assert not out.exists() or (out / "groundplan.lock.json").is_file()


def reached(moment: str, out: Path, temporary: Path) -> bool:
    """Whether the build is in its middle: the environment is there, and Terraform has begun."""
    if moment == "checking":
        return (out / "groundplan.lock.json").exists()
    return any(".terraform" in folders for _, folders, _ in os.walk(temporary))  # folders go meanwhile


def alive_in(session: int) -> list[str]:
    """The processes of a session."""
    done = subprocess.run(["ps", "-o", "pid=", "-s", str(session)], capture_output=True, text=True, check=False)
    return done.stdout.split()


def until(reached: Callable[[], object]) -> None:
    for _ in range(1200):
        if reached():
            return
        time.sleep(0.05)
    pytest.fail("it does not come to that")


def test_a_signal_that_is_ignored_stays_so() -> None:
    code = (
        "import os, signal, sys\nsignal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from groundplan.cli.signals import stopped_by_signals\n"
        "with stopped_by_signals():\n    os.kill(os.getpid(), signal.SIGHUP)\nprint('alive')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "alive\n")


class TestTemporaryFolder:
    """A temporary folder that cannot be used is one line, and no other is taken instead."""

    @pytest.fixture(params=["missing", "a file", "not a place for files"])
    def unusable(self, request: pytest.FixtureRequest, tmp_path: Path) -> Path:
        if request.param == "missing":
            return tmp_path / "missing"
        if request.param == "a file":
            (tmp_path / "file").touch()
            return tmp_path / "file"
        return Path("/proc/self")

    @pytest.mark.parametrize(
        "arguments",
        [
            ["check", str(REPOSITORY / "environments/dev")],
            ["rehearse", str(REPOSITORY / "environments/dev")],
            ["build", SPEC, "-o", "out"],
            ["compare", SPEC, "--against", "HEAD"],
        ],
        ids=lambda arguments: arguments[0],
    )
    def test_it_is_named(
        self,
        arguments: list[str],
        unusable: Path,
        tmp_path: Path,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.setenv("TMPDIR", str(unusable))
        assert run(arguments) == 5
        out, err = capsys.readouterr()
        assert not out
        assert err.startswith(f"error[GP805]: cannot use {unusable} for temporary files: ")
        assert not (tmp_path / "out").exists()

    def test_the_working_directory_is_not_taken(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        monkeypatch.chdir(tmp_path)
        monkeypatch.delenv("TMPDIR", raising=False)
        monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
        assert run(["check", str(REPOSITORY / "environments/dev")]) == 5
        assert "there is none but the working directory" in capsys.readouterr().err
