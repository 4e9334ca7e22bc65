"""What every Terraform module has, and what none may hold. Nothing here runs Terraform; `tests/modules/` does."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest

from groundplan.hcl.blocks import Block
from groundplan.hcl.read import parse, read_folder
from tools.module_docs import MODULES, module_folders, one_line, with_tables

FOLDERS = module_folders()
EACH = pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.relative_to(MODULES).as_posix())

MOST_VARIABLES = 13
MORE_VARIABLES = {
    "aws/cluster": (14, "who is let in beside administrators, of an environment with a pipeline"),
    "aws/database": (14, "the boundary of roles, which a role of each module takes alike"),
    "aws/mlflow_serverless": (14, "the boundary of roles, which a role of each module takes alike"),
    "aws/node_pool": (14, "the boundary of roles, which a role of each module takes alike"),
    "gcp/cluster": (17, "GKE wants region, zones, location and channel said, where EKS takes them from elsewhere"),
    "gcp/database": (14, "as on AWS, and labels that the provider's default_labels do not reach"),
    "gcp/mlflow_serverless": (14, "whether its account is there, of an environment with a pipeline"),
    "kubernetes/monitoring": (14, "what clouds do in their own ways is one input more"),
}
"""Modules with more inputs than that: exactly how many, and why."""
SKIP = re.compile(r"checkov:skip=([\w]+)(?::(.*))?$", re.MULTILINE)


def runs_of(folder: Path) -> list[Block]:
    """The runs of all test files of a module."""
    files = sorted((folder / "tests").glob("*.tftest.hcl"))
    found = [block for path in files for block in parse(path.read_text(encoding="utf-8"), path.name).blocks]
    return [block for block in found if block.type == "run"]


def variables(folder: Path) -> list[Block]:
    return [block for block in read_folder(folder) if block.type == "variable"]


def count(block: Block, inner: str) -> int:
    """How many blocks of a type stand directly inside."""
    return sum(one.type == inner for one in block.blocks)


def texts(block: Block) -> dict[str, str]:
    """The values of a block's arguments, each on one line."""
    return {name: one_line(attribute.value) for name, attribute in block.attributes.items()}


def test_modules_are_found() -> None:
    assert len(FOLDERS) >= 10


@EACH
def test_has_the_files_of_a_module(folder: Path) -> None:
    missing = [name for name in ("README.md", "variables.tf", "outputs.tf") if not (folder / name).is_file()]
    assert not missing
    blocks = read_folder(folder)
    stray = {block.type for block in blocks}
    assert stray <= {
        "resource",
        "data",
        "ephemeral",
        "locals",
        "module",
        "moved",
        "output",
        "removed",
        "terraform",
        "variable",
        "check",
    }
    declared_elsewhere = [
        block.place.file
        for block in blocks
        if block.type in ("variable", "output") and block.place.file != f"{block.type}s.tf"
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
        arguments = texts(block)
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
    outputs = [texts(block) for block in read_folder(folder) if block.type == "output"]
    assert all(len(output.get("description", "")) > 10 for output in outputs)
    assert all("try(" not in text for output in outputs for text in output.values()), (
        "an output that cannot fail hides an error"
    )


@EACH
def test_every_validation_has_a_run_that_must_fail(folder: Path) -> None:
    failing: Counter[str] = Counter()
    for run in runs_of(folder):
        if expected := run.attributes.get("expect_failures"):
            failing.update(set(re.findall(r"var\.(\w+)", expected.value)))
    short = {
        block.labels[0]: f"{count(block, 'validation')} validations, {failing[block.labels[0]]} runs that must fail"
        for block in variables(folder)
        if failing[block.labels[0]] < count(block, "validation")
    }
    assert not short, short


@EACH
def test_has_runs_that_pass(folder: Path) -> None:
    assert any("expect_failures" not in run.attributes and count(run, "assert") for run in runs_of(folder))


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
