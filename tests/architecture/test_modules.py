"""What every Terraform module has, and what none may hold. Nothing here runs Terraform; `tests/modules/` does."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from tools.module_docs import MODULES, Block, blocks, folder_blocks, module_folders, with_tables

FOLDERS = module_folders()
EACH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(MODULES).as_posix())

MOST_VARIABLES = 13
MORE_VARIABLES = {
    "gcp/cluster": (16, "GKE wants region, zones, location and channel said, where EKS takes them from elsewhere"),
    "gcp/database": (14, "as on AWS, and labels that the provider's default_labels do not reach"),
    "kubernetes/monitoring": (14, "what clouds do in their own ways is one input more"),
}
"""Modules with more inputs than that: exactly how many, and why."""
EXPECTED = re.compile(r"expect_failures\s*=\s*\[(.*?)\]", re.DOTALL)
SKIP = re.compile(r"checkov:skip=([\w]+)(?::(.*))?$", re.MULTILINE)


def runs_of(folder: Path) -> list[Block]:
    """The runs of all test files of a module."""
    files = sorted((folder / "tests").glob("*.tftest.hcl"))
    return [block for path in files for block in blocks(path.read_text(encoding="utf-8")) if block.type == "run"]


def variables(folder: Path) -> list[Block]:
    return [block for block in folder_blocks(folder) if block.type == "variable"]


def test_modules_are_found() -> None:
    assert len(FOLDERS) >= 10


@EACH
def test_has_the_files_of_a_module(folder: Path) -> None:
    missing = [name for name in ("README.md", "variables.tf", "outputs.tf") if not (folder / name).is_file()]
    assert not missing
    stray = {b.type for path in folder.glob("*.tf") for b in blocks(path.read_text(encoding="utf-8"))}
    assert stray <= {
        "resource",
        "data",
        "ephemeral",
        "locals",
        "module",
        "moved",
        "output",
        "terraform",
        "variable",
        "check",
    }
    declared_elsewhere = [
        path.name
        for path in folder.glob("*.tf")
        for block in blocks(path.read_text(encoding="utf-8"))
        if (block.type, path.name) in {("variable", path.name), ("output", path.name)}
        and path.name != f"{block.type}s.tf"
    ]
    assert not declared_elsewhere


@EACH
def test_is_configured_by_its_caller_alone(folder: Path) -> None:
    """No provider, no backend, no program on the machine, no names made up by chance."""
    text = "\n".join(path.read_text(encoding="utf-8") for path in folder.glob("*.tf"))
    forbidden = (
        r'^\s*(?:provider|backend|cloud) "|\bprovisioner "|"local_file"|"null_resource"|"random_(?:id|pet|string)"'
    )
    assert not re.findall(forbidden, text, re.MULTILINE)
    assert "required_version" in text
    pinned = re.findall(
        r'^\s+version\s*=\s*"([^"]+)"', (folder / "versions.tf").read_text(encoding="utf-8"), re.MULTILINE
    )
    assert pinned
    assert all(re.fullmatch(r"(~>|>=) [\d.]+(, < [\d.]+)?", version) for version in pinned), (
        "ranges in modules, pins in roots"
    )


@EACH
def test_inputs_are_few_typed_and_described(folder: Path) -> None:
    inputs = variables(folder)
    most, _ = MORE_VARIABLES.get(folder.relative_to(MODULES).as_posix(), (MOST_VARIABLES, ""))
    assert len(inputs) <= most, "more inputs mean two modules"
    for block in inputs:
        arguments = block.arguments
        name = block.labels[0]
        assert len(arguments.get("description", "")) > 10, name
        assert "type" in arguments, name
        assert not re.search(r"\bany\b", arguments["type"]), name
        nullable = arguments.get("nullable") != "false"
        assert not nullable or "null" in arguments["description"], (
            f"{name}: nullable, and the description does not say what null is"
        )
        assert "0.0.0.0/0" not in arguments.get("default", ""), name
        assert name not in ("create", "enabled"), "the root decides whether the call exists"


@EACH
def test_outputs_are_described(folder: Path) -> None:
    outputs = [block for block in folder_blocks(folder) if block.type == "output"]
    assert all(len(block.arguments.get("description", "")) > 10 for block in outputs)
    assert all("try(" not in block.body for block in outputs), "an output that cannot fail hides an error"


@EACH
def test_every_validation_has_a_run_that_must_fail(folder: Path) -> None:
    failing: Counter[str] = Counter()
    for run in runs_of(folder):
        for names in EXPECTED.findall(run.body):
            failing.update(set(re.findall(r"var\.(\w+)", names)))
    short = {
        block.labels[0]: f"{block.count('validation')} validations, {failing[block.labels[0]]} runs that must fail"
        for block in variables(folder)
        if failing[block.labels[0]] < block.count("validation")
    }
    assert not short, short


@EACH
def test_has_runs_that_pass(folder: Path) -> None:
    assert any("expect_failures" not in run.body and run.count("assert") for run in runs_of(folder))


@EACH
def test_readme_tables_are_those_of_the_code(folder: Path) -> None:
    assert with_tables(folder) == (folder / "README.md").read_text(encoding="utf-8"), "run tools/module_docs.py --write"


@EACH
def test_readme_says_what_it_does_not_do(folder: Path) -> None:
    assert re.search(r"^## Does not$", (folder / "README.md").read_text(encoding="utf-8"), re.MULTILINE)


@EACH
def test_every_checkov_skip_has_a_reason(folder: Path) -> None:
    skips = [found for path in folder.glob("*.tf") for found in SKIP.findall(path.read_text(encoding="utf-8"))]
    assert not [check for check, reason in skips if len(reason.split()) < 4]
