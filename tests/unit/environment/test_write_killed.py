"""A run that is killed at any moment leaves the old folder or the new one, never a mixture."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from groundplan.environment import shelter
from groundplan.environment import write as writer
from groundplan.environment.write import write
from groundplan.sandbox.signals import Terminated, ended_by_signals
from tests.unit.environment.test_write import NEW, OLD, contents, leftovers

pytestmark = pytest.mark.slow

NOTES = {"NOTES": "notes", "10-foundation/terraform.tfstate": "state"}


WRITING = frozenset({"os.mkdir", "os.link", "os.rename", "os.remove", "os.rmdir", "os.chmod", "tempfile.mkdtemp"})
"""Audit events that come before a change of the file system; opening for writing is one more."""
CRITICAL = frozenset({"_replace", "_exchange", "_exchange_in_two_steps"})
"""Functions of the writer in which every line is a step."""


class Killer:
    """Kills its own process at the n-th step: before each change of the file system, and around the exchange."""

    def __init__(self, at: int) -> None:
        self.left = at

    def arm(self) -> None:
        sys.addaudithook(self.audit)
        sys.settrace(self.trace)

    def audit(self, event: str, arguments: tuple[Any, ...]) -> None:
        if event in WRITING or (event == "open" and arguments[2] & (os.O_WRONLY | os.O_RDWR)):
            self.step()

    def step(self) -> None:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def trace(self, frame: FrameType, event: str, _: Any) -> Any:
        if frame.f_code.co_filename != writer.__file__ or frame.f_code.co_name not in CRITICAL:
            return None
        self.step()
        return self.trace


def killed(action: Callable[[], object], at: int) -> bool:
    """Runs `action` in a child that dies at its n-th step; False when it was done before that."""
    child = os.fork()
    if child == 0:
        Killer(at).arm()
        action()
        os._exit(0)
    _, status = os.waitpid(child, 0)
    assert os.WIFSIGNALED(status) or os.WEXITSTATUS(status) == 0
    return os.WIFSIGNALED(status)


def reset(out: Path) -> None:
    write(OLD, out, overwrite=True)
    for name, text in NOTES.items():
        (out / name).write_text(text)
    assert contents(out) == {**OLD, **NOTES}


def test_killed_at_every_step_the_folder_is_the_old_or_the_new_one(tmp_path: Path) -> None:
    out = tmp_path / "out"
    seen = {"old": 0, "new": 0}
    at = 0
    while True:
        at += 1
        reset(out)
        if not killed(lambda: write(NEW, out), at):
            break
        found = contents(out)
        assert found in ({**OLD, **NOTES}, {**NEW, **NOTES}), f"killed at step {at}"
        seen["new" if found == {**NEW, **NOTES} else "old"] += 1
        write(NEW, out)
        assert contents(out) == {**NEW, **NOTES}
        assert leftovers(out) == []
    assert sum(seen.values()) >= 30
    assert min(seen.values()) >= 5, "kills on both sides of the exchange"


def test_killed_at_every_step_a_first_write_leaves_nothing_or_everything(tmp_path: Path) -> None:
    kills = {"nothing": 0, "everything": 0}
    at = 0
    while True:
        at += 1
        out = tmp_path / str(at) / "out"
        if not killed(lambda out=out: write(OLD, out), at):  # type: ignore[misc]
            break
        assert not out.exists() or contents(out) == OLD, f"killed at step {at}"
        kills["everything" if out.exists() else "nothing"] += 1
        write(OLD, out)
        assert contents(out) == OLD
        assert leftovers(out) == []
    assert sum(kills.values()) >= 30
    assert min(kills.values()) >= 1


def test_killed_between_two_steps_the_next_run_has_everything(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(writer.ctypes, "CDLL", lambda *_, **__: object())
    out = tmp_path / "out"
    gone = 0
    at = 0
    while True:
        at += 1
        reset(out)
        if not killed(lambda: write(NEW, out), at):
            break
        if out.exists():
            assert contents(out) in ({**OLD, **NOTES}, {**NEW, **NOTES}), f"killed at step {at}"
        else:
            gone += 1
        write(NEW, out)
        assert contents(out) == {**NEW, **NOTES}
        assert leftovers(out) == []
    assert gone >= 1, "the moment between the two steps was met"


@pytest.mark.parametrize("name", ["remove", "mark"])
def test_a_signal_waits_until_the_folder_is_whole_and_nothing_is_beside_it(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = getattr(shelter, name)

    def interrupted(*arguments: Path) -> None:
        os.kill(os.getpid(), signal.SIGHUP)
        work(*arguments)

    monkeypatch.setattr(shelter, name, interrupted)
    with pytest.raises(Terminated), ended_by_signals():
        write({"a.tf": "1\n"}, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    assert (tmp_path / "out/a.tf").read_text() == "1\n"
