"""The writer: the old folder or the new one, and nothing of the user's lost."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.environment import shelter
from groundplan.environment import write as writer
from groundplan.environment.files import LOCK_FILE, SPEC_FILE, digest, is_sealed, seal
from groundplan.environment.write import Changes, compare, exclusive, refusals, write


def environment(texts: Mapping[str, str], spec: str | None = None) -> dict[str, str]:
    """A file set with the lock that belongs to it."""
    copied = spec is not None
    sources = [{"file": SPEC_FILE, "sha256": digest(spec)}] if spec is not None else []
    sealed = [name for name, text in texts.items() if is_sealed(text)]
    lock = {
        "format_version": "1",
        "groundplan": "0.1.0",
        "spec": {"file": SPEC_FILE, "copied": copied, "sources": sources},
        "cloud": {"provider": "aws", "region": "us-east-1"},
        "calls": {},
        "decisions": [],
        "modules": {},
        "sealed": sealed,
        "files": {name: digest(text) for name, text in texts.items() if name not in sealed},
    }
    return {**texts, **({} if spec is None else {SPEC_FILE: spec}), LOCK_FILE: json.dumps(lock)}


OLD = environment({"10-foundation/main.tf": "old\n", "modules/aws/keys/key.tf": "old key\n", "README.md": "old\n"})
NEW = environment({"10-foundation/main.tf": "new\n", "modules/aws/network/vpc.tf": "vpc\n", "README.md": "old\n"})


def contents(folder: Path) -> dict[str, str]:
    return {p.relative_to(folder).as_posix(): p.read_text() for p in sorted(folder.rglob("*")) if p.is_file()}


def leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.parent.iterdir() if path.name.startswith(f".{folder.name}."))


def stopped(action: Callable[[], object]) -> list[tuple[str, str]]:
    with pytest.raises(DiagnosticsError) as caught:
        action()
    return [(found.code, found.message) for found in caught.value.diagnostics]


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "out"
    write(OLD, folder)
    return folder


def test_the_first_write_makes_the_folder_and_its_parents(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b" / "out"
    changes = write(OLD, folder)
    assert changes == Changes(added=tuple(sorted(OLD)), changed=(), removed=(), unchanged=0)
    assert contents(folder) == OLD
    assert leftovers(folder) == []


def test_permissions_of_a_new_folder_follow_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write(OLD, tmp_path / "out")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o750
    assert stat.S_IMODE((tmp_path / "out" / "README.md").stat().st_mode) == 0o640


def test_the_second_write_does_nothing(out: Path) -> None:
    before = {path: path.stat() for path in [out, *out.rglob("*")]}
    assert write(OLD, out) == Changes((), (), (), unchanged=len(OLD))
    assert {path: path.stat() for path in [out, *out.rglob("*")]} == before


def test_a_new_rendering_replaces_the_old_one(out: Path) -> None:
    changes = write(NEW, out)
    assert changes.added == ("modules/aws/network/vpc.tf",)
    assert changes.changed == ("10-foundation/main.tf", LOCK_FILE)
    assert changes.removed == ("modules/aws/keys/key.tf",)
    assert changes.unchanged == 1
    assert contents(out) == NEW
    assert not (out / "modules/aws/keys").exists()
    assert leftovers(out) == []


def test_what_is_compared_is_what_is_written(out: Path) -> None:
    expected = compare(NEW, out)
    assert contents(out) == OLD
    assert write(NEW, out) == expected


def test_a_file_edited_by_hand_stops_the_writer(out: Path) -> None:
    (out / "10-foundation/main.tf").write_text("mine\n")
    before = contents(out)
    assert stopped(lambda: write(NEW, out)) == [
        ("GP401", f"{out}/10-foundation/main.tf was edited since it was rendered")
    ]
    assert contents(out) == before
    write(NEW, out, overwrite=True)
    assert contents(out) == NEW


def test_a_removed_file_edited_by_hand_stops_the_writer_too(out: Path) -> None:
    (out / "modules/aws/keys/key.tf").write_text("mine\n")
    assert [code for code, _ in stopped(lambda: write(NEW, out))] == ["GP401"]


def test_an_edit_that_this_rendering_would_make_is_no_edit(out: Path) -> None:
    (out / "10-foundation/main.tf").write_text("new\n")
    write(NEW, out)
    assert contents(out) == NEW


def test_a_file_deleted_by_hand_comes_back(out: Path) -> None:
    (out / "README.md").unlink()
    assert write(OLD, out).added == ("README.md",)
    assert contents(out) == OLD


@pytest.mark.parametrize("content", [b"mine", b"\xff\xfe", b"old\r\n", b""])
def test_any_other_bytes_are_an_edit(out: Path, content: bytes) -> None:
    (out / "README.md").write_bytes(content)
    assert [code for code, _ in stopped(lambda: write(NEW, out))] == ["GP401"]


def test_a_foreign_file_in_the_way_stops_the_writer(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "README.md").write_text("mine\n")
    assert stopped(lambda: write(OLD, out)) == [
        ("GP402", f"{out}/README.md already exists and groundplan did not write it")
    ]
    assert contents(out) == {"README.md": "mine\n"}
    write(OLD, out, overwrite=True)
    assert contents(out) == OLD


def test_a_file_where_a_folder_goes_stops_the_writer(tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "modules").write_text("mine\n")
    assert stopped(lambda: write(OLD, out)) == [
        ("GP402", f"{out}/modules already exists and groundplan did not write it")
    ]
    write(OLD, out, overwrite=True)
    assert contents(out) == OLD


def test_a_link_where_a_folder_goes_stops_the_writer(tmp_path: Path) -> None:
    out, elsewhere = tmp_path / "out", tmp_path / "elsewhere"
    out.mkdir()
    elsewhere.mkdir()
    (out / "modules").symlink_to(elsewhere)
    assert [code for code, _ in stopped(lambda: write(OLD, out))] == ["GP402"]
    write(OLD, out, overwrite=True)
    assert contents(out) == OLD
    assert list(elsewhere.iterdir()) == []


def test_a_folder_where_a_file_goes_is_never_given_up(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "README.md").mkdir(parents=True)
    (out / "README.md/notes").write_text("mine\n")
    for overwrite in (False, True):
        found = stopped(lambda overwrite=overwrite: write(OLD, out, overwrite=overwrite))  # type: ignore[misc]
        assert found == [("GP402", f"{out}/README.md is a folder, where a file must go")]
    assert contents(out) == {"README.md/notes": "mine\n"}


def test_a_pipe_or_a_loop_in_the_way_is_named_and_not_opened(tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "10-foundation").mkdir(parents=True)
    os.mkfifo(out / "README.md")
    (out / "10-foundation/main.tf").symlink_to("nowhere")
    assert [code for code, _ in stopped(lambda: write(OLD, out))] == ["GP402", "GP402"]
    write(OLD, out, overwrite=True)
    assert contents(out) == OLD


def test_files_of_the_user_stay_the_same_files(out: Path, tmp_path: Path) -> None:
    provider = out / "10-foundation/.terraform/providers/registry.terraform.io/hashicorp/aws"
    provider.mkdir(parents=True)
    (provider / "plugin").write_text("binary")
    (provider / "plugin").chmod(0o755)
    (provider / "linked").symlink_to("plugin")
    (out / "10-foundation/.terraform/cache").symlink_to(tmp_path)
    (out / "00-state/empty").mkdir(parents=True)
    (out / "10-foundation/terraform.tfstate").write_text("state")
    (out / "10-foundation/terraform.tfstate").chmod(0o600)
    (out / "modules/aws/keys/mine.tf").write_text("mine")
    (out / "NOTES").write_text("notes")
    before = {path.relative_to(out): path.lstat() for path in out.rglob("*") if not path.is_dir() or path.is_symlink()}
    write(NEW, out)
    for name in (
        "10-foundation/.terraform/providers/registry.terraform.io/hashicorp/aws/plugin",
        "10-foundation/.terraform/providers/registry.terraform.io/hashicorp/aws/linked",
        "10-foundation/.terraform/cache",
        "10-foundation/terraform.tfstate",
        "modules/aws/keys/mine.tf",
        "NOTES",
    ):
        assert (out / name).lstat().st_ino == before[Path(name)].st_ino, name
        assert (out / name).lstat().st_mode == before[Path(name)].st_mode, name
    assert (out / "00-state/empty").is_dir()
    assert not (out / "modules/aws/keys/key.tf").exists()


def test_folders_keep_their_permissions(out: Path) -> None:
    out.chmod(0o700)
    (out / "10-foundation").chmod(0o750)
    write(NEW, out)
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    assert stat.S_IMODE((out / "10-foundation").stat().st_mode) == 0o750


def test_without_hard_links_files_are_copied(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "NOTES").write_text("notes")
    (out / "link").symlink_to("NOTES")

    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    monkeypatch.setattr(os, "link", refuse)
    write(NEW, out)
    assert contents(out) == {**NEW, "NOTES": "notes", "link": "notes"}
    assert (out / "link").readlink() == Path("NOTES")


def test_a_folder_that_cannot_be_listed_stops_the_writer(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (out / "secret").mkdir()
    (out / "secret/key").write_text("mine")
    scan = os.scandir

    def refuse(path: str) -> object:
        if str(path).endswith("secret"):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)
        return scan(path)

    monkeypatch.setattr(os, "scandir", refuse)
    assert stopped(lambda: write(NEW, out)) == [("GP403", f"cannot write {out}: Permission denied")]
    monkeypatch.undo()
    assert contents(out) == {**OLD, "secret/key": "mine"}


@pytest.mark.parametrize(
    "lock", ["", "{", "[]", "null", '{"files": 3}', '{"files": {}, "spec": {"sources": [1]}}', "[" * 9999]
)
def test_a_damaged_lock_makes_every_different_file_foreign(out: Path, lock: str) -> None:
    (out / LOCK_FILE).write_text(lock)
    assert stopped(lambda: write(NEW, out)) == [
        ("GP402", f"{out}/10-foundation/main.tf already exists and groundplan did not write it")
    ]
    assert write(OLD, out).changed == (LOCK_FILE,)
    assert contents(out) == OLD


def test_a_pipe_for_a_lock_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    os.mkfifo(tmp_path / "out" / LOCK_FILE)
    write(OLD, tmp_path / "out")
    assert contents(tmp_path / "out") == OLD


def test_a_lock_that_names_files_outside_removes_nothing_there(out: Path, tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("mine")
    lock = json.loads(OLD[LOCK_FILE])
    lock["files"]["../precious"] = digest("mine")
    (out / LOCK_FILE).write_text(json.dumps(lock))
    assert [code for code, _ in stopped(lambda: write(NEW, out))] == ["GP402"], "such a lock counts as none"
    assert [problem.code for problem in refusals(NEW, out)] == ["GP402"]
    assert compare(NEW, out).removed == ()
    write(NEW, out, overwrite=True)
    assert (tmp_path / "precious").read_text() == "mine"


WORKFLOW, FOREIGN = (
    ".github/workflows/plan.yml",
    {".github/workflows/other.yml": "on: push\n", ".github/CODEOWNERS": "*"},
)
SHARED = environment({"10-foundation/main.tf": "old\n", WORKFLOW: "on: pull_request\n"})


class TestFoldersSharedWithFilesOfTheUsers:
    """What is groundplan's is a file, never a folder."""

    @pytest.fixture
    def shared(self, tmp_path: Path) -> Path:
        folder = tmp_path / "out"
        write(SHARED, folder)
        for name, text in FOREIGN.items():
            (folder / name).write_text(text)
        return folder

    def test_files_beside_ours_stay_the_same_files(self, shared: Path) -> None:
        before = {name: (shared / name).stat() for name in FOREIGN}
        again = environment({"10-foundation/main.tf": "new\n", WORKFLOW: "on: [push, pull_request]\n"})
        assert write(again, shared).changed == (WORKFLOW, "10-foundation/main.tf", LOCK_FILE)
        assert contents(shared) == {**again, **FOREIGN}
        for name, earlier in before.items():
            now = (shared / name).stat()
            assert (now.st_ino, now.st_mtime_ns, now.st_mode) == (earlier.st_ino, earlier.st_mtime_ns, earlier.st_mode)

    def test_ours_goes_when_nothing_makes_it_any_more(self, shared: Path) -> None:
        without = environment({"10-foundation/main.tf": "old\n"})
        assert write(without, shared).removed == (WORKFLOW,)
        assert contents(shared) == {**without, **FOREIGN}

    def test_a_folder_that_held_ours_alone_goes_with_it(self, tmp_path: Path) -> None:
        write(SHARED, tmp_path / "out")
        write(environment({"10-foundation/main.tf": "old\n"}), tmp_path / "out")
        assert not (tmp_path / "out/.github").exists()

    def test_ours_edited_by_hand_stops_the_writer_also_when_it_would_go(self, shared: Path) -> None:
        (shared / WORKFLOW).write_text("on: workflow_dispatch\n")
        for files in (environment({WORKFLOW: "on: push\n"}), environment({})):
            assert stopped(lambda files=files: write(files, shared)) == [  # type: ignore[misc]
                ("GP401", f"{shared / WORKFLOW} was edited since it was rendered")
            ]
        assert contents(shared) == {**SHARED, **FOREIGN, WORKFLOW: "on: workflow_dispatch\n"}

    def test_a_file_of_that_name_that_is_not_ours_stops_the_writer(self, tmp_path: Path) -> None:
        out = tmp_path / "out"
        write(environment({"10-foundation/main.tf": "old\n"}), out)
        (out / WORKFLOW).parent.mkdir(parents=True)
        (out / WORKFLOW).write_text("mine\n")
        assert stopped(lambda: write(SHARED, out)) == [
            ("GP402", f"{out / WORKFLOW} already exists and groundplan did not write it")
        ]
        assert (out / WORKFLOW).read_text() == "mine\n"

    def test_a_file_that_became_the_users_is_left_to_them(self, shared: Path) -> None:
        """Taken out of the rendering, then written by hand under the same name: it is not ours any more."""
        without = environment({"10-foundation/main.tf": "old\n"})
        write(without, shared)
        (shared / WORKFLOW).write_text("mine\n")
        write(environment({"10-foundation/main.tf": "new\n"}), shared)
        assert (shared / WORKFLOW).read_text() == "mine\n"


class TestSealedFiles:
    """A file that carries its own digest: the lock stays as it is when its text changes."""

    BEFORE = environment({"a.tf": "1", "COST.md": seal("10 dollars\n")})
    AFTER = environment({"a.tf": "1", "COST.md": seal("11 dollars\n")})

    @pytest.fixture
    def folder(self, tmp_path: Path) -> Path:
        write(self.BEFORE, tmp_path / "out")
        return tmp_path / "out"

    def test_a_new_text_changes_nothing_else(self, folder: Path) -> None:
        assert write(self.AFTER, folder) == Changes((), ("COST.md",), (), unchanged=2)
        assert contents(folder) == self.AFTER

    @pytest.mark.parametrize("edit", ["mine\n", "11 dollars\n", "", None])
    def test_an_edit_stops_the_writer(self, folder: Path, edit: str | None) -> None:
        text = self.BEFORE["COST.md"].replace("10", "9") if edit is None else edit
        (folder / "COST.md").write_text(text)
        for files in (self.AFTER, environment({"a.tf": "1"})):
            assert stopped(lambda files=files: write(files, folder)) == [  # type: ignore[misc]
                ("GP401", f"{folder}/COST.md was edited since it was rendered")
            ]
        write(self.AFTER, folder, overwrite=True)
        assert contents(folder) == self.AFTER

    def test_it_goes_when_nothing_makes_it_any_more(self, folder: Path) -> None:
        assert write(environment({"a.tf": "1"}), folder).removed == ("COST.md",)

    def test_one_that_the_lock_does_not_name_is_not_ours(self, folder: Path) -> None:
        write(environment({"a.tf": "1"}), folder)
        (folder / "COST.md").write_text(seal("copied from elsewhere\n"))
        assert stopped(lambda: write(self.AFTER, folder)) == [
            ("GP402", f"{folder}/COST.md already exists and groundplan did not write it")
        ]


def test_the_copy_of_the_spec_is_guarded_like_any_file(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(environment({"a.tf": "1"}, spec="name: one\n"), out)
    (out / SPEC_FILE).write_text("name: mine\n")
    again = environment({"a.tf": "2"}, spec="name: two\n")
    assert stopped(lambda: write(again, out)) == [("GP401", f"{out / SPEC_FILE} was edited since it was rendered")]


def test_what_was_rendered_in_place_is_not_replaced_from_elsewhere(tmp_path: Path) -> None:
    """The lock of a rendering in place knows the spec's digest, and still the spec is not groundplan's to replace."""
    out = tmp_path / "out"
    files = environment({"a.tf": "1"}, spec="name: mine\n")
    lock = json.loads(files[LOCK_FILE])
    lock["spec"]["copied"] = False
    write({**files, LOCK_FILE: json.dumps(lock)}, out)
    again = environment({"a.tf": "2"}, spec="name: two\n")
    found = stopped(lambda: write(again, out))
    assert found == [("GP402", f"{out / SPEC_FILE} already exists and groundplan did not write it")]


def test_the_spec_rendered_in_place_is_the_users_own(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write(environment({"a.tf": "1"}, spec="name: one\n"), out)
    (out / SPEC_FILE).write_text("name: mine\n")
    write(environment({"a.tf": "2"}), out)
    assert contents(out) == {**environment({"a.tf": "2"}), SPEC_FILE: "name: mine\n"}


@pytest.mark.parametrize("overwrite", [False, True])
def test_a_target_that_is_a_file_is_refused(tmp_path: Path, overwrite: bool) -> None:
    target = tmp_path / "out"
    target.write_text("mine\n")
    assert stopped(lambda: write(OLD, target, overwrite=overwrite)) == [("GP403", f"{target} is not a folder")]
    assert target.read_text() == "mine\n"


def test_a_target_below_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine\n")
    found = stopped(lambda: write(OLD, tmp_path / "file/out"))
    assert found == [("GP403", f"{tmp_path}/file is not a folder")]
    assert (tmp_path / "file").read_text() == "mine\n"


def test_a_link_to_a_folder_stays_a_link(out: Path, tmp_path: Path) -> None:
    link = tmp_path / "link"
    link.symlink_to(out)
    write(NEW, link)
    assert link.is_symlink()
    assert contents(out) == NEW


def test_a_link_to_nowhere_gets_its_folder(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "deep/out")
    write(OLD, tmp_path / "link")
    assert contents(tmp_path / "deep/out") == OLD


@pytest.mark.parametrize("name", ["x" * 300, "x" * 250])
def test_a_name_the_file_system_refuses_is_a_diagnostic(tmp_path: Path, name: str) -> None:
    assert stopped(lambda: write(OLD, tmp_path / name)) == [
        ("GP403", f"cannot write {tmp_path / name}: File name too long")
    ]
    assert list(tmp_path.iterdir()) == []


def test_a_link_to_itself_is_a_diagnostic(tmp_path: Path) -> None:
    (tmp_path / "loop").symlink_to("loop")
    assert [code for code, _ in stopped(lambda: write(OLD, tmp_path / "loop"))] == ["GP403"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root writes where the permissions forbid it")
def test_a_parent_that_is_read_only_is_a_diagnostic(out: Path) -> None:
    out.parent.chmod(0o555)
    try:
        assert stopped(lambda: write(NEW, out)) == [("GP403", f"cannot write {out}: Permission denied")]
    finally:
        out.parent.chmod(0o755)
    assert contents(out) == OLD


@pytest.mark.parametrize("call", ["mkdtemp", "exchange"])
def test_a_file_system_that_refuses_leaves_the_old_folder(
    out: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))

    target = (shelter.tempfile, "mkdtemp") if call == "mkdtemp" else (writer, "_exchange")
    monkeypatch.setattr(*target, refuse)
    assert stopped(lambda: write(NEW, out)) == [("GP403", f"cannot write {out}: Read-only file system")]
    assert contents(out) == OLD
    assert leftovers(out) == []


def test_a_disk_that_is_full_leaves_the_old_folder(out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []

    def full(path: Path, text: str, **_: object) -> int:
        if len(written) == 2:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        written.append(path)
        return path.write_bytes(text.encode())

    monkeypatch.setattr(Path, "write_text", full)
    assert stopped(lambda: write(NEW, out)) == [("GP403", f"cannot write {out}: No space left on device")]
    monkeypatch.undo()
    assert contents(out) == OLD
    assert leftovers(out) == []


def test_a_dry_run_knows_what_would_stop_the_writer(out: Path) -> None:
    (out / "README.md").write_text("mine\n")
    assert [found.code for found in refusals(NEW, out)] == ["GP401"]
    assert refusals(NEW, out, overwrite=True) == []


class TestTwoSteps:
    """Where the kernel cannot exchange two names."""

    @pytest.fixture(autouse=True)
    def no_exchange(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(writer.ctypes, "CDLL", lambda *_, **__: object())

    def test_the_folder_is_replaced(self, out: Path) -> None:
        write(NEW, out)
        assert contents(out) == NEW
        assert leftovers(out) == []

    def test_a_failing_second_step_puts_the_old_folder_back(self, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        rename = Path.rename

        def refuse(source: Path, target: Path) -> Path:
            if source.name == "new":
                raise OSError(errno.EIO, os.strerror(errno.EIO))
            return rename(source, target)

        monkeypatch.setattr(Path, "rename", refuse)
        assert stopped(lambda: write(NEW, out)) == [("GP403", f"cannot write {out}: Input/output error")]
        assert contents(out) == OLD
        assert leftovers(out) == []

    def test_the_next_run_puts_the_old_folder_back_with_what_was_edited(self, out: Path) -> None:
        (out / "NOTES").write_text("notes")
        (out / "README.md").write_text("mine\n")
        out.rename(left_by_a_dead_run(out) / "old")
        assert [code for code, _ in stopped(lambda: write(NEW, out))] == ["GP401"]
        assert contents(out) == {**OLD, "NOTES": "notes", "README.md": "mine\n"}
        assert leftovers(out) == []


def left_by_a_dead_run(out: Path) -> Path:
    """The hidden folder of a run that was killed."""
    left = out.parent / f".{out.name}.groundplan-999999999-abcd_123"
    left.mkdir(mode=0o700)
    shelter.mark(left)
    return left


class TestLeftovers:
    """Hidden folders beside the target: what killed runs left goes, everything else stays as it is."""

    def test_of_a_dead_run_goes(self, out: Path) -> None:
        left = left_by_a_dead_run(out)
        (left / "new").mkdir()
        (left / "new" / "main.tf").write_text("x")
        write(OLD, out)
        assert leftovers(out) == []

    def test_an_empty_one_goes(self, out: Path) -> None:
        """A run killed before it marked its folder."""
        (out.parent / ".out.groundplan-12-abcdefgh").mkdir(mode=0o700)
        write(OLD, out)
        assert leftovers(out) == []

    @pytest.mark.parametrize("name", [".out.groundplan-notes", ".out.groundplan-12", ".out.groundplan-x-abcdefgh"])
    def test_of_another_name_stays(self, out: Path, name: str) -> None:
        mine = out.parent / name
        mine.mkdir(mode=0o700)
        (mine / "old").mkdir()
        shelter.mark(mine)
        write(NEW, out)
        assert (mine / "old").is_dir()

    def test_without_a_mark_stays(self, out: Path) -> None:
        mine = out.parent / ".out.groundplan-12-abcdefgh"
        (mine / "old").mkdir(parents=True)
        mine.chmod(0o700)
        write(NEW, out)
        assert (mine / "old").is_dir()

    def test_with_the_mark_of_another_stays(self, out: Path) -> None:
        """What git checks out can have the name and the mark of a folder, but not its inode."""
        mine = out.parent / ".out.groundplan-12-abcdefgh"
        mine.mkdir(mode=0o700)
        (mine / "made-by-groundplan").write_bytes((left_by_a_dead_run(out) / "made-by-groundplan").read_bytes())
        write(NEW, out)
        assert leftovers(out) == [mine.name]

    def test_with_something_of_the_users_stays(self, out: Path) -> None:
        mine = left_by_a_dead_run(out)
        (mine / "thesis.tex").write_text("x")
        write(NEW, out)
        assert (mine / "thesis.tex").is_file()

    def test_that_others_may_enter_stays(self, out: Path) -> None:
        mine = left_by_a_dead_run(out)
        mine.chmod(0o755)
        write(NEW, out)
        assert mine.is_dir()

    def test_a_link_is_not_followed(self, out: Path, tmp_path: Path) -> None:
        target = tmp_path / "elsewhere"
        target.mkdir(mode=0o700)
        shelter.mark(target)
        (out.parent / ".out.groundplan-12-abcdefgh").symlink_to(target)
        write(NEW, out)
        assert target.is_dir()

    def test_a_link_in_place_of_the_old_folder_is_not_put_back(self, out: Path, tmp_path: Path) -> None:
        (tmp_path / "elsewhere").mkdir()
        left = left_by_a_dead_run(out)
        (left / "old").symlink_to(tmp_path / "elsewhere")
        target = out.rename(tmp_path / "away").with_name("out")
        write(NEW, target)
        assert not target.is_symlink()
        assert (left / "old").is_symlink()

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives folders away")
    def test_of_another_user_stays(self, out: Path) -> None:
        left = left_by_a_dead_run(out)
        os.chown(left, 12345, 12345)
        write(NEW, out)
        assert left.is_dir()


class TestHeld:
    """Two runs that write into one folder."""

    def test_the_second_is_refused_and_writes_nothing(self, out: Path) -> None:
        left = left_by_a_dead_run(out)
        with exclusive(out):
            message = f"another groundplan is writing {out} (process {os.getpid()})"
            assert in_another_process(out) == [("GP405", message)]
            assert contents(out) == OLD
            assert left.is_dir(), "only who holds the folder clears leftovers"
        assert in_another_process(out) == []
        assert contents(out) == NEW
        assert leftovers(out) == []

    def test_a_folder_that_is_not_there_yet_is_held_too(self, tmp_path: Path) -> None:
        folder = tmp_path / "a" / "out"
        with exclusive(folder):
            assert [code for code, _ in in_another_process(folder)] == ["GP405"]
            assert not folder.exists()
        assert not folder.parent.exists(), "what was made to hold it goes"

    def test_under_another_name_it_is_the_same_folder(self, out: Path, tmp_path: Path) -> None:
        (tmp_path / "link").symlink_to(out)
        with exclusive(tmp_path / "link"):
            assert [code for code, _ in in_another_process(out)] == ["GP405"]

    def test_two_folders_side_by_side_are_two(self, out: Path) -> None:
        with exclusive(out):
            assert in_another_process(out.with_name("out2")) == []

    def test_a_killed_run_holds_nothing(self, out: Path) -> None:
        child = os.fork()
        if child == 0:
            with exclusive(out):
                os.kill(os.getpid(), signal.SIGKILL)
        os.waitpid(child, 0)
        assert leftovers(out) == [".out.groundplan-lock"]
        write(NEW, out)
        assert leftovers(out) == []

    def test_what_is_no_lock_is_not_taken_for_one(self, out: Path, tmp_path: Path) -> None:
        lock, victim = out.with_name(".out.groundplan-lock"), tmp_path / "victim"
        victim.write_text("precious")
        for put in (lambda: lock.symlink_to(victim), lambda: os.mkfifo(lock), lock.mkdir):
            put()
            assert stopped(lambda: write(NEW, out)) == [("GP403", f"{lock} is no lock of groundplan of yours")]
            lock.rmdir() if lock.is_dir() and not lock.is_symlink() else lock.unlink()
        assert victim.read_text() == "precious"
        assert contents(out) == OLD


def in_another_process(folder: Path) -> list[tuple[str, str]]:
    """What stops another process that writes there; nothing when it writes."""
    reader, writer_end = os.pipe()
    child = os.fork()
    if child == 0:
        found = []
        try:
            write(NEW, folder)
        except DiagnosticsError as error:
            found = [(diagnostic.code, diagnostic.message) for diagnostic in error.diagnostics]
        os.write(writer_end, json.dumps(found).encode())
        os._exit(0)
    os.waitpid(child, 0)
    os.close(writer_end)
    with os.fdopen(reader, encoding="utf-8") as file:
        return [(code, message) for code, message in json.load(file)]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root writes for others")
class TestOwners:
    """A folder of another user keeps being theirs."""

    @pytest.fixture
    def shared(self) -> Iterator[Path]:
        """A folder in which everybody may write; those of pytest are root's alone."""
        with tempfile.TemporaryDirectory() as name:
            Path(name).chmod(0o777)
            yield Path(name)

    def owners(self, folder: Path) -> dict[str, tuple[int, int]]:
        paths = [folder, *folder.rglob("*")]
        return {str(p.relative_to(folder)): (p.lstat().st_uid, p.lstat().st_gid) for p in paths}

    def test_everything_is_the_owners(self, out: Path) -> None:
        (out / "NOTES").write_text("notes")
        for path in (out, *out.rglob("*")):
            os.chown(path, 12345, 23456)
        write(NEW, out)
        assert contents(out) == {**NEW, "NOTES": "notes"}
        assert set(self.owners(out).values()) == {(12345, 23456)}

    def test_each_part_keeps_its_own(self, out: Path) -> None:
        for number, path in enumerate(sorted(out.rglob("*"))):
            os.chown(path, 20000 + number, 30000 + number)
        before = self.owners(out)
        write(NEW, out)
        after = self.owners(out)
        assert {name: after[name] for name in after.keys() & before.keys()} == {
            name: before[name] for name in after.keys() & before.keys()
        }
        assert after["modules/aws/network/vpc.tf"] == after["modules/aws/network"] == after["modules/aws"]

    def test_files_keep_their_permissions(self, out: Path) -> None:
        (out / "10-foundation/main.tf").chmod(0o600)
        write(NEW, out)
        assert stat.S_IMODE((out / "10-foundation/main.tf").stat().st_mode) == 0o600

    def test_who_cannot_give_it_back_does_not_take_it(self, shared: Path) -> None:
        out = shared / "out"
        write(OLD, out)
        os.chown(out, 12345, 12345)
        child = os.fork()
        if child == 0:
            os.setresgid(23456, 23456, 23456)
            os.setresuid(23456, 23456, 23456)
            found = stopped(lambda: write(NEW, out))
            wanted = [("GP403", f"{out} belongs to another user, and replacing it would make it yours")]
            os._exit(int(found != wanted))
        assert os.waitpid(child, 0)[1] == 0
        assert contents(out) == OLD
        assert self.owners(out)["."] == (12345, 12345)


def test_a_link_in_place_of_a_rendered_file_is_not_read(out: Path, tmp_path: Path) -> None:
    secret = tmp_path / "id_rsa"
    secret.write_text("secret")
    (out / "README.md").unlink()
    (out / "README.md").symlink_to(secret)
    assert ("GP401", f"{out / 'README.md'} was edited since it was rendered") in stopped(lambda: write(NEW, out))
    write(NEW, out, overwrite=True)
    assert secret.read_text() == "secret"
    assert contents(out) == NEW
