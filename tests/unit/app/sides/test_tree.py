"""Folders of a revision as an attacker would commit them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from groundplan.app.compare.revisions import Repository
from groundplan.app.sides import tree
from groundplan.app.sides.tree import take_tree
from groundplan.diagnostics import DiagnosticsError
from groundplan.sandbox.sandbox import SETTING
from tests.unit.app.compare.test_revisions import PATH, commit, git


@pytest.fixture
def top(tmp_path: Path) -> Path:
    folder = tmp_path / "repository"
    folder.mkdir()
    git(folder, "init", "--quiet", "--initial-branch=main")
    return folder


@pytest.fixture(params=[{}, {SETTING: "off"}], ids=["walls", "none"])
def environment(request: pytest.FixtureRequest) -> Iterator[Mapping[str, str]]:
    yield PATH | request.param


def put(top: Path, name: str, text: str = "x") -> None:
    (top / name).parent.mkdir(parents=True, exist_ok=True)
    (top / name).write_text(text)


def made(top: Path, *entries: tuple[str, str, str]) -> str:
    """A tree of such modes, objects and names, whatever Git thinks of them."""
    data = b"".join(f"{mode} {name}\0".encode() + bytes.fromhex(found) for mode, found, name in entries)
    words = ["git", "-C", str(top), "hash-object", "-t", "tree", "-w", "--stdin", "--literally"]
    return subprocess.run(words, input=data, capture_output=True, check=True).stdout.decode().strip()


def blob(top: Path, text: str = "x") -> str:
    words = ["git", "-C", str(top), "hash-object", "-w", "--stdin"]
    return subprocess.run(words, input=text, capture_output=True, check=True, text=True).stdout.strip()


def committed(top: Path, found: str) -> None:
    git(top, "update-ref", "HEAD", git(top, "commit-tree", "-m", "x", found))


def taken(top: Path, environment: Mapping[str, str] = PATH, folder: str = "env") -> tuple[dict[str, str], list[str]]:
    """What is in the copy, and what is said of the rest."""
    copy = top.parent / "copy"
    repository = Repository.around(top / folder / "x", environment)
    found = take_tree(repository, "HEAD", top / folder, copy)
    files = {p.relative_to(copy).as_posix(): p.read_text() for p in copy.rglob("*") if p.is_file()}
    return files, [f"{d.code} {d.message}" for d in found or ()]


def refused(top: Path) -> str:
    with pytest.raises(DiagnosticsError) as caught:
        taken(top)
    return "\n".join(f"{d.code} {d.message} {d.hint}" for d in caught.value.diagnostics)


def test_files_of_the_folder_alone(top: Path, environment: Mapping[str, str]) -> None:
    names = (
        "env/a.tf",
        "env/b/ü c.tf",
        "env/empty.tf",
        "env/.hidden.tf",
        "env/.terraform/x",
        "other/a.tf",
        "env2/a.tf",
    )
    for name in names:
        put(top, name, "" if "empty" in name else name)
    commit(top)
    wanted = ("a.tf", "b/ü c.tf", ".hidden.tf")
    assert taken(top, environment) == ({"empty.tf": "", **{name: f"env/{name}" for name in wanted}}, [])


def test_neither_hooks_nor_filters_run(top: Path, tmp_path: Path, environment: Mapping[str, str]) -> None:
    sentinel = tmp_path / "sentinel"
    put(top, "env/a.tf", "a $Id$\r\n")
    commit(top)
    program = tmp_path / "program"
    program.write_text(f"#!/bin/sh\ntouch {sentinel}\n")
    program.chmod(0o755)
    put(top, ".gitattributes", "*.tf filter=f diff=f ident text eol=lf\n")
    put(top, "env/.gitattributes", "*.tf filter=f diff=f\n")
    git(top, "add", ".gitattributes", "env/.gitattributes")
    git(top, "commit", "--quiet", "--message", "x")
    for name in ("filter.f.smudge", "filter.f.process", "filter.f.clean", "diff.f.textconv", "core.fsmonitor"):
        git(top, "config", name, str(program))
    files, problems = taken(top, environment)
    assert files["a.tf"] in ("a $Id$\r\n", "a $Id$\n") and not problems
    assert not sentinel.exists()


def test_links_and_other_repositories_are_refused(top: Path) -> None:
    put(top, "env/a.tf")
    (top / "env/link.tf").symlink_to("/etc/passwd")
    commit(top)
    inner = git(top, "rev-parse", "HEAD")
    git(top, "update-index", "--add", "--cacheinfo", f"160000,{inner},env/inner")
    git(top, "commit", "--quiet", "--message", "x")
    files, problems = taken(top)
    assert list(files) == ["a.tf"]
    assert problems == [
        "GP101 inner is another repository, which is not read",
        "GP101 link.tf is a link, which leads nowhere in a revision",
    ]


@pytest.mark.parametrize("name", ["..", ".", "", "a/../../b", "x\nGP000", "n" * 300, "\x1b[2J"])
def test_names_that_lead_out(top: Path, name: str) -> None:
    inner = made(top, ("100644", blob(top), name or "a"))
    env = made(top, ("40000", inner, "..")) if not name else inner
    committed(top, made(top, ("40000", env, "env")))
    files, problems = taken(top)
    assert not files and len(problems) == 1 and problems[0].isprintable() and len(problems[0]) < 300
    assert not list(top.parent.glob("[ab]"))


def test_a_name_given_twice(top: Path) -> None:
    inner = made(top, ("100644", blob(top), "b"))
    env = made(top, ("100644", blob(top), "a"), ("100644", blob(top, "y"), "a"), ("40000", inner, "a"))
    committed(top, made(top, ("40000", env, "env")))
    files, problems = taken(top)
    assert files == {"a": "x"}
    assert problems == ["GP101 a is there twice", "GP101 a/b is there twice"]


def test_a_tree_that_multiplies_itself(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tree, "LISTING_BYTES", 100_000)
    found = made(top, ("100644", blob(top), "a"))
    for _ in range(30):
        found = made(top, ("40000", found, "a"), ("40000", found, "b"), ("40000", found, "c"))
    committed(top, made(top, ("40000", found, "env")))
    assert "GP101 git ls-tree wrote too much and was stopped" in refused(top)


def test_too_many_files_and_too_much_of_them(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for index in range(6):
        put(top, f"env/{index}.tf", "x" * 100)
        put(top, f"env/{index}.txt", "x" * 100)
    commit(top)
    monkeypatch.setattr(tree, "MAX_SOURCE_BYTES", 99)
    files, problems = taken(top)
    assert len(files) == len(problems) == 6 and problems[0] == "GP105 0.tf is larger than 99 bytes"
    for name, most in (("MAX_SOURCES_BYTES", 500), ("MAX_OTHERS_BYTES", 500), ("MAX_ENTRIES", 11)):
        monkeypatch.undo()
        monkeypatch.setattr(tree, name, most)
        assert "GP105 too large to read" in refused(top)


def test_an_object_that_is_missing(top: Path) -> None:
    put(top, "env/a.tf", "of a partial clone")
    commit(top)
    found = git(top, "rev-parse", "HEAD:env/a.tf")
    (top / ".git/objects" / found[:2] / found[2:]).unlink()
    assert "does not have this object a partial clone lacks objects" in refused(top)


def test_a_file_of_git_lfs_is_no_terraform(top: Path) -> None:
    pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"
    put(top, "env/a.tf", pointer)
    put(top, "env/data.bin", pointer)
    commit(top)
    files, problems = taken(top)
    assert list(files) == ["data.bin"] and problems == [
        "GP101 a.tf is kept by Git LFS: its content is not in the revision"
    ]


@pytest.mark.parametrize("kind", ["file", "link", "nothing"])
def test_what_is_no_folder_there(top: Path, kind: str) -> None:
    put(top, "other")
    if kind == "file":
        put(top, "env")
    elif kind == "link":
        (top / "env").symlink_to("other")
    commit(top)
    if kind == "nothing":
        assert take_tree(Repository.around(top / "x", PATH), "HEAD", top / "env", top.parent / "copy") is None
        return
    (top / "env").unlink()
    assert "GP101 HEAD:env is not a folder in this revision" in refused(top)
