"""The folder that `plan --out` keeps plans in."""

from __future__ import annotations

import stat
from datetime import UTC, datetime
from pathlib import Path

import pytest

from groundplan.app.live.commit import Commit
from groundplan.app.live.connected import connected
from groundplan.app.live.plan import EnvironmentPlan
from groundplan.app.live.save import Made, plans_folder, save
from groundplan.change.model import Change, Counts, Side
from groundplan.cli.common import ConsoleProgress
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.saved import RECORD_FILE, read_record
from groundplan.views.console import Console
from tests.unit.live.environments import Demo


def test_what_was_saved_is_kept_for_its_owner_alone(tmp_path: Path) -> None:
    with plans_folder(tmp_path / "plans") as folder:
        (folder / RECORD_FILE).write_text("{}")
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert (folder / RECORD_FILE).exists()


def test_plans_without_a_record_go_whatever_stops_them(tmp_path: Path) -> None:
    with plans_folder(tmp_path / "plans") as folder:
        (folder / "10-foundation.tfplan").write_bytes(b"secret")
    assert not folder.exists()
    with pytest.raises(KeyboardInterrupt), plans_folder(tmp_path / "plans") as folder:
        (folder / "10-foundation.tfplan").write_bytes(b"secret")
        raise KeyboardInterrupt
    assert not folder.exists()


def test_a_folder_that_is_there_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "kept").write_text("x")
    with pytest.raises(DiagnosticsError, match="GP403"), plans_folder(tmp_path):
        pass
    assert (tmp_path / "kept").read_text() == "x"


def test_without_a_name_nothing_stays() -> None:
    with plans_folder(None) as folder:
        assert folder.is_dir()
    assert not folder.exists()


def test_the_record_says_from_which_commit_the_plans_were_made(demo: Demo, tmp_path: Path) -> None:
    at = connected(demo.folder, {}, ConsoleProgress(Console.of_process()))
    side = Side("before", "1.0")
    found = EnvironmentPlan("demo", "ml-project-1", "ada", (), Change(side, side, (), Counts()))
    save(tmp_path, at, found, Made("run-1", "Terraform 1.11.4", datetime.now(UTC), Commit("0" * 40, edited=True)))
    record = read_record(tmp_path)
    assert (record.commit, record.edited) == ("0" * 40, True)
    save(tmp_path, at, found, Made("run-1", "Terraform 1.11.4", datetime.now(UTC)))
    assert (read_record(tmp_path).commit, read_record(tmp_path).edited) == ("", False)
