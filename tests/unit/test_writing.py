"""Files that commands write: whole or as they were, and nowhere but where their name says."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from groundplan.cli import run
from groundplan.writing import UnwritableError, write_file

REPOSITORY = Path(__file__).resolve().parents[2]
COMPARE = [
    "compare",
    str(REPOSITORY / "blueprints/cpu-serving/blueprint.yaml"),
    "--clouds",
    "aws",
    "--format",
    "csv",
    "-o",
]


def refused(path: Path, below: Path | None = None) -> str:
    with pytest.raises(UnwritableError) as caught:
        write_file(path, b"new", below=below)
    return caught.value.reason


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_a_new_file_has_what_it_is_given_and_permissions_of_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_file(tmp_path / "a", b"new")
    finally:
        os.umask(before)
    assert (tmp_path / "a").read_bytes() == b"new"
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o640
    assert names(tmp_path) == {"a"}


def test_a_file_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    (tmp_path / "a").chmod(0o604)
    write_file(tmp_path / "a", b"new")
    assert stat.S_IMODE((tmp_path / "a").stat().st_mode) == 0o604


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
def test_a_file_of_another_user_stays_theirs(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("old")
    os.chown(tmp_path / "a", 12345, 23456)
    write_file(tmp_path / "a", b"new")
    found = (tmp_path / "a").stat()
    assert (found.st_uid, found.st_gid) == (12345, 23456)


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_disk_that_is_full_leaves_what_was_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str) -> None:
    (tmp_path / "a").write_text("old")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    if call == "write":
        monkeypatch.setattr(os, "fchmod", full)  # the step before the first byte
    else:
        monkeypatch.setattr(*((os, "fsync") if call == "fsync" else (Path, "replace")), full)
    assert refused(tmp_path / "a") == "no space left on device"
    assert (tmp_path / "a").read_text() == "old"
    assert names(tmp_path) == {"a"}


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="the system has no /dev/full")
def test_devices_and_pipes_are_refused_at_once(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    assert refused(tmp_path / "pipe") == "it is no regular file"
    assert refused(Path("/dev/full")) == "it is no regular file"
    assert refused(tmp_path) == "it is a folder"
    assert refused(tmp_path / "none" / "a") == "no such file or directory"
    assert refused(tmp_path / "a\0b") == "the path contains a NUL character"
    assert refused(tmp_path / ("a" * 300)) == "file name too long"


class TestLinks:
    """Where a name leads elsewhere."""

    @pytest.fixture
    def victim(self, tmp_path: Path) -> Path:
        (tmp_path / "elsewhere").mkdir()
        (tmp_path / "here").mkdir()
        victim = tmp_path / "elsewhere" / "victim"
        victim.write_text("precious")
        return victim

    @pytest.mark.parametrize("lead", ["../elsewhere/victim", "../elsewhere/new", "../elsewhere", "loop", "/etc/passwd"])
    def test_out_of_its_folder_it_is_refused(self, victim: Path, tmp_path: Path, lead: str) -> None:
        link = tmp_path / "here" / "loop"
        link.symlink_to(lead)
        reason = refused(link)
        assert reason in (f"{link} is a link that leads out of its folder", "too many levels of symbolic links") or (
            lead == "loop" and reason == "it is no regular file"
        )
        assert victim.read_text() == "precious"
        assert names(victim.parent) == {"victim"}
        assert link.is_symlink()

    def test_within_its_folder_it_is_followed(self, tmp_path: Path) -> None:
        (tmp_path / "deeper").mkdir()
        (tmp_path / "latest").symlink_to("deeper/today")
        write_file(tmp_path / "latest", b"new")
        assert (tmp_path / "latest").is_symlink()
        assert (tmp_path / "deeper" / "today").read_bytes() == b"new"

    def test_a_folder_on_the_way_that_is_one_is_refused(
        self, victim: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """What a pull request can put into the checkout that the command stands in."""
        here = tmp_path / "here"
        (here / "reports").symlink_to("../elsewhere")
        monkeypatch.chdir(here)
        for path in (Path("reports/victim"), Path("reports/new"), Path("./reports/new"), here / "reports" / "new"):
            assert refused(path, below=here).endswith("reports is a link that leads out of its folder")
        assert names(victim.parent) == {"victim"}

    def test_a_hard_link_is_replaced_and_its_other_name_kept(self, victim: Path, tmp_path: Path) -> None:
        os.link(victim, tmp_path / "here" / "a")
        write_file(tmp_path / "here" / "a", b"new")
        assert victim.read_text() == "precious"


class TestCompare:
    """`compare -o FILE`."""

    def test_a_link_is_not_written_through(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        (tmp_path / "victim").write_text("precious")
        (tmp_path / "here").mkdir()
        monkeypatch.chdir(tmp_path / "here")
        Path("out.csv").symlink_to("../victim")
        assert run([*COMPARE, "out.csv"]) == 4
        err = capsys.readouterr().err
        assert "error[GP403]: cannot write out.csv: out.csv is a link that leads out of its folder" in err
        assert (tmp_path / "victim").read_text() == "precious"

    def test_stdout_may_be_named(self, capsys: pytest.CaptureFixture[str]) -> None:
        assert run([*COMPARE, "/dev/stdout"]) == 0
        assert capsys.readouterr().out.startswith("spec,cloud,region")

    def test_a_file_is_replaced(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        (tmp_path / "out.csv").write_text("old")
        assert run([*COMPARE, str(tmp_path / "out.csv")]) == 0
        assert (tmp_path / "out.csv").read_text().startswith("spec,cloud,region")
        assert not capsys.readouterr().out
        assert names(tmp_path) == {"out.csv"}

    def test_with_json_the_refusal_is_one_object(self, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        import json

        arguments = [*COMPARE, str(tmp_path)]
        arguments[arguments.index("csv")] = "json"
        assert run(arguments) == 4
        assert [found["code"] for found in json.loads(capsys.readouterr().out)["diagnostics"]] == ["GP403"]
