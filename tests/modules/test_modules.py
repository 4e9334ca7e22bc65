"""Every module's own tests, and the example in its README, through real Terraform without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from groundplan.terraform.offline import OfflineSession, offline_session
from tools.module_docs import MODULES, blocks, module_folders

NAMES = [folder.relative_to(MODULES).as_posix() for folder in module_folders()]
EXAMPLE = re.compile(r"^```hcl\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALLED = re.compile(r"\bmodule\.(\w+)")


def example_of(name: str) -> str:
    """The first HCL block of a module's README."""
    found = EXAMPLE.search((MODULES / name / "README.md").read_text(encoding="utf-8"))
    assert found, f"modules/{name}/README.md has no example"
    return found[1]


def with_callees(name: str, examples: dict[str, str]) -> str:
    """A module's example together with those examples that define the modules it refers to."""
    by_label = {block.labels[0]: text for text in examples.values() for block in blocks(text) if block.type == "module"}
    parts = {examples[name]: None}
    for text in (pending := [examples[name]]):
        for label in CALLED.findall(text):
            other = by_label.get(label)
            assert other, f"modules/{name}/README.md refers to module.{label}, which no README defines"
            if other not in parts:
                parts[other] = None
                pending.append(other)
    return "\n".join(parts)


def example_root(name: str) -> str:
    return f"example-{name.replace('/', '-')}"


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineSession]:
    """One session for all: the modules, and beside them a root for each README example."""
    top = tmp_path_factory.mktemp("modules")
    shutil.copytree(MODULES, top / "modules")
    examples = {name: example_of(name) for name in NAMES if (MODULES / name / "README.md").is_file()}
    for name in examples:
        (top / example_root(name)).mkdir()
        (top / example_root(name) / "main.tf").write_text(with_callees(name, examples), encoding="utf-8")
    with offline_session(top, [example_root(name) for name in examples]) as opened:
        yield opened


def test_there_are_modules() -> None:
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_own_tests_pass(session: OfflineSession, name: str) -> None:
    files = sorted((MODULES / name / "tests").glob("*.tftest.hcl"))
    runs = sum(block.type == "run" for path in files for block in blocks(path.read_text(encoding="utf-8")))
    assert runs > 0
    result = session.test(f"modules/{name}")
    assert result.ok, "\n".join(f"{d.place}: {d.message}\n{d.hint or ''}" for d in result.diagnostics)
    assert (result.passed, result.failed, result.errored, result.skipped) == (runs, 0, 0, 0)


@pytest.mark.parametrize("name", NAMES)
def test_readme_example_plans(session: OfflineSession, name: str) -> None:
    assert (MODULES / name / "README.md").is_file()
    result = session.plan(example_root(name))
    assert result.ok, "\n".join(f"{d.place}: {d.message}\n{d.hint or ''}" for d in result.diagnostics)
    assert result.plan is not None
    assert any(
        resource["address"].startswith("module.") for resource in result.plan["resource_changes"]
    ) or name.endswith("/existing_network")
