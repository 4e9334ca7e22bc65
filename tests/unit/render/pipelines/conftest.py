"""A repository that is rendered once; tests that change it take a copy."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from groundplan.cli import run
from tests.unit.render.pipelines.repository import repository


@pytest.fixture(scope="session")
def _rendered(tmp_path_factory: pytest.TempPathFactory) -> Path:
    top = repository(tmp_path_factory.mktemp("pipelines") / "infra")
    assert run(["pipelines", str(top)]) == 0
    return top


@pytest.fixture
def top(_rendered: Path, tmp_path: Path) -> Path:
    """With its pipelines, which are not committed."""
    return Path(shutil.copytree(_rendered, tmp_path / "infra"))
