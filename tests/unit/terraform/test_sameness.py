"""Roots that need no plan, because nothing they are made of differs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from groundplan.terraform.sameness import same_roots

Files = Mapping[str, str]
CALLS = {"10-a/main.tf": 'module "m" {\n  source = "../modules/m"\n}\n', "modules/m/main.tf": "", "NOTES.md": "old"}


def folder(top: Path, files: Files) -> Path:
    for name, text in files.items():
        path = top / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return top


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"NOTES.md": "new"}, True),
        ({"modules/other/main.tf": "# new"}, True),
        ({"modules/m/main.tf": "# new"}, False),
        ({"modules/m/template.txt": "new"}, False),
        ({"10-a/values.auto.tfvars": "a = 1"}, False),
    ],
)
def test_a_root_is_the_same_if_all_its_files_are(tmp_path: Path, changed: Files, same: bool) -> None:
    old, new = folder(tmp_path / "old", CALLS), folder(tmp_path / "new", {**CALLS, **changed})
    assert same_roots(old, new, ["10-a"]) == ({"10-a"} if same else frozenset())


def test_a_root_that_reads_beside_its_modules_is_the_same_in_the_same_folder_alone(tmp_path: Path) -> None:
    reads = {**CALLS, "10-a/read.tf": 'locals {\n  notes = file("${path.root}/../NOTES.md")\n}\n'}
    old = folder(tmp_path / "old", reads)
    assert same_roots(old, folder(tmp_path / "copy", reads), ["10-a"]) == {"10-a"}
    assert not same_roots(old, folder(tmp_path / "new", {**reads, "NOTES.md": "new"}), ["10-a"])
