"""Roots that need no plan, because nothing they are made of differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from groundplan.terraform.sameness import same_roots

Files = Mapping[str, str]
CALLS = {"10-a/main.tf": 'module "m" {\n  source = "../modules/m"\n}\n', "modules/m/main.tf": "", "notes": "old"}


def folder(top: Path, files: Files) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return top


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"notes": "new"}, True),
        ({"modules/other/main.tf": "# new"}, True),
        ({"modules/m/main.tf": "# new"}, False),
        ({"modules/m/template.txt": "new"}, False),
        ({"10-a/values.auto.tfvars": "a = 1"}, False),
    ],
)
def test_a_root_is_the_same_if_all_its_files_are(tmp_path: Path, changed: Files, same: bool) -> None:
    old, new = folder(tmp_path / "old", CALLS), folder(tmp_path / "new", {**CALLS, **changed})
    assert same_roots(old, new, ["10-a"]) == ({"10-a"} if same else frozenset())


def test_prose_is_not_read_unless_it_is_named(tmp_path: Path) -> None:
    prose = {**CALLS, "modules/m/README.md": "[above](../README.md)"}
    old, new = folder(tmp_path / "old", prose), folder(tmp_path / "new", {**prose, "notes": "new"})
    assert same_roots(old, new, ["10-a"]) == {"10-a"}
    for top in (old, new):
        (top / "10-a" / "read.tf").write_text('locals {\n  text = templatefile("../modules/m/README.md", {})\n}\n')
    assert not same_roots(old, new, ["10-a"])


def test_a_root_that_reads_beside_its_modules_is_the_same_in_the_same_folder_alone(tmp_path: Path) -> None:
    reads = {**CALLS, "10-a/read.tf": 'locals {\n  notes = file("${path.root}/../notes")\n}\n'}
    old = folder(tmp_path / "old", reads)
    assert same_roots(old, folder(tmp_path / "copy", reads), ["10-a"]) == {"10-a"}
    assert not same_roots(old, folder(tmp_path / "new", {**reads, "notes": "new"}), ["10-a"])


@pytest.mark.parametrize(
    "path",
    [
        "${dirname(path.module)}/notes",
        "${dirname (abspath(path.root))}/notes",
        '${abspath(format("%s%s", ".", "./notes"))}',
        "${path.cwd}/notes",
        '${pathexpand("~/notes")}',
        '${join("/", [path.root, "..", "notes"])}',
        r"\u002e\u002e/notes",
    ],
)
def test_a_path_may_lead_beside_its_module_in_other_words(tmp_path: Path, path: str) -> None:
    reads = {**CALLS, "10-a/read.tf": f'locals {{\n  notes = file("{path}")\n}}\n'}
    old = folder(tmp_path / "old", reads)
    assert same_roots(old, folder(tmp_path / "copy", reads), ["10-a"]) == {"10-a"}
    assert not same_roots(old, folder(tmp_path / "new", {**reads, "notes": "new"}), ["10-a"])


def test_a_spread_leads_nowhere(tmp_path: Path) -> None:
    reads = {**CALLS, "10-a/read.tf": "locals {\n  all = merge([{ (path.module) = 1 }]...)\n}\n"}
    old, new = folder(tmp_path / "old", reads), folder(tmp_path / "new", {**reads, "notes": "new"})
    assert same_roots(old, new, ["10-a"]) == {"10-a"}


def test_a_link_that_leads_elsewhere_is_another(tmp_path: Path) -> None:
    sides = [folder(tmp_path / name, {**CALLS, "10-a/one": "1", "10-a/two": "2"}) for name in ("old", "new")]
    for top, leads_to in zip(sides, ("one", "two"), strict=True):
        (top / "10-a" / "read").symlink_to(leads_to)
    assert not same_roots(*sides, ["10-a"])


def test_a_link_may_lead_to_what_differs(tmp_path: Path) -> None:
    old, new = folder(tmp_path / "old", CALLS), folder(tmp_path / "new", {**CALLS, "notes": "new"})
    for top in (old, new):
        (top / "10-a" / "notes").symlink_to("../notes")
    assert not same_roots(old, new, ["10-a"])


@pytest.mark.parametrize(
    "line",
    [
        'source = file("../notes")',
        'source = "x${file("../notes")}"',
        'source = "../modules/m", x = file("../notes")',
    ],
)
def test_a_source_that_is_more_than_the_path_of_a_module_reads_what_is_beside(tmp_path: Path, line: str) -> None:
    for name, notes in (("old", "old"), ("new", "new")):
        root = tmp_path / name / "10-a"
        root.mkdir(parents=True)
        (root / "main.tf").write_text(f'resource "aws_s3_object" "x" {{\n  {line}\n}}\n')
        (tmp_path / name / "notes").write_text(notes)
    assert same_roots(tmp_path / "old", tmp_path / "new", ["10-a"]) == frozenset()
