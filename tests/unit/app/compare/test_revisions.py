"""Git repositories that would have Git run something, fetch something, or read what is not theirs."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from groundplan.app.compare.revisions import Repository
from groundplan.diagnostics import DiagnosticsError
from groundplan.sandbox.sandbox import SETTING

PATH = {"PATH": "/usr/local/bin:/usr/bin:/bin"}
TEXT = "apiVersion: groundplan/v1\n"


def git(folder: Path, *arguments: str) -> str:
    settings = ("user.name=A", "user.email=a@example.com", "commit.gpgsign=false", "protocol.file.allow=always")
    options = [word for setting in settings for word in ("-c", setting)]
    command = ["git", "-C", str(folder), *options, *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


def commit(folder: Path) -> None:
    git(folder, "add", "--all", "--force")
    git(folder, "commit", "--quiet", "--message", "x")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    (folder / "env").mkdir(parents=True)
    (folder / "env/groundplan.yaml").write_text(TEXT)
    git(folder, "init", "--quiet", "--initial-branch=main")
    commit(folder)
    return folder


@pytest.fixture(params=[{}, {SETTING: "off"}], ids=["walls", "none"])
def environment(request: pytest.FixtureRequest) -> Iterator[Mapping[str, str]]:
    """As it is called; what the repository says must do nothing without the second wall either."""
    yield PATH | request.param


def texts(spec: Path, environment: Mapping[str, str], revision: str = "HEAD") -> list[str]:
    return list(Repository.around(spec, environment).load(spec, revision).sources.values())


def errors(spec: Path, environment: Mapping[str, str], revision: str = "HEAD") -> str:
    with pytest.raises(DiagnosticsError) as caught:
        texts(spec, environment, revision)
    return "\n".join(f"{d.code} {d.message} {d.hint}" for d in caught.value.diagnostics)


def test_a_bare_repository_in_the_pull_request_is_a_folder(
    top: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    bare = top / "bare"
    subprocess.run(["git", "clone", "--quiet", "--bare", str(top), str(bare)], check=True)
    spec = bare / "groundplan.yaml"
    spec.write_text(TEXT + "# of the pull request\n")
    sentinel = tmp_path / "sentinel"
    git(bare, "config", "core.fsmonitor", f"touch {sentinel}")
    git(bare, "config", "alias.ls-tree", f"!touch {sentinel}")
    commit(top)
    assert texts(spec, environment) == [spec.read_text()]
    assert not sentinel.exists()
    alone = tmp_path / "alone"
    shutil.copytree(bare, alone)
    assert "no Git repository around it" in errors(alone / "groundplan.yaml", environment)


def test_what_a_partial_clone_lacks_is_not_fetched(top: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    sentinel = tmp_path / "sentinel"
    blob = git(top, "rev-parse", "HEAD:env/groundplan.yaml")
    (top / ".git/objects" / blob[:2] / blob[2:]).unlink()
    git(top, "config", "extensions.partialClone", "origin")
    git(top, "config", "remote.origin.promisor", "true")
    git(top, "config", "remote.origin.url", f"ext::sh -c touch% {sentinel}")
    git(top, "config", "protocol.ext.allow", "always")
    assert "GP101 cannot read the spec: the repository does not have this object" in errors(
        top / "env/groundplan.yaml", environment
    )
    assert not sentinel.exists()


def test_programs_that_the_settings_name_are_not_run(top: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    sentinel = tmp_path / "sentinel"
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {sentinel}\n")
    program.chmod(0o755)
    for name in ("core.fsmonitor", "core.pager", "pager.ls-tree", "core.sshCommand", "core.askPass", "diff.external"):
        git(top, "config", name, str(program))
    git(top, "config", "core.alternateRefsCommand", str(program))
    git(top, "config", "core.hooksPath", str(tmp_path))
    assert texts(top / "env/groundplan.yaml", environment) == [TEXT]
    assert not sentinel.exists()


def test_a_worktree_a_submodule_and_borrowed_objects(top: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    git(top, "worktree", "add", "--quiet", str(tmp_path / "tree"), "HEAD")
    assert texts(tmp_path / "tree/env/groundplan.yaml", environment) == [TEXT]
    outer = tmp_path / "outer"
    outer.mkdir()
    git(outer, "init", "--quiet")
    git(outer, "submodule", "--quiet", "add", str(top), "inner")
    assert texts(outer / "inner/env/groundplan.yaml", environment) == [TEXT]
    subprocess.run(["git", "clone", "--quiet", "--shared", str(top), str(tmp_path / "borrower")], check=True)
    assert texts(tmp_path / "borrower/env/groundplan.yaml", environment) == [TEXT]


def test_a_git_file_that_leads_nowhere(tmp_path: Path, environment: Mapping[str, str]) -> None:
    for text, said in (("gitdir: /nowhere\n", "which is not there"), ("x\n", "is not a Git repository")):
        (tmp_path / ".git").write_text(text)
        assert said in errors(tmp_path / "groundplan.yaml", environment)


def test_a_variable_of_the_caller_leads_to_no_other_repository(
    top: Path, tmp_path: Path, environment: Mapping[str, str]
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    git(other, "init", "--quiet")
    hostile = {"GIT_DIR": str(other / ".git"), "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "alias.ls-tree"}
    assert texts(top / "env/groundplan.yaml", {**environment, **hostile, "GIT_CONFIG_VALUE_0": "!false"}) == [TEXT]


@pytest.mark.parametrize("revision", ["main\0", "--upload-pack=x", ":/x", "main^{/(a+)+$}", "@{upstream}"])
def test_odd_revisions_are_told(top: Path, environment: Mapping[str, str], revision: str) -> None:
    try:
        assert texts(top / "env/groundplan.yaml", environment, revision) == [TEXT]
    except DiagnosticsError as error:
        assert [d.code for d in error.diagnostics] == ["GP101"]
