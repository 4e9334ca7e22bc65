"""A server of charts for each test that asks for one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.unit.charts.served import Server, served


@pytest.fixture
def server() -> Iterator[Server]:
    with served() as running:
        yield running
