"""What tests of modules share: one session, with a root for the example of every README."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from groundplan.terraform.offline import OfflineSession, offline_session
from tests.modules.examples import NAMES, example_root, with_callees
from tools.module_docs import MODULES


@pytest.fixture(scope="session")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OfflineSession]:
    """The modules, and beside them a root for each example."""
    top = tmp_path_factory.mktemp("modules")
    shutil.copytree(MODULES, top / "modules")
    for name in NAMES:
        root = top / example_root(name)
        root.mkdir()
        Path(root, "main.tf").write_text(with_callees(name), encoding="utf-8")
    with offline_session(top, [example_root(name) for name in NAMES]) as opened:
        yield opened
