"""Copies of a rendered folder, and live runs in them."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.live.copied import OVERRIDE, copied, kept_in
from groundplan.live.program import live_program
from groundplan.live.terraform import Live
from groundplan.live.trace import Origin

PROGRAM = str(Path(sys.executable).with_name("groundplan-terraform"))


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "00-state/main.tf": 'module "one" {\n  source = "../modules/one"\n}\n',
        "00-state/backend.tf": 'terraform {\n  backend "http" {\n    address = "http://127.0.0.1:9/"\n  }\n}\n',
        "00-state/terraform.tfstate": "{}",
        "00-state/.terraform/modules.json": "{}",
        "10-foundation/main.tf": "",
        "modules/one/main.tf": 'resource "terraform_data" "one" {\n  lifecycle {\n    prevent_destroy = true\n  }\n}\n',
        "modules/one/README.md": "",
        "README.md": "",
    }
    for name, text in files.items():
        (tmp_path / "demo" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "demo" / name).write_text(text, encoding="utf-8")
    return tmp_path / "demo"


def names(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


def test_a_copy_has_what_terraform_reads_of_the_roots_and_is_refreshed(folder: Path, tmp_path: Path) -> None:
    to = tmp_path / "copy"
    copied(folder, to, ["00-state"], {f"modules/one/{OVERRIDE}": "# 1\n"})
    assert names(to) == [
        "00-state/backend.tf",
        "00-state/main.tf",
        f"modules/one/{OVERRIDE}",
        "modules/one/main.tf",
    ]
    for name in ("terraform.tfstate", ".terraform.lock.hcl"):
        (to / "00-state" / name).write_text("kept", encoding="utf-8")
    (folder / "00-state" / "main.tf").unlink()
    copied(folder, to, ["00-state"], {})
    kept = ["00-state/.terraform.lock.hcl", "00-state/backend.tf", "00-state/terraform.tfstate", "modules/one/main.tf"]
    assert names(to) == kept


def test_what_leads_out_of_the_folder_is_not_copied(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "secret.tf").write_text("secret", encoding="utf-8")
    (folder / "00-state" / "link.tf").symlink_to(tmp_path / "secret.tf")
    with pytest.raises(DiagnosticsError, match=r"GP411.*leads out"):
        copied(folder, tmp_path / "copy", ["00-state"], {})


def test_a_place_that_cannot_be_written_is_one_line(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "copy").write_text("a file", encoding="utf-8")
    with pytest.raises(DiagnosticsError, match="GP818: cannot copy to "):
        copied(folder, tmp_path / "copy", ["00-state"], {})


def test_a_root_runs_in_the_copy_with_a_backend_and_data_of_its_own(folder: Path, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": os.environ["PATH"], "TF_CLI_CONFIG_FILE": "/dev/null"}
    live = Live(live_program(PROGRAM, environment), folder, environment, tmp_path / "logs", lambda event: None)
    to, state, plan = tmp_path / 'a "copy" ${1}', tmp_path / 'st "${2}' / "kept.tfstate", tmp_path / "a.tfplan"
    copied(folder, to, ["00-state"], {f"00-state/{OVERRIDE}": kept_in(state)})
    there = live.elsewhere({"00-state": to})
    assert there.init("00-state").ok
    assert there.plan("00-state", plan).ok
    assert there.apply("00-state", plan, Origin(str(state), "")).ok
    assert state.exists()
    assert not there.plan("00-state", plan, destroy=True).ok
    copied(
        folder,
        to,
        ["00-state"],
        {
            f"00-state/{OVERRIDE}": kept_in(state),
            f"modules/one/{OVERRIDE}": 'resource "terraform_data" "one" {\n'
            "  lifecycle {\n    prevent_destroy = false\n  }\n}\n",
        },
    )
    assert there.plan("00-state", plan, destroy=True).ok
    assert (live.place("00-state"), there.place("00-state")) == (folder / "00-state", to / "00-state")
    assert (to / ".data" / "00-state").is_dir()
    kept = (tmp_path / ".cache" / "groundplan" / "live").rglob("*")
    assert not [file for file in kept if file.is_file()]
