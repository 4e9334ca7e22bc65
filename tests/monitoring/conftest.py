"""Programs and rendered values that the tests of monitoring share."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.monitoring.programs import had
from tests.monitoring.rendered import Monitoring, plan

Finder = Callable[[str, str], Path]


@pytest.fixture(scope="session")
def find() -> Finder:
    """A program of a Debian package; its tests fail in CI, and are skipped elsewhere, when it is unavailable."""

    return had


@pytest.fixture(scope="session")
def promtool(find: Finder) -> Path:
    return find("prometheus", "promtool")


@pytest.fixture(scope="session")
def planned(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Monitoring]:
    """The module called with everything, and with the least."""
    return plan(tmp_path_factory.mktemp("monitoring"))


@pytest.fixture(scope="session")
def monitoring(planned: dict[str, Monitoring]) -> Monitoring:
    return planned["everything"]
