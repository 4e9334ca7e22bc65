"""Every module's own tests, and the example in its README, through real Terraform without a network."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator

import pytest

from groundplan.terraform.offline import OfflineSession, offline_session
from tools.module_docs import MODULES, blocks, folder_blocks, module_folders

NAMES = [folder.relative_to(MODULES).as_posix() for folder in module_folders()]
EXAMPLE = re.compile(r"^```hcl\n(.*?)^```$", re.MULTILINE | re.DOTALL)
CALL = re.compile(r'^module "(?P<label>\w+)" \{\n.*?^\}$', re.MULTILINE | re.DOTALL)
REFERENCE = re.compile(r"\bmodule\.(?P<label>\w+)\.(?P<output>\w+)")


def example_of(name: str) -> str:
    """The first HCL block of a module's README."""
    found = EXAMPLE.search((MODULES / name / "README.md").read_text(encoding="utf-8"))
    assert found, f"modules/{name}/README.md has no example"
    return found[1]


def neighbours(name: str) -> list[str]:
    """Modules whose examples the one of `name` may refer to: its cloud's (AWS's for one of any cloud), those of any."""
    cloud = name.partition("/")[0]
    clouds = {"kubernetes", "aws" if cloud == "kubernetes" else cloud}
    return [other for other in NAMES if other.partition("/")[0] in clouds]


def with_callees(name: str) -> str:
    """A module's example and the calls it refers to, taken from other examples.

    `module.pool_system.node_pool` is defined by the example that calls its module `pool_system`, or else by the
    example of the module that has an output `node_pool`, under that name.
    """
    others = neighbours(name)
    calls = {call["label"]: call[0] for other in others for call in CALL.finditer(example_of(other))}
    by_output = {
        block.labels[0]: CALL.sub(lambda call: call[0].replace(call["label"], "{label}", 1), example_of(other))
        for other in reversed(others)
        for block in folder_blocks(MODULES / other)
        if block.type == "output"
    }
    parts = [example_of(name)]
    defined = {call["label"] for call in CALL.finditer(parts[0])}
    for text in parts:
        for reference in REFERENCE.finditer(text):
            label, output = reference["label"], reference["output"]
            if label not in defined:
                assert label in calls or output in by_output, f"modules/{name}: nothing defines {reference[0]}"
                parts.append(calls.get(label) or by_output[output].replace("{label}", label, 1))
                defined.add(label)
    return "\n".join(parts)


def example_root(name: str) -> str:
    return f"example-{name.replace('/', '-')}"


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineSession]:
    """One session for all: the modules, and beside them a root for each README example."""
    top = tmp_path_factory.mktemp("modules")
    shutil.copytree(MODULES, top / "modules")
    for name in NAMES:
        (top / example_root(name)).mkdir()
        (top / example_root(name) / "main.tf").write_text(with_callees(name), encoding="utf-8")
    with offline_session(top, [example_root(name) for name in NAMES]) as opened:
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
    result = session.plan(example_root(name))
    assert result.ok, "\n".join(f"{d.place}: {d.message}\n{d.hint or ''}" for d in result.diagnostics)
    assert result.plan is not None
    read = result.plan.get("prior_state", {}).get("values", {}).get("root_module", {}).get("child_modules", ())
    assert result.plan.get("resource_changes") or read, "the example neither makes nor reads anything"
