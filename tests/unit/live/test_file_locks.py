"""States in files are held as long as the process lives that holds them."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from groundplan.cli import run
from groundplan.cli.common import FINDINGS, OK
from groundplan.live.file_locks import file_lock
from tests.unit.live.environments import Demo, state

INFO = {"ID": "11", "Operation": "OperationTypeApply", "Who": "ada@laptop", "Created": "2020-01-05T08:00:00Z"}
HOLDS = """
import fcntl, sys
file = open(sys.argv[1], "r+")
fcntl.lockf(file, fcntl.LOCK_EX)
print(flush=True)
sys.stdin.read()
"""
Capture = pytest.CaptureFixture[str]


@pytest.fixture
def file(demo: Demo) -> Path:
    made = demo.folder / "00-state" / "terraform.tfstate"
    made.write_bytes(state(3))
    made.with_name(".terraform.tfstate.lock.info").write_text(json.dumps(INFO), encoding="utf-8")
    return made


@contextmanager
def held(file: Path) -> Iterator[None]:
    words = [sys.executable, "-c", HOLDS, str(file)]
    with subprocess.Popen(words, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        assert process.stdout and process.stdout.readline() == b"\n"
        yield
        process.communicate()


def test_a_lock_is_seen_while_its_process_lives(demo: Demo, file: Path, capsys: Capture) -> None:
    assert file_lock(file) is None, "what a killed process has left is no lock"
    with held(file):
        assert run(["unlock", str(demo.folder), "--format", "json"]) == FINDINGS
        [found] = json.loads(capsys.readouterr().out)["locks"]
        assert (found["root"], found["id"], found["who"]) == ("00-state", "11", "ada@laptop")
        assert run(["unlock", str(demo.folder), "--id", "11", "--force"]) == FINDINGS
        assert "held by a process of this machine" in capsys.readouterr().err
    assert run(["unlock", str(demo.folder)]) == OK


def test_a_process_that_says_nothing_holds_it_as_well(file: Path) -> None:
    file.with_name(".terraform.tfstate.lock.info").unlink()
    with held(file):
        found = file_lock(file)
    assert found is not None and (found.id, found.who, found.created) == ("", "", None)


def test_a_state_that_is_not_there_or_leads_elsewhere_is_held_by_nobody(file: Path, tmp_path: Path) -> None:
    assert file_lock(tmp_path / "none") is None
    link = tmp_path / "link"
    link.symlink_to(file)
    with held(file):
        assert file_lock(link) is None
