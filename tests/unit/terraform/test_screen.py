"""The first wall: each thing that Terraform would act on is found at its place, and nothing else is."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.diagnostics import Severity
from groundplan.terraform.screen import screen
from tests.unit.check.environments import write

REPOSITORY = Path(__file__).parents[3]


def found(folder: Path, files: dict[str, str]) -> list[str]:
    diagnostics = screen(write(folder, files))
    assert all(d.severity is Severity.ERROR and d.place is not None for d in diagnostics)
    return [f"{d.code} {d.place}" for d in diagnostics]


RUNS = {
    "remote state": ('data "terraform_remote_state" "x" {}', "1:1"),
    "remote state, unquoted": ("data terraform_remote_state x {}", "1:1"),
    "remote state, escaped": ('data "terraform\\u005fremote_state" "x" {}', "1:1"),
    "remote state in a check": ('check "c" {\n  data "terraform_remote_state" "x" {}\n}', "2:3"),
    "provisioner": ('resource "a" "b" {\n  provisioner "local-exec" {}\n}', "2:3"),
    "provisioner of a removed block": ('removed {\n  from = a.b\n  provisioner "local-exec" {}\n}', "3:3"),
    "provisioner, comment between": ('resource "a" "b" {\n  provisioner/**/local-exec/* { */{}\n}', "2:3"),
    "connection": ('resource "a" "b" {\n  connection {}\n}', "2:3"),
    "cloud": ("terraform {\n  cloud {}\n}", "2:3"),
    "state store": ('terraform {\n  state_store "x" {}\n}', "2:3"),
    "encryption": ("terraform {\n  encryption {\n    x = 1\n  }\n}", "2:3"),
    "action": ('action "local_command" "x" {}', "1:1"),
}


@pytest.mark.parametrize("name", RUNS)
def test_what_runs_or_connects(tmp_path: Path, name: str) -> None:
    text, place = RUNS[name]
    assert found(tmp_path, {"10-a/main.tf": text}) == [f"GP909 10-a/main.tf:{place}"]
    assert found(tmp_path, {"10-a/main.tf": text.replace("\n", "\r\n")}) == [f"GP909 10-a/main.tf:{place}"]


@pytest.mark.parametrize("name", ["override.tf", "zz_override.tf", "_override.tf"])
def test_a_backend_is_refused_in_override_files_only(tmp_path: Path, name: str) -> None:
    files = {"10-a/main.tf": 'terraform {\n  backend "s3" {}\n}\n'}
    assert found(tmp_path, files) == []
    files[f"10-a/{name}"] = files.pop("10-a/main.tf")
    assert found(tmp_path, files) == [f"GP909 10-a/{name}:2:3"]


def test_the_repository_holds_nothing_of_it() -> None:
    for folder in (REPOSITORY / "modules", *(REPOSITORY / "environments").iterdir()):
        assert screen(folder) == ()
