"""Every module's own tests, and the example in its README, through real Terraform without a network."""

from __future__ import annotations

import pytest

from groundplan.hcl.read import parse
from groundplan.terraform.offline import OfflineSession
from tests.modules.examples import NAMES, example_root
from tools.module_docs import MODULES


def test_there_are_modules() -> None:
    assert len(NAMES) >= 8


@pytest.mark.parametrize("name", NAMES)
def test_own_tests_pass(session: OfflineSession, name: str) -> None:
    files = sorted((MODULES / name / "tests").glob("*.tftest.hcl"))
    runs = sum(block.type == "run" for path in files for block in parse(path.read_text("utf-8"), path.name).blocks)
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
