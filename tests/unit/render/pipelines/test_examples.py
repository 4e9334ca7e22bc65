"""The pipelines that lie in environments/, for the three environments of one team."""

from __future__ import annotations

import pytest

from groundplan.cli import run
from groundplan.environment.apart import read_owners
from tests.architecture.sources import REPOSITORY
from tests.unit.render.pipelines.systems import against_schemas, audited

TOP = REPOSITORY / "environments"


def test_they_are_what_the_specs_say(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["pipelines", str(TOP), "--check"]) == 0, "run `make render-environments`"
    assert "fraud-dev, fraud-prod, fraud-prod-gcp" in capsys.readouterr().out


def test_each_system_has_every_environment() -> None:
    names = {f"fraud-{path.parent.name}" for path in TOP.glob("*/groundplan.yaml")}
    files = set(read_owners(TOP).files)
    assert {f".github/workflows/groundplan-{name}.yml" for name in names} < files
    assert {f".gitlab/groundplan/{name}.yml" for name in names} < files
    text = (TOP / "Jenkinsfile").read_text(encoding="utf-8")
    assert {name for name in names if f"groundplan-{name}" in text} == names


def test_the_systems_own_tools_find_nothing() -> None:
    assert audited(TOP / ".github") == (0, [])
    assert against_schemas(TOP) == ""


def test_the_owners_of_the_files_lie_beside_them() -> None:
    assert all((TOP / name).is_file() for name in read_owners(TOP).files)
