"""Taking in a folder that is not trusted."""

from __future__ import annotations

import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.terraform import intake
from groundplan.terraform.intake import LeftOut, take_in

Make = Callable[[Path], None]


def messages(folder: Path, top: Path) -> list[tuple[str, str]]:
    return [(problem.code, problem.message) for problem in take_in(folder, top).problems]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "secret").write_text("outside", encoding="utf-8")
    inside = tmp_path / "env"
    (inside / "a/b").mkdir(parents=True)
    (inside / "a/main.tf").write_text("locals {}\n", encoding="utf-8")
    (inside / "a/b/values.json").write_text("{}", encoding="utf-8")
    return inside


def test_what_is_in_it_is_copied(folder: Path, tmp_path: Path) -> None:
    (folder / "link.tf").symlink_to("a/main.tf")
    (folder / "there").symlink_to(folder / "a")
    taken = take_in(folder, tmp_path / "copy")
    assert taken.problems == ()
    assert sorted(path.relative_to(taken.top).as_posix() for path in taken.top.rglob("*")) == [
        "a",
        "a/b",
        "a/b/values.json",
        "a/main.tf",
        "link.tf",
        "there",
    ]
    assert (taken.top / "link.tf").resolve() == taken.top / "a/main.tf"
    assert (taken.top / "there").resolve() == taken.top / "a"


@pytest.mark.parametrize("name", [".terraform", ".git", ".hidden", "__pycache__", "node_modules"])
def test_hidden_and_downloaded_folders_stay_behind(folder: Path, tmp_path: Path, name: str) -> None:
    (folder / name).mkdir()
    (folder / name / "main.tf").write_text("locals {}\n", encoding="utf-8")
    assert not (take_in(folder, tmp_path / "copy").top / name).exists()


def _pipe(path: Path) -> None:
    os.mkfifo(path)


def _socket(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as opened:
        opened.bind(str(path))


def _device(path: Path) -> None:
    path.symlink_to("/dev/zero")


def _out(path: Path) -> None:
    path.symlink_to("../secret")


def _out_by_a_second_link(path: Path) -> None:
    path.with_name("hop").symlink_to(path.parents[1])
    path.symlink_to("hop/secret")


def _nowhere(path: Path) -> None:
    path.symlink_to("missing")


def _loop(path: Path) -> None:
    path.symlink_to(path.name)


@pytest.mark.parametrize(
    "make, message",
    [
        (_pipe, "x.tf is neither a file nor a folder"),
        (_socket, "x.tf is neither a file nor a folder"),
        (_device, "x.tf is a link that leads out of the folder"),
        (_out, "x.tf is a link that leads out of the folder"),
        (_out_by_a_second_link, "x.tf is a link that leads out of the folder"),
        (_nowhere, "x.tf is a link that leads nowhere"),
        (_loop, "x.tf is a link that leads nowhere"),
    ],
)
def test_nothing_but_files_of_the_folder(folder: Path, tmp_path: Path, make: Make, message: str) -> None:
    make(folder / "x.tf")
    assert ("GP101", message) in messages(folder, tmp_path / "copy")
    assert not os.path.lexists(tmp_path / "copy/x.tf")


def test_an_editors_lock_is_no_problem(folder: Path, tmp_path: Path) -> None:
    (folder / ".#main.tf").symlink_to("somebody@somewhere.1234")
    assert messages(folder, tmp_path / "copy") == []


def test_links_that_multiply_are_not_followed(folder: Path, tmp_path: Path) -> None:
    (folder / "l0").mkdir()
    for level in range(1, 30):
        (folder / f"l{level}").mkdir()
        for side in ("x", "y"):
            (folder / f"l{level}" / side).symlink_to(f"../l{level - 1}")
    taken = take_in(folder, tmp_path / "copy")
    assert taken.problems == ()
    assert sum(len(names) for _, _, names in os.walk(taken.top)) == 2


def test_large_source_is_refused_and_other_large_files_are_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_SOURCE_BYTES", 2 * 1024)
    monkeypatch.setattr(intake, "MAX_OTHER_BYTES", 2 * 1024)
    for name in ("large.tf", "large.zip"):
        (folder / name).write_bytes(b"\n" * 3000)
    taken = take_in(folder, tmp_path / "copy")
    assert [(d.code, d.message) for d in taken.problems] == [("GP105", "large.tf is larger than 2 KiB")]
    assert taken.left_out == (LeftOut("large.zip", "it is larger than 2 KiB"),)


@pytest.mark.parametrize("limit, value", [("MAX_ENTRIES", 3), ("MAX_DEPTH", 1), ("MAX_SOURCES_BYTES", 1)])
def test_a_folder_has_a_limit(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, limit: str, value: int
) -> None:
    monkeypatch.setattr(intake, limit, value)
    with pytest.raises(DiagnosticsError) as caught:
        take_in(folder, tmp_path / "copy")
    assert [problem.code for problem in caught.value.diagnostics] == ["GP105"]


@pytest.mark.parametrize("name, code", [("a\nb.tf", "GP101"), ("a\x1b[31m.tf", "GP101"), ("x" * 240, "GP105")])
def test_names_can_be_shown_and_sorted(folder: Path, tmp_path: Path, name: str, code: str) -> None:
    (folder / name).write_text("", encoding="utf-8")
    [problem] = take_in(folder, tmp_path / "copy").problems
    assert problem.code == code
    assert problem.place is not None
    assert problem.place.file.isprintable()


def test_a_name_that_is_not_utf8_is_refused(folder: Path, tmp_path: Path) -> None:
    (Path(os.fsdecode(os.fsencode(folder) + b"/\xff.tf"))).write_text("", encoding="utf-8")
    assert [code for code, _ in messages(folder, tmp_path / "copy")] == ["GP101"]


def test_what_no_longer_fits_beside_the_source_is_named(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(intake, "MAX_OTHERS_BYTES", 1024)
    (folder / "data.bin").write_bytes(b"0" * 2000)
    taken = take_in(folder, tmp_path / "copy")
    assert [file.name for file in taken.left_out] == ["data.bin"]
    assert not (taken.top / "data.bin").exists()
