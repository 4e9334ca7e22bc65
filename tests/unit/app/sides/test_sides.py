"""The two environments of a change: which folder each is, and what is said about it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from groundplan.app.pipeline import resolve_spec
from groundplan.app.sides.model import SideFolder
from groundplan.app.sides.upgraded import upgrade_of
from groundplan.app.sides.use_case import sides
from groundplan.diagnostics import Diagnostic, DiagnosticsError, Place
from groundplan.environment import migrations
from groundplan.environment.files import LOCK_FILE
from groundplan.spec.migrations import Step
from tests.unit.app.compare.test_revisions import PATH, commit, git

SPEC = """\
apiVersion: groundplan/v1
name: small
owner: ml
cloud: {provider: aws, region: us-east-1, account: "111122223333"}
storage: {buckets: {data: {}}}
training: {pools: {jobs: {vcpus: 4, nodes: {min: 0, max: 2}}}}
"""
WIDER = SPEC.replace("max: 2", "max: 3")
WITH_BUCKET = SPEC.replace("{data: {}}", "{data: {}, more: {}}")


def write(spec: Path, text: str, folder: Path | None = None) -> Path:
    """A spec and its environment, rendered beside it or elsewhere; gives the folder."""
    spec.parent.mkdir(parents=True, exist_ok=True)
    spec.write_text(text)
    folder = folder or spec.parent
    for name, content in resolve_spec(spec, folder).render(folder).items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(content, newline="")
    return folder


@pytest.fixture(scope="module")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("rendered") / "env/groundplan.yaml", SPEC)


@pytest.fixture
def env(rendered: Path, tmp_path: Path) -> Path:
    """`teams/ml/env` of a repository, rendered."""
    folder = tmp_path / "repository/teams/ml/env"
    shutil.copytree(rendered, folder)
    return folder


@pytest.fixture
def committed(env: Path) -> Path:
    top = env.parents[2]
    git(top, "init", "--quiet", "--initial-branch=main")
    commit(top)
    return env


@contextmanager
def both(
    target: Path, *ends: str | None, output: Path | None = None, **flags: bool
) -> Iterator[tuple[SideFolder, SideFolder]]:
    with sides(target, *ends, output=output, environment=PATH, **flags) as (old, new):
        yield old, new


def files(folder: Path) -> dict[str, str]:
    found = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_text() for path in found}


def codes(side: SideFolder) -> list[str]:
    return [notice.code for notice in side.notices]


def errors(target: Path, *ends: str | None) -> str:
    with pytest.raises(DiagnosticsError) as caught, both(target, *ends):
        pass
    return "\n".join(f"{d.code} {d.message} {d.hint or ''}" for d in caught.value.diagnostics)


def main(side: SideFolder) -> str:
    return (side.folder / "10-foundation/main.tf").read_text()


class TestFolderAndSpec:
    """Without revisions: what stands against what is rendered now."""

    @pytest.mark.parametrize("name", ["", "groundplan.yaml"])
    def test_nothing_changed(self, env: Path, name: str) -> None:
        with both(env / name) as (old, new):
            assert files(old.folder) == files(new.folder) == files(env)
            assert (old.label, new.label) == (str(env), str(env / "groundplan.yaml"))
            assert old.resolved and new.resolved and old.resolved.stack == new.resolved.stack
            assert not old.notices and not new.notices

    def test_a_spec_that_moved_on(self, env: Path) -> None:
        (env / "groundplan.yaml").write_text(WIDER)
        with both(env) as (old, new):
            assert main(old) != main(new)
            assert old.document is None and codes(old) == ["GP727"]
            assert new.document and new.document.values["training"]["pools"]["jobs"]["nodes"]["max"] == 3

    @pytest.mark.slow
    def test_the_spec_of_before_is_the_one_that_was_committed(self, committed: Path) -> None:
        for text in (WIDER, WITH_BUCKET):
            (committed / "groundplan.yaml").write_text(text)
            commit(committed)
        for before in (None, "main"):
            with both(committed, before) as (old, _):
                assert old.document and old.document.values["training"]["pools"]["jobs"]["nodes"]["max"] == 2
                assert old.resolved is not None and not old.notices

    def test_an_edit_by_hand_is_part_of_before(self, env: Path) -> None:
        file = env / "10-foundation/main.tf"
        file.write_text(file.read_text() + '\nresource "null_resource" "own" {}\n')
        with both(env) as (old, new):
            assert "null_resource" in main(old) and "null_resource" not in main(new)
            assert codes(new) == ["GP726"] and "main.tf was edited" in new.notices[0].message

    def test_files_of_the_users_own_stay(self, env: Path) -> None:
        (env / "10-foundation/own.tf").write_text('resource "null_resource" "own" {}\n')
        (env / "10-foundation/own-link.tf").symlink_to("own.tf")
        with both(env) as (old, new):
            assert files(old.folder) == files(new.folder)
            assert "10-foundation/own-link.tf" in files(new.folder)

    def test_a_first_render_creates_everything(self, tmp_path: Path) -> None:
        spec = tmp_path / "groundplan.yaml"
        spec.write_text(SPEC)
        (tmp_path / "notes.tf").write_text("")
        for target in (spec, tmp_path):
            with both(target) as (old, new):
                assert new.lock and new.release
        with both(spec) as (old, new):
            assert old.is_empty and codes(old) == ["GP725"]

    @pytest.mark.slow
    def test_a_spec_that_lies_elsewhere(self, tmp_path: Path) -> None:
        spec = tmp_path / "specs/small.yaml"
        folder = write(spec, SPEC, tmp_path / "out")
        (tmp_path / "specs/unrelated.tf").write_text("")
        with both(spec, output=folder) as (old, new):
            assert files(old.folder) == files(new.folder)
        spec.write_text(WIDER)
        with both(spec, output=folder) as (old, new):
            assert main(old) != main(new)
            assert old.document is not None  # the copy in the folder

    def test_another_environment_is_refused_unless_it_is_to_be_forgotten(self, env: Path) -> None:
        (env / "groundplan.yaml").write_text(SPEC.replace("name: small", "name: other"))
        assert "GP308" in errors(env)
        with both(env, forget=True) as (_, new):
            assert new.lock and new.lock.cloud.environment == "other"

    def test_findings_name_files_as_the_user_has_them(self, env: Path) -> None:
        with both(env) as (old, new):
            for side in (old, new):
                found = Diagnostic("GP501", "x", place=Place(str(side.folder / "10-foundation/main.tf"), 3))
                assert side.located(found).place == Place(str(env / "10-foundation/main.tf"), 3)
                assert side.located(replace(found, place=None)).place is None

    def test_what_is_not_there(self, tmp_path: Path) -> None:
        assert "GP101" in errors(tmp_path / "nowhere")
        assert "GP101" in errors(tmp_path / "nowhere.yaml")
        (tmp_path / "main.tf").write_text("")
        assert "cannot read the spec" in errors(tmp_path)


class TestRevisions:
    """A folder at a revision, as far as it was there."""

    def test_the_folder_as_it_was(self, committed: Path) -> None:
        was = files(committed)
        write(committed / "groundplan.yaml", WITH_BUCKET)
        with both(committed, "main") as (old, new):
            assert files(old.folder) == was
            assert files(new.folder) == files(committed)
            assert (old.label, new.label) == ("main", str(committed))
            assert old.document and old.document.file.startswith("main:teams/ml/env")
            assert old.resolved and new.resolved and not old.notices and not new.notices

    @pytest.mark.slow
    def test_a_folder_that_was_rendered_stands_with_what_was_edited(self, committed: Path) -> None:
        file = committed / "10-foundation/main.tf"
        file.write_text(file.read_text() + "# by hand\n")
        with both(committed / "groundplan.yaml", "main") as (_, new):
            assert "# by hand" in main(new)
        (committed / "groundplan.yaml").write_text(WIDER)
        with both(committed / "groundplan.yaml", "main") as (_, new):
            assert "# by hand" not in main(new) and codes(new) == ["GP726"]

    @pytest.mark.slow
    def test_between_two_revisions(self, committed: Path) -> None:
        git(committed, "branch", "old")
        write(committed / "groundplan.yaml", WITH_BUCKET)
        commit(committed)
        shutil.rmtree(committed)
        committed.mkdir()
        with both(committed, "old", "main") as (old, new):
            assert '"more"' not in main(old) and "more" in main(new)
            assert old.lock and new.lock

    def test_a_revision_without_the_environment(self, env: Path) -> None:
        top = env.parents[2]
        (top / "README.md").write_text("x")
        git(top, "init", "--quiet", "--initial-branch=main")
        git(top, "add", "README.md")
        git(top, "commit", "--quiet", "--message", "x")
        with both(env, "main") as (old, new):
            assert old.is_empty and codes(old) == ["GP725"]
            assert new.lock

    def test_a_revision_with_the_spec_alone(self, env: Path) -> None:
        top = env.parents[2]
        git(top, "init", "--quiet", "--initial-branch=main")
        git(top, "add", "teams/ml/env/groundplan.yaml")
        git(top, "commit", "--quiet", "--message", "x")
        (env / "groundplan.yaml").write_text(WITH_BUCKET)
        with both(env, "main") as (old, new):
            assert old.lock and old.resolved and old.document and old.document.file.startswith("main:")
            assert "more" in main(new) and "more" not in main(old)

    @pytest.mark.slow
    def test_a_folder_that_was_renamed_and_one_that_is_a_link(self, committed: Path) -> None:
        moved = committed.with_name("moved")
        committed.rename(moved)
        with both(moved, "main") as (old, _):
            assert old.is_empty and "REVISION:PATH" in (old.notices[0].hint or "")
        with both(moved, "main:teams/ml/env") as (old, new):
            assert files(old.folder) == files(new.folder)
        committed.symlink_to("moved")
        commit(committed.parents[2])
        with both(committed, "HEAD") as (old, new):
            assert files(old.folder) == files(new.folder)
        for word in ("main:../../env", "main:/etc"):
            assert "leads out of the repository" in errors(moved, word)

    def test_an_environment_that_is_given_up(self, committed: Path) -> None:
        shutil.rmtree(committed)
        with both(committed, "main") as (old, new):
            assert old.lock and new.is_empty and codes(new) == ["GP725"]

    @pytest.mark.slow
    def test_bases_are_those_of_the_revision(self, env: Path) -> None:
        base = env.parent / "base.yaml"
        base.write_text(SPEC)
        write(env / "groundplan.yaml", "extends: ../base.yaml\nlabels: {team: a}\n")
        git(env.parents[2], "init", "--quiet", "--initial-branch=main")
        commit(env.parents[2])
        base.write_text(WITH_BUCKET)
        with both(env, "HEAD") as (old, new):
            assert old.document and list(old.document.values["storage"]["buckets"]) == ["data"]
            assert "more" in main(new) and "more" not in main(old)

    @pytest.mark.slow
    def test_a_base_alone_at_the_revision(self, env: Path) -> None:
        (env.parent / "base.yaml").write_text(SPEC)
        (env / "groundplan.yaml").write_text("extends: ../base.yaml\n")
        git(env.parents[2], "init", "--quiet", "--initial-branch=main")
        git(env.parents[2], "add", "teams/ml/base.yaml", "teams/ml/env/groundplan.yaml")
        git(env.parents[2], "commit", "--quiet", "--message", "x")
        with both(env, "HEAD") as (old, _):
            assert old.lock and old.document and len(old.document.sources) == 2

    @pytest.mark.slow
    def test_the_top_of_the_repository(self, rendered: Path, tmp_path: Path) -> None:
        top = tmp_path / "top"
        shutil.copytree(rendered, top)
        git(top, "init", "--quiet", "--initial-branch=main")
        commit(top)
        with both(top, "HEAD") as (old, new):
            assert files(old.folder) == files(new.folder)

    def test_a_shallow_clone_says_how_to_get_more(self, committed: Path, tmp_path: Path) -> None:
        git(committed, "commit", "--quiet", "--allow-empty", "--message", "y")
        url = f"file://{committed.parents[2]}"
        git(tmp_path, "clone", "--quiet", "--depth=1", "--branch=main", url, "shallow")
        assert "`git fetch --unshallow` brings its history" in errors(tmp_path / "shallow/teams/ml/env", "production")

    @pytest.mark.slow
    def test_a_word_that_is_both(self, committed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.chdir(committed.parent)
        git(committed, "branch", "env")
        assert "GP204 `env` is a folder here and a revision `./env` is the folder" in errors(committed, "env")
        for word in ("./env", "refs/heads/env"):
            with both(committed, word) as (old, _):
                assert old.lock

    def test_words_that_are_neither(self, committed: Path) -> None:
        assert "no revision `nowhere` here" in errors(committed, "nowhere")
        assert "GP101 ./nowhere is not a folder" in errors(committed, "./nowhere")
        assert "is in no Git repository" in errors(Path("/proc/self/fd"), "HEAD")

    @pytest.mark.slow
    def test_another_folder_and_a_spec(self, env: Path, tmp_path: Path) -> None:
        other = write(tmp_path / "other/groundplan.yaml", WITH_BUCKET)
        with both(env, str(other)) as (old, new):
            assert "more" in main(old) and "more" not in main(new)
        with both(env, str(other / "groundplan.yaml"), str(other)) as (old, new):
            assert main(old) == main(new)


@pytest.mark.slow
def test_upgrade_renders_although_the_folder_is_fresh(committed: Path) -> None:
    lock = (committed / LOCK_FILE).read_text().replace('"groundplan": "0.1.0"', '"groundplan": "0.0.9"')
    (committed / LOCK_FILE).write_text(lock)
    (committed / "modules/aws/keys/main.tf").write_text("# of the old release\n")
    commit(committed)
    for before, module in ((None, False), ("HEAD", True)):
        with both(committed, before) as (old, new):
            assert old.release == "0.0.9" and (old.folder / "modules/aws/keys/main.tf").exists()
            assert (new.release == "0.0.9") is module
    with both(committed, "HEAD", upgrade=True) as (old, new):
        assert old.release == "0.0.9" and new.release != "0.0.9"
        found = upgrade_of(old, new)
        assert found and (found.before, found.after) == ("0.0.9", new.release) and found.changelog
    with both(committed, "HEAD") as (old, new):
        assert upgrade_of(old, new) is None
        asked = upgrade_of(old, new, asked=True)
        assert asked and not asked.differences


@pytest.mark.parametrize(
    ("release", "said"), [("0.99.0", ["GP729"]), ("0.0.1", []), ("9" * 5_000, []), ("x", [])], ids=range(4)
)
def test_an_environment_of_a_later_release_goes_back(env: Path, release: str, said: list[str]) -> None:
    lock = env / LOCK_FILE
    lock.write_text(lock.read_text().replace('"groundplan": "0.1.0"', f'"groundplan": "{release}"'))
    with both(env) as (_, new):
        assert codes(new) == said


def test_a_lock_of_an_earlier_format_is_said_on_both_sides(env: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(migrations, "STEPS", {"0": Step("1", dict, "nothing but the number")})
    lock = env / LOCK_FILE
    lock.write_text(lock.read_text().replace('"format_version": "1"', '"format_version": "0"'))
    with both(env) as (old, new):
        assert old.lock and old.lock.migrations and new.lock and not new.lock.migrations
        assert codes(old) == codes(new) == ["GP728"]
        assert "is of an earlier format: nothing but the number" in old.notices[0].message


def test_a_revision_without_a_repository_names_the_folder(env: Path) -> None:
    found = errors(env, "main")
    assert f"{env} is in no Git repository" in found
    assert LOCK_FILE not in found
