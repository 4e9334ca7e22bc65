"""Which program live runs start."""

from __future__ import annotations

from pathlib import Path

import pytest

from groundplan.diagnostics import DiagnosticsError
from groundplan.live.program import live_program


def program(folder: Path, name: str, says: str) -> Path:
    file = folder / name
    file.write_text(f"#!/bin/sh\necho '{says}'\n", encoding="utf-8")
    file.chmod(0o755)
    return file


def test_terraform_comes_before_tofu(tmp_path: Path) -> None:
    program(tmp_path, "tofu", "OpenTofu v1.12.6")
    environment = {"PATH": str(tmp_path)}
    assert live_program(None, environment).title == "tofu 1.12.6"
    program(tmp_path, "terraform", "Terraform v1.11.4")
    assert live_program(None, environment).version == (1, 11, 4)


def test_what_it_is_stands_in_its_answer_and_not_in_its_name(tmp_path: Path) -> None:
    named = program(tmp_path, "terraform", "OpenTofu v1.11.0-rc1\non linux_amd64")
    assert live_program(str(named), {}).title == "tofu 1.11.0"


@pytest.mark.parametrize("says", ["Terraform v1.10.9", "Terraform v2.0.0", "hello", "", "Terraform v1.11"])
def test_another_version_is_refused(tmp_path: Path, says: str) -> None:
    program(tmp_path, "terraform", says)
    with pytest.raises(DiagnosticsError, match="GP811"):
        live_program(None, {"PATH": str(tmp_path)})


def test_none_is_there(tmp_path: Path) -> None:
    with pytest.raises(DiagnosticsError, match="GP801"):
        live_program(None, {"PATH": str(tmp_path)})
