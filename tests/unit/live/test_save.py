"""The folder that `plan --out` keeps plans in."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from groundplan.app.live.save import plans_folder
from groundplan.diagnostics import DiagnosticsError
from groundplan.live.saved import RECORD_FILE


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
