"""A groundplan that is ended leaves no process and no file, whatever it was doing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from groundplan.sandbox.sandbox import SETTING
from groundplan.sandbox.signals import Terminated, ended_by_signals, finished_first

HEEDING = ("/usr/bin/env", "--default-signal")
"""Before a program that is to heed signals: whoever runs the tests in the background may ignore Ctrl-C."""

NETWORK = 'resource "aws_vpc" "main" {\n  count      = 2000\n  cidr_block = "10.0.0.0/16"\n}\n'


def belonging_to(folder: Path) -> Iterator[int]:
    """Processes that have the folder as their temporary one."""
    for process in Path("/proc").iterdir():
        if process.name.isdecimal():
            with suppress(OSError):
                if f"TMPDIR={folder}".encode() in (process / "environ").read_bytes():
                    yield int(process.name)


def until(condition: object, what: str) -> None:
    for _ in range(2400):
        if condition():  # type: ignore[operator]
            return
        time.sleep(0.05)
    pytest.fail(f"{what}: waited for two minutes")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("command", "number", "walls"),
    [
        ("check", signal.SIGTERM, "on"),
        ("check", signal.SIGHUP, "on"),
        ("check", signal.SIGINT, "off"),
        ("check", signal.SIGKILL, "on"),
        ("check", signal.SIGKILL, "off"),
        ("rehearse", signal.SIGTERM, "off"),
        ("rehearse", signal.SIGKILL, "on"),
    ],
)
def test_nothing_is_left(tmp_path: Path, command: str, number: signal.Signals, walls: str) -> None:
    folder, temporary = tmp_path / "folder", tmp_path / "tmp"
    folder.mkdir()
    temporary.mkdir()
    (folder / "main.tf").write_text(NETWORK)
    program = [
        *HEEDING,
        sys.executable,
        "-c",
        f"from groundplan.cli import run; raise SystemExit(run(['{command}', 'folder']))",
    ]
    environment = {"PATH": os.environ["PATH"], "TMPDIR": str(temporary), SETTING: walls}
    with subprocess.Popen(program, cwd=tmp_path, env=environment, stderr=subprocess.PIPE) as groundplan:
        until(lambda: runs_terraform(temporary), "start")
        groundplan.send_signal(number)
        _, said = groundplan.communicate(timeout=120)
    assert groundplan.returncode == (-number if number == signal.SIGKILL else 128 + number)
    assert b"Traceback" not in said
    until(lambda: not list(temporary.iterdir()), "folders")
    until(lambda: not list(belonging_to(temporary)), "processes")


def runs_terraform(temporary: Path) -> bool:
    with suppress(FileNotFoundError):  # a folder that is removed while it is looked through
        return any(any(temporary.rglob(name)) for name in (".terraform.lock.hcl", "terraform.tfstate"))
    return False


def test_the_first_signal_raises_and_the_others_do_not() -> None:
    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(Terminated) as caught, ended_by_signals():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            time.sleep(60)
        finally:
            os.kill(os.getpid(), signal.SIGHUP)
            os.kill(os.getpid(), signal.SIGINT)
    assert caught.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) == before


def test_what_the_caller_ignores_stays_ignored() -> None:
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with ended_by_signals():
            os.kill(os.getpid(), signal.SIGHUP)
            assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_what_starts_after_a_signal_ends_at_once() -> None:
    from groundplan.sandbox.processes import running

    with pytest.raises(Terminated), ended_by_signals():
        try:
            os.kill(os.getpid(), signal.SIGTERM)
        finally:
            with running(subprocess.Popen(["sleep", "600"])) as _:
                pass


def test_what_is_finished_first_is_finished() -> None:
    done = []
    with pytest.raises(Terminated) as caught, ended_by_signals():
        with finished_first():
            with finished_first():
                os.kill(os.getpid(), signal.SIGTERM)
                done.append("inner")
            os.kill(os.getpid(), signal.SIGINT)
            done.append("outer")
        done.append("after")
    assert done == ["inner", "outer"]
    assert caught.value.number == signal.SIGTERM
