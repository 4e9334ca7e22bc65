"""Temporary folders: where none can be made, where one is full, and those that a killed groundplan left."""

from __future__ import annotations

import errno
import fcntl
import os
import tempfile
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.terraform.workspace import socket_folder, throwaway_folder

MARK = ".groundplan-in-use"


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def message(error: DiagnosticsError) -> str:
    [diagnostic] = error.diagnostics
    return f"{diagnostic.code} {diagnostic.message}"


def test_no_folder_for_temporary_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path / "none"))
    with pytest.raises(DiagnosticsError) as caught, throwaway_folder():
        pass
    assert message(caught.value) == f"GP805 cannot use {tmp_path}/none for temporary files: no such file or directory"


def test_a_full_disk_is_told_and_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError) as caught, throwaway_folder() as folder:
        (folder / "file").write_text("x")
        raise OSError(errno.ENOSPC, "No space left on device")
    assert message(caught.value) == f"GP805 cannot use {tmp_path} for temporary files: no space left on device"
    assert list(tmp_path.iterdir()) == []


def test_other_errors_stay_what_they_are() -> None:
    with pytest.raises(PermissionError), throwaway_folder():
        raise PermissionError(errno.EACCES, "x")


def left_behind(above: Path, name: str, *, mark: bool = True, old: bool = True) -> Path:
    folder = above / name
    folder.mkdir()
    (folder / "file").write_text("x")
    if mark:
        (folder / MARK).touch()
        os.utime(folder / MARK, (0, 0) if old else None)
    return folder


def test_what_a_killed_groundplan_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    abandoned = left_behind(tmp_path, "groundplan-a")
    young = left_behind(tmp_path, "groundplan-b", old=False)
    foreign = left_behind(tmp_path, "groundplan-c", mark=False)
    other = left_behind(tmp_path, "other")
    elsewhere = left_behind(tmp_path, "elsewhere")
    (tmp_path / "groundplan-link").symlink_to(elsewhere)
    (foreign / MARK).symlink_to(abandoned / MARK)
    held = left_behind(tmp_path, "groundplan-d")
    descriptor = os.open(held / MARK, os.O_WRONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    with throwaway_folder():
        pass
    os.close(descriptor)
    assert not abandoned.exists()
    for folder in (young, foreign, other, elsewhere, held):
        assert (folder / "file").exists(), folder.name


def test_sockets_lie_where_their_names_fit(tmp_path: Path) -> None:
    long = tmp_path / ("x" * 100)
    long.mkdir()
    short = Path(tempfile.mkdtemp(dir="/tmp"))
    for base in (long, short):
        with socket_folder(base) as folder:
            assert len(os.fsencode(folder)) <= 90
            assert folder.stat().st_mode & 0o777 == 0o700
        assert base == short or not folder.exists()
    (short / "sockets").rmdir()
    short.rmdir()
